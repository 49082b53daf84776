"""Full speed, and then silence: whatever is killed above, every body with wheels stands by itself."""

import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from geometry_msgs.msg import Twist

from nodes.base import graph
from tests.bodies.bodies import BODIES, SILENCE_S, Body
from tests.bodies.conftest import Processes, Stack

_SPEED = 0.45
_OF_THE_STACK = ("motion", "safety", "dialogue")
_WAY_S = 0.35
"""From a killed process over body and driver to odometry that says so, on a busy machine."""


class Home:
    """A body, and the nodes above it that have to do with moving."""

    def __init__(self, body: Body, processes: Processes) -> None:
        self.body, self._processes = body, processes
        processes.body(body)
        self.nodes = {name: self._start(name) for name in _OF_THE_STACK}
        self.peer = Stack(commands=False)
        self._wanted = self.peer.publisher(graph.CMD_VEL_REQUEST)
        self.diagnostics = self.peer.listen(graph.DIAGNOSTICS)
        self._way = 1.0

    def _start(self, name: str) -> Any:
        return self._processes.start(f"nodes.{name}.node")

    def ready(self) -> bool:
        well = {status.name for each in self.diagnostics for status in each.status if status.message != "starting"}
        return set(_OF_THE_STACK) <= well and bool(self.peer.odometry)

    def turn_round(self) -> None:
        """The next way leads back: the simulated lounge is not long."""
        self._way = -self._way

    def fast(self) -> bool:
        """Ask for full speed, in motion's place and at its pace; whether the body goes at it."""
        message = Twist()
        message.linear.x = 0.5 * self._way
        self._wanted.publish(message)
        self.peer.spin_for(0.05)
        return bool(self.peer.odometry) and self.peer.odometry[-1].twist.twist.linear.x * self._way >= _SPEED

    def kill(self, name: str) -> None:
        self.nodes[name].send_signal(signal.SIGKILL)
        self.nodes[name].wait(5.0)


@pytest.fixture(params=[body for body in BODIES if body.has("cmd_vel")], ids=lambda body: body.name)
def home(request: pytest.FixtureRequest, processes: Processes) -> Iterator[Home]:
    made = Home(request.param, processes)
    try:
        made.peer.until(lambda: made.peer.connected(request.param), "the body's topics")
        made.peer.fault("clear")  # nothing in the driver's way: safety would slow down
        made.peer.until(made.ready, "body, motion, safety and dialogue")
        yield made
    finally:
        made.peer.close()


def _stands(home: Home, within_s: float) -> None:
    peer, since = home.peer, time.monotonic()
    peer.until(lambda: peer.odometry[-1].twist.twist.linear.x == 0.0, "standstill")
    assert time.monotonic() - since < within_s
    peer.spin_for(2 * SILENCE_S)  # a last command may still have been on its way, and counts for as long as any
    stood = peer.odometry[-1].pose.pose.position
    peer.spin_for(0.4)
    there = peer.odometry[-1].pose.pose.position
    assert (there.x, there.y) == (stood.x, stood.y)  # and it stays there


def test_it_stands_whoever_is_killed_at_full_speed(home: Home) -> None:
    home.peer.until(home.fast, "full speed")
    home.kill("motion")
    home.kill("dialogue")
    # Whoever asked has died. Safety waits 200 ms for the next request; the body's own silence may come after it.
    _stands(home, 0.2 + SILENCE_S + _WAY_S)

    home.turn_round()
    home.peer.until(home.fast, "full speed, the other way")
    home.kill("safety")
    _stands(home, SILENCE_S + _WAY_S)
