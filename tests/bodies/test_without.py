"""What the stack does when a body lacks an optional part: each `without` of launch/body.yaml is tried."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from geometry_msgs.msg import Twist
from kith_msgs.action import Approach, Gesture, GoTo
from kith_msgs.msg import Playback
from nav_msgs.msg import Odometry
from rclpy.action import ActionClient

from nodes.base import graph
from tests.bodies.bodies import CONTRACT, TOPICS
from tests.bodies.conftest import Processes, Stack


class Bare:
    """Motion, safety and hearing over a body that has nothing."""

    def __init__(self, processes: Processes) -> None:
        for module in ("nodes.motion.node", "nodes.safety.node", "nodes.asr.node"):
            processes.start(module)
        self.peer = Stack(commands=False)
        self.diagnostics = self.peer.listen(graph.DIAGNOSTICS)
        self.velocities = self.peer.listen(graph.CMD_VEL)

    def health(self, node: str) -> str:
        """What a node says of itself."""
        told = (status for each in reversed(self.diagnostics) for status in each.status)
        return next((status.message for status in told if status.name == node), "")

    def outcome(self, action: graph.Action, goal: Any) -> Any:
        """How a goal ends."""
        client = ActionClient(self.peer.node, action.type, action.name)
        self.peer.until(client.server_is_ready, action.name)
        sent = client.send_goal_async(goal)
        self.peer.until(sent.done, f"an answer of {action.name}")
        result = sent.result().get_result_async()
        self.peer.until(result.done, f"the end of {action.name}")
        client.destroy()
        return result.result().result

    def drives(self) -> bool:
        """Whether safety lets a request through."""
        wanted = Twist()
        wanted.linear.x = 0.2
        request = self.peer.publisher(graph.CMD_VEL_REQUEST)
        odom = self.peer.publisher(graph.ODOM)
        deadline = time.monotonic() + 6.0
        self.velocities.clear()
        while time.monotonic() < deadline and not any(each.linear.x > 0.0 for each in self.velocities):
            standing = Odometry()
            standing.pose.pose.orientation.w = 1.0
            odom.publish(standing)
            request.publish(wanted)
            self.peer.spin_for(0.05)
        return any(each.linear.x > 0.0 for each in self.velocities)


@pytest.fixture(scope="module")
def bare(domain: int) -> Iterator[Bare]:
    processes = Processes()
    made = Bare(processes)
    yield made
    made.peer.close()
    processes.end()


def _cmd_vel(bare: Bare) -> None:
    goal = GoTo.Goal()
    goal.pose.header.frame_id = "odom"
    goal.pose.pose.position.x, goal.pose.pose.orientation.w = 2.0, 1.0
    bare.peer.spin_for(0.6)  # whatever told an odometry before has fallen silent
    for action, asked in ((graph.GO_TO, goal), (graph.APPROACH, Approach.Goal(person_id="hanna"))):
        refused = bare.outcome(action, asked)
        assert not refused.success
        assert refused.message


def _joint_targets(bare: Bare) -> None:
    refused = bare.outcome(graph.GESTURE, Gesture.Goal(name="wave"))
    assert not refused.success
    assert refused.message


def _audio_in(bare: Bare) -> None:
    bare.peer.until(lambda: "audio_in" in bare.health("asr"), "health says that nothing is heard")


def _safety_goes_on(bare: Bare) -> None:
    """Bumper, cliff, touch and battery that nobody tells are no reason to stand, and none to fall over."""
    assert bare.drives()


def _nothing_hangs(bare: Bare) -> None:
    """Nothing above waits for it: the nodes are up and say so."""
    bare.peer.until(lambda: bare.health("motion") and bare.health("safety"), "motion and safety are up")


_TRIED: dict[str, Callable[[Bare], None]] = {
    "audio_in": _audio_in,
    "cmd_vel": _cmd_vel,
    "joint_targets": _joint_targets,
    "bumper": _safety_goes_on,
    "cliff": _safety_goes_on,
    "touch": _safety_goes_on,
    "battery_state": _safety_goes_on,
    "hand_touch": _nothing_hangs,
    "scan": _nothing_hangs,
    "camera_image": _nothing_hangs,
    "tf": _nothing_hangs,
    "dock": _nothing_hangs,
    "undock": _nothing_hangs,
}
_ELSEWHERE = {"audio_out"}  # below: without devices


def test_every_optional_part_says_what_happens_without_it_and_is_tried() -> None:
    parts = {**TOPICS, **CONTRACT["actions"]}
    optional = {name for name, part in parts.items() if part["optional"]}
    assert all(parts[name]["without"] for name in optional)
    assert optional == set(_TRIED) | _ELSEWHERE
    known = {*parts}
    for name, body in CONTRACT["bodies"].items():
        assert set(body["lacks"]) <= optional & known, name


@pytest.mark.parametrize("part", sorted(_TRIED))
def test_without_it_the_stack_does_what_the_contract_says(bare: Bare, part: str) -> None:
    _TRIED[part](bare)


def test_without_a_loudspeaker_every_utterance_is_answered_at_once(processes: Processes) -> None:
    processes.start("tests.bodies.fakes.base")
    processes.start("nodes.body.generic", microphone="no-such-device", loudspeaker="no-such-device")
    peer = Stack()
    try:
        diagnostics = peer.listen(graph.DIAGNOSTICS)
        peer.until(lambda: peer.odometry and peer._out.get_subscription_count(), "the body")
        peer.send("u1", 0.1)
        peer.until(lambda: peer.played("u1"), "an answer")
        assert peer.played("u1")[0].state == Playback.STOPPED
        peer.until(
            lambda: any("no loudspeaker called 'no-such-device'" in m.status[0].message for m in diagnostics),
            "it says so",
        )
        assert isinstance(peer.odometry[-1], Odometry)  # the wheels are not concerned
    finally:
        peer.close()
