"""Processes of the bench: nodes that follow a resident, and one that edits and waits until all of them have it.

`follow N` follows and says on a topic which change it holds; `write EDITS FOLLOWERS` edits and prints seconds per edit.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import rclpy
from kith_msgs import srv
from rclpy._rclpy_pybind11 import RCLError
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from std_msgs.msg import String

from culture_profiles.fact import Fact, make_fact
from culture_profiles.profile import Profile
from nodes.base import graph, qos
from nodes.base.node import KithNode
from nodes.base.profile_client import ProfileClient
from nodes.base.profile_messages import fact_to_msg
from nodes.base.settings import Settings

_HELD = graph.Topic("/bench/held", String, qos.EVENT)
_RESIDENT = "r1"
_WITHIN_S = 20.0


class Follower(KithNode[Settings]):
    """Holds one resident, and says so with each change."""

    name = "bench_follower"
    settings_type = Settings

    def configure(self) -> None:
        """Follow."""
        self._held = self.publisher(_HELD)
        self._profiles = ProfileClient(self, self._on_change)
        self._profiles.follow(_RESIDENT)
        self.every(0.2, self._repeat, steady=True)

    def _on_change(self, profile: Profile, _: Fact | None) -> None:
        self._held.publish(String(data=f"{self.get_name()} {profile.sequence}"))

    def _repeat(self) -> None:
        profile = self._profiles.profile(_RESIDENT)
        if profile is not None:
            self._on_change(profile, None)


class Writer(KithNode[Settings]):
    """Edits, and hears who holds which change."""

    name = "bench_writer"
    settings_type = Settings

    def configure(self) -> None:
        """Listen."""
        self.holds: dict[str, int] = {}
        self.writes = self.client(graph.SET_FACT)
        self.subscription(_HELD, self._on_held)

    def _on_held(self, message: Any) -> None:
        name, sequence = message.data.split()
        self.holds[name] = max(int(sequence), self.holds.get(name, 0))


def _follow(number: str) -> None:
    rclpy.init(args=["--ros-args", "-r", f"__node:=bench_follower{number}", "--disable-external-lib-logs"])
    node, executor = Follower(), SingleThreadedExecutor()
    executor.add_node(node)
    node.start()
    with suppress(ExternalShutdownException, RCLError):  # the bench ends it while it waits
        executor.spin()


def _write(edits: int, followers: int) -> None:
    rclpy.init(args=["--ros-args", "--disable-external-lib-logs"])
    node, executor = Writer(), SingleThreadedExecutor()
    executor.add_node(node)
    node.start()

    def until(true: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _WITHIN_S
        while not true():
            if time.monotonic() > deadline:
                sys.exit(f"{what}: not within {_WITHIN_S:.0f} s")
            executor.spin_once(timeout_sec=0.05)

    until(lambda: len(node.holds) == followers and node.writes.service_is_ready(), "followers")
    for number in range(-5, edits):
        fact = make_fact(
            resident_id=_RESIDENT,
            key="address.form",
            value=f"form {number}",
            source="resident",
            status="stated",
            when=datetime.now(UTC),
        )
        began = time.perf_counter()
        call = node.writes.call_async(srv.SetFact.Request(fact=fact_to_msg(fact)))
        until(call.done, "answer")
        answer = call.result()
        if not answer.success:
            sys.exit(answer.message)
        sequence = answer.stored.sequence
        until(lambda wanted=sequence: all(held >= wanted for held in node.holds.values()), "edit")  # type: ignore[misc]
        if number >= 0:  # the first ones meet caches and discovery
            print(time.perf_counter() - began)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["follow", number]:
            _follow(number)
        case ["write", edits, followers]:
            _write(int(edits), int(followers))
