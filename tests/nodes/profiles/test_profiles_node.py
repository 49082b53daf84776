"""The real profiles node, over real ROS."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rclpy
from kith_msgs import msg, srv
from rclpy.executors import SingleThreadedExecutor

from culture_profiles.fact import Fact, make_fact
from culture_profiles.profile import Profile
from culture_profiles.store import ProfileStore
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.base.profile_client import ProfileClient
from nodes.base.profile_messages import fact_from_msg, fact_to_msg, profile_from_snapshot_msg
from nodes.base.settings import Settings
from nodes.profiles.register import store_path

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("ros_domain")

DEADLINE_S = 20.0


class NodeProcess:
    """`nodes.profiles.node` as launch starts it."""

    def __init__(self, home: Path) -> None:
        self._command = [
            *(sys.executable, "-m", "nodes.profiles.node", "--ros-args"),
            *("-p", f"home_dir:={home}"),
        ]
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=DEADLINE_S)

    def restart(self) -> None:
        self.process = self._start()

    def stop(self) -> tuple[int, str]:
        self.process.terminate()
        _, said = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, said


@contextmanager
def profiles_node(home: Path) -> Iterator[NodeProcess]:
    node = NodeProcess(home)
    try:
        yield node
    finally:
        if node.process.poll() is None:
            node.kill()


class Peer:
    """Spins nodes of the test until something is true."""

    def __init__(self) -> None:
        rclpy.init()
        self.executor = SingleThreadedExecutor()

    def until(self, true: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + DEADLINE_S
        while not (result := true()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not within {DEADLINE_S:.0f} s")
            self.executor.spin_once(timeout_sec=0.05)
        return result

    def call(self, client: Any, request: Any) -> Any:
        self.until(client.service_is_ready, f"service {client.srv_name}")
        answers = []

        def answered() -> bool:
            # An answer can get lost while both sides discover each other: ask again, as the real clients do.
            if not answers or time.monotonic() > answers[-1][0] + 2.0:
                answers.append((time.monotonic(), client.call_async(request)))
            return any(future.done() for _, future in answers)

        self.until(answered, f"answer of {client.srv_name}")
        return next(future.result() for _, future in answers if future.done())

    def close(self) -> None:
        self.executor.shutdown(timeout_sec=1.0)
        rclpy.try_shutdown()


def fact(key: str, value: str, source: str = "carer", status: str = "stated", resident: str = "hanna") -> Fact:
    return make_fact(resident_id=resident, key=key, value=value, source=source, status=status, when=NOW)


class Follower(KithNode[Settings]):
    """A node as dialogue is one: it follows residents through a ProfileClient."""

    name = "follower"
    settings_type = Settings

    def configure(self) -> None:
        self.seen: list[tuple[Profile, Fact | None]] = []
        self.raised: list[Any] = []
        self.profiles = ProfileClient(self, lambda profile, change: self.seen.append((profile, change)))
        self.set_fact = self.client(graph.SET_FACT)
        self.get_snapshot = self.client(graph.GET_SNAPSHOT)
        self.get_history = self.client(graph.GET_HISTORY)
        self.list_residents = self.client(graph.LIST_RESIDENTS)


@pytest.fixture
def node(home_dir: Path) -> Iterator[NodeProcess]:
    with ProfileStore(store_path(home_dir)) as store:
        store.set_fact(fact("name.full", "Hanna Kowalska"))
        store.set_fact(fact("address.form", "Mrs Kowalska"))
    with profiles_node(home_dir) as process:
        yield process


@pytest.fixture
def peer(node: NodeProcess) -> Iterator[Peer]:
    made = Peer()
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def follower(peer: Peer) -> Iterator[Follower]:
    made = Follower()
    peer.executor.add_node(made)
    made.start()
    try:
        yield made
    finally:
        made.stop()
        made.destroy_node()


def write(peer: Peer, follower: Follower, new: Fact) -> Any:
    return peer.call(follower.set_fact, srv.SetFact.Request(fact=fact_to_msg(new)))


def test_an_edit_reaches_a_node_that_follows_the_resident(peer: Peer, follower: Follower) -> None:
    follower.profiles.follow("hanna")
    peer.until(lambda: follower.profiles.profile("hanna"), "the snapshot")
    assert follower.profiles.profile("hanna").value("address.form") == "Mrs Kowalska"  # type: ignore[union-attr]

    answer = write(peer, follower, fact("address.form", "pani Hanno", source="resident"))
    assert answer.success, answer.message
    assert answer.stored.sequence == 3

    peer.until(lambda: follower.seen[-1][1], "the change")
    profile, change = follower.seen[-1]
    assert profile.value("address.form") == "pani Hanno"
    assert change == fact_from_msg(answer.stored)


def test_a_killed_node_comes_back_and_the_numbers_go_on(node: NodeProcess, peer: Peer, follower: Follower) -> None:
    follower.profiles.follow("hanna")
    peer.until(lambda: follower.profiles.profile("hanna"), "the snapshot")
    before = write(peer, follower, fact("food.disliked", "eggs", source="resident")).stored.sequence
    peer.until(lambda: follower.profiles.profile("hanna").sequence == before, "the change")  # type: ignore[union-attr]

    node.kill()
    node.restart()

    def kept() -> int:
        future = follower.profiles.set_fact(fact("food.disliked", "liver", source="resident"))
        peer.until(future.done, "an answer or a refusal")
        return 0 if future.exception() else future.result().sequence

    after = peer.until(kept, "a write after the restart")
    assert after > before
    peer.until(lambda: follower.profiles.profile("hanna").sequence >= after, "the change")  # type: ignore[union-attr]
    snapshot = peer.call(follower.get_snapshot, srv.GetSnapshot.Request(resident_id="hanna")).snapshot
    assert set(profile_from_snapshot_msg(snapshot).values("food.disliked")) == {"eggs", "liver"}
    assert follower.profiles.profile("hanna") == profile_from_snapshot_msg(snapshot)


def test_history_and_list_show_what_was_kept(peer: Peer, follower: Follower) -> None:
    write(peer, follower, fact("address.form", "pani Hanno", source="resident"))
    history = peer.call(follower.get_history, srv.GetHistory.Request(resident_id="hanna", key="address.form"))
    assert [entry.value for entry in history.facts] == ["Mrs Kowalska", "pani Hanno"]
    residents = peer.call(follower.list_residents, srv.ListResidents.Request())
    assert dict(zip(residents.resident_ids, residents.names, strict=True)) == {"hanna": "Hanna Kowalska"}


def test_a_write_asked_for_twice_is_one_write(peer: Peer, follower: Follower) -> None:
    said = fact("food.disliked", "eggs", source="resident")
    stored = write(peer, follower, said).stored
    assert write(peer, follower, said).stored == stored
    again = said.model_copy(update={"when": NOW.replace(hour=9)})
    assert write(peer, follower, again).stored.sequence == stored.sequence + 1


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (msg.Fact(resident_id="nobody", key="food.liked", value="tea", source=2, status=2), "no such resident"),
        (msg.Fact(resident_id="hanna", key="food.likd", value="tea", source=2, status=2), "did you mean food.liked?"),
        (msg.Fact(resident_id="hanna", key="speech.rate", value="soon", source=3, status=2), "slow, normal, fast"),
        (msg.Fact(resident_id="hanna", key="food.liked", value="x" * 1_000_000, source=2, status=2), "value: "),
        (msg.Fact(resident_id="hanna", key="food.liked", value="te\x07a", source=2, status=2), "control characters"),
        (msg.Fact(resident_id="hanna", key="food.liked", value="tea", source=9, status=2), "source: "),
    ],
)
def test_bad_input_is_refused_in_one_line(peer: Peer, follower: Follower, bad: Any, told: str) -> None:
    answer = peer.call(follower.set_fact, srv.SetFact.Request(fact=bad))
    assert not answer.success
    assert told in answer.message
    assert "\n" not in answer.message and len(answer.message) < 200
    assert peer.call(follower.get_snapshot, srv.GetSnapshot.Request(resident_id="hanna")).snapshot.sequence == 2


def test_a_word_on_a_safety_key_becomes_an_alert_for_staff(peer: Peer, follower: Follower) -> None:
    answer = write(peer, follower, fact("safety.allergy", "no nut allergy", source="resident"))
    assert not answer.success
    assert "staff" in answer.message

    def take(request: Any, response: Any) -> Any:
        follower.raised.append(request.alert)
        response.stored = True
        return response

    follower.service(graph.RAISE_ALERT, take)
    peer.until(lambda: follower.raised, "the alert")
    alert = follower.raised[0]
    assert (alert.kind, alert.resident_id) == ("question", "hanna")
    assert "nut" not in alert.text  # alerts may show on shared screens


def test_a_store_of_a_newer_version_is_told_in_the_diagnostics(home_dir: Path) -> None:
    with ProfileStore(store_path(home_dir)) as store:
        store._db.execute("PRAGMA user_version = 99")
    with profiles_node(home_dir):
        peer = Peer()
        listener = rclpy_node(peer)
        try:
            said: list[str] = []
            listener.create_subscription(
                graph.DIAGNOSTICS.type,
                graph.DIAGNOSTICS.name,
                lambda got: said.extend(status.message for status in got.status),
                graph.DIAGNOSTICS.qos,
            )
            peer.until(lambda: any("newer version" in line for line in said), "the diagnostics")
        finally:
            listener.destroy_node()
            peer.close()


def test_it_stops_cleanly_and_tells_no_personal_data(node: NodeProcess, peer: Peer, follower: Follower) -> None:
    write(peer, follower, fact("food.disliked", "aubergine", source="resident"))
    code, said = node.stop()
    assert code == 0
    assert "aubergine" not in said and "Kowalska" not in said
    assert "Traceback" not in said


def rclpy_node(peer: Peer) -> Any:
    made = rclpy.create_node("listener")
    peer.executor.add_node(made)
    return made
