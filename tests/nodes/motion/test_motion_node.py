"""The real node: travel on odometry, cancelling, gestures, plain refusals."""

import math
from typing import Any

import pytest
from geometry_msgs.msg import Pose, PoseStamped, Quaternion, Twist
from kith_msgs.action import Approach, Gesture, GoTo
from nav_msgs.msg import Odometry
from rclpy.action import ActionClient

from nodes.base import graph

MOTION = "nodes.motion.node"


class Base:
    """Wheels that do what they are told, and say where they are."""

    def __init__(self, peer: Any) -> None:
        self.x = self.y = self.heading = 0.0
        self.free = True
        self.speaks = True
        self.requests = peer.listen(graph.CMD_VEL_REQUEST)
        self._odom = peer.publisher(graph.ODOM)
        peer.node.create_timer(0.05, self._tick)

    def _tick(self) -> None:
        wanted = self.requests[-1] if self.requests else Twist()
        if self.free:
            self.heading += wanted.angular.z * 0.05
            self.x += wanted.linear.x * math.cos(self.heading) * 0.05
            self.y += wanted.linear.x * math.sin(self.heading) * 0.05
        if self.speaks:
            odom = Odometry()
            odom.pose.pose.position.x, odom.pose.pose.position.y = self.x, self.y
            odom.pose.pose.orientation = Quaternion(z=math.sin(self.heading / 2), w=math.cos(self.heading / 2))
            self._odom.publish(odom)


class Asker:
    def __init__(self, peer: Any) -> None:
        self.peer = peer
        self.feedback: list[Any] = []
        self._clients: dict[str, ActionClient] = {}

    def send(self, action: graph.Action, goal: Any) -> Any:
        if action.name not in self._clients:
            self._clients[action.name] = ActionClient(self.peer.node, action.type, action.name)
        client = self._clients[action.name]
        self.peer.until(client.server_is_ready, action.name)
        sent = client.send_goal_async(goal, lambda message: self.feedback.append(message.feedback))
        self.peer.until(sent.done, "acceptance")
        return sent.result()

    def result(self, handle: Any) -> Any:
        got = handle.get_result_async()
        self.peer.until(got.done, "the result")
        return got.result().result

    def ask(self, action: graph.Action, goal: Any) -> Any:
        return self.result(self.send(action, goal))


@pytest.fixture
def base(peer: Any) -> Base:
    return Base(peer)


@pytest.fixture
def asker(peer: Any) -> Asker:
    return Asker(peer)


def _to(x: float, y: float, frame: str = "odom") -> GoTo.Goal:
    made = GoTo.Goal(pose=PoseStamped(pose=Pose(orientation=Quaternion(w=1.0))))
    made.pose.header.frame_id = frame
    made.pose.pose.position.x, made.pose.pose.position.y = x, y
    return made


def test_it_travels_and_says_how_far_it_still_is(run_node: Any, peer: Any, base: Base, asker: Asker) -> None:
    run_node(MOTION)
    peer.spin_for(1.5)
    result = asker.ask(graph.GO_TO, _to(0.6, 0.3))
    assert (result.success, result.message) == (True, "")
    assert math.hypot(base.x - 0.6, base.y - 0.3) < 0.2
    assert asker.feedback[0].remaining_m > asker.feedback[-1].remaining_m
    peer.spin_for(0.2)
    assert base.requests[-1] == Twist()


def test_cancelling_stands_still_at_once(run_node: Any, peer: Any, base: Base, asker: Asker) -> None:
    run_node(MOTION)
    peer.spin_for(1.5)
    handle = asker.send(graph.GO_TO, _to(5.0, 0.0))
    peer.until(lambda: base.x > 0.1, "travelling")
    peer.until(handle.cancel_goal_async().done, "the cancelling")
    result = asker.result(handle)
    assert (result.success, result.message) == (False, "cancelled")
    peer.spin_for(0.2)
    assert base.requests[-1] == Twist()


def test_a_new_journey_takes_over(run_node: Any, peer: Any, base: Base, asker: Asker) -> None:
    run_node(MOTION)
    peer.spin_for(1.5)
    first = asker.send(graph.GO_TO, _to(5.0, 0.0))
    second = asker.send(graph.GO_TO, _to(0.4, 0.0))
    assert "took over" in asker.result(first).message
    assert asker.result(second).success


def test_it_gives_up_when_something_is_in_the_way(run_node: Any, peer: Any, base: Base, asker: Asker) -> None:
    run_node(MOTION, give_up_after_s=1.5)
    base.free = False
    peer.spin_for(1.5)
    result = asker.ask(graph.GO_TO, _to(1.0, 0.0))
    assert not result.success
    assert "in the way" in result.message


def test_it_stands_when_odometry_ends(run_node: Any, peer: Any, base: Base, asker: Asker) -> None:
    run_node(MOTION)
    peer.spin_for(1.5)
    handle = asker.send(graph.GO_TO, _to(5.0, 0.0))
    peer.until(lambda: base.x > 0.1, "travelling")
    base.speaks = False
    assert "odometry" in asker.result(handle).message
    peer.spin_for(0.2)
    assert base.requests[-1] == Twist()


@pytest.mark.parametrize(
    ("action", "goal", "line"),
    [
        (graph.GO_TO, GoTo.Goal(place="the moon"), "not known"),
        (graph.GO_TO, _to(1.0, 0.0, frame="moon"), "frame map or odom"),
        (graph.GO_TO, _to(1.0, 0.0, frame="map"), "no map of the floor"),
        (graph.GO_TO, _to(float("nan"), 0.0), "not made of numbers"),
        (graph.GO_TO, _to(1.0, 0.0), "no odometry"),
        (graph.APPROACH, Approach.Goal(person_id="hanna", distance_m=1.0), "not known"),
        (graph.GESTURE, Gesture.Goal(name="wave"), "no joints"),
    ],
)
def test_what_cannot_be_done_is_refused_plainly(
    run_node: Any, peer: Any, asker: Asker, action: graph.Action, goal: Any, line: str
) -> None:
    run_node(MOTION)
    requests = peer.listen(graph.CMD_VEL_REQUEST)
    result = asker.ask(action, goal)
    assert not result.success
    assert line in result.message
    assert not any(twist.linear.x or twist.angular.z for twist in requests)


def test_a_gesture_moves_only_the_joints_there_are_and_returns(run_node: Any, peer: Any, asker: Asker) -> None:
    run_node(MOTION, joints="['HeadPitch', 'HipPitch']")
    targets = peer.listen(graph.JOINT_TARGETS)
    result = asker.ask(graph.GESTURE, Gesture.Goal(name="bow", duration_s=1.3))
    assert result.success
    assert asker.feedback[-1].progress == pytest.approx(1.0)
    peer.until(lambda: targets, "targets")
    assert {name for target in targets for name in target.name} == {"HeadPitch", "HipPitch"}
    hips = [target.position[list(target.name).index("HipPitch")] for target in targets]
    assert min(hips) < -0.2
    assert hips[-1] == pytest.approx(0.0, abs=0.02)


def test_a_gesture_can_be_cancelled(run_node: Any, peer: Any, asker: Asker) -> None:
    run_node(MOTION, joints="['HeadPitch']")
    handle = asker.send(graph.GESTURE, Gesture.Goal(name="nod", duration_s=4.5))
    peer.until(lambda: asker.feedback, "progress")
    peer.until(handle.cancel_goal_async().done, "the cancelling")
    assert asker.result(handle).message == "cancelled"
