"""How old a copy of a profile is goes by the ROS clock: in simulated time too it is confirmed every half minute."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import rclpy
from kith_msgs import msg
from rclpy.executors import SingleThreadedExecutor
from rosgraph_msgs.msg import Clock

from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.profile_client import ProfileClient
from nodes.base.settings import Settings
from tests.peer import Peer

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Robot(KithNode[Settings]):
    name = "robot"
    settings_type = Settings

    def configure(self) -> None:
        self.profiles = ProfileClient(self)

    def next_due(self) -> datetime | None:
        return self.profiles.next_due()


class Home:
    """Gives out Hanna's profile, and sets the simulated clock."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.asked = 0
        self._clock = peer.node.create_publisher(Clock, "/clock", 1)
        peer.node.create_service(graph.GET_SNAPSHOT.type, graph.GET_SNAPSHOT.name, self._answer)

    def _answer(self, request: Any, response: Any) -> Any:
        self.asked += 1
        response.success = True
        response.snapshot = msg.ProfileSnapshot(resident_id=request.resident_id, sequence=1)
        return response

    def set_clock(self, now: datetime) -> None:
        self._clock.publish(Clock(clock=times.to_msg(now)))


@pytest.fixture
def robot(ros_domain: int) -> Iterator[Robot]:
    rclpy.init(args=["--ros-args", "-p", "use_sim_time:=true"])
    node = Robot()
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    node.start()
    yield node
    executor.shutdown(timeout_sec=1.0)
    node.stop()
    node.destroy_node()
    rclpy.shutdown()


def test_a_copy_is_confirmed_again_when_simulated_time_has_passed(robot: Robot, peer: Peer) -> None:
    home = Home(peer)

    def until(true: Any, what: str, now: datetime) -> None:
        def step() -> Any:
            home.set_clock(now)
            assert robot.executor is not None
            robot.executor.spin_once(timeout_sec=0.02)
            return true()

        peer.until(step, what)

    until(lambda: robot.now() == MORNING, "the simulated clock", MORNING)
    robot.profiles.follow("hanna")
    until(lambda: robot.profiles.as_of("hanna") == MORNING, "the profile", MORNING)
    due = robot.next_due()
    assert due is not None
    assert due - MORNING <= timedelta(seconds=30)

    later = MORNING + timedelta(minutes=20)
    until(lambda: robot.profiles.as_of("hanna") == later, "the profile confirmed", later)
    assert home.asked >= 2
    robot.profiles.unfollow("hanna")
    assert robot.next_due() is None
