"""A generic base and a TurtleBot 4: how their drivers speak, what they lack, and what goes wrong with them."""

from collections.abc import Iterator
from typing import Any

import pytest
from irobot_create_msgs.action import Dock, Undock
from rclpy.action import ActionClient

from nodes.base import graph
from tests.bodies.bodies import BODIES
from tests.bodies.conftest import Processes, Stack

_BODIES = {body.name: body for body in BODIES}


def health(diagnostics: list[Any]) -> str:
    return next((m.status[0].message for m in reversed(diagnostics) if m.status[0].name == "body"), "")


@pytest.fixture
def peer(ros_domain: int) -> Iterator[Stack]:
    made = Stack()
    yield made
    made.close()


@pytest.fixture(scope="module")
def turtlebot(domain: int) -> Iterator[Stack]:
    processes = Processes()
    processes.body(_BODIES["turtlebot4"])
    made = Stack()
    try:
        made.until(lambda: made.connected(_BODIES["turtlebot4"]), "the TurtleBot 4")
        yield made
    finally:
        made.close()
        processes.end()


@pytest.mark.parametrize("stamped", [False, True], ids=["Twist", "TwistStamped"])
def test_it_speaks_the_drivers_kind_of_velocity(processes: Processes, peer: Stack, stamped: bool) -> None:
    processes.start("tests.bodies.fakes.base", *(["stamped"] if stamped else []))
    processes.start("nodes.body.generic", stamped=stamped)
    peer.until(lambda: peer.odometry, "odometry")

    def drives() -> bool:
        peer.drive(0.4)
        return bool(peer.odometry[-1].twist.twist.linear.x > 0.3)

    peer.until(drives, "it drives")
    pose = peer.odometry[-1].pose.pose
    assert (peer.odometry[-1].header.frame_id, peer.odometry[-1].child_frame_id) == ("odom", "base_link")
    assert pose.position.z == 0.0  # base_link is on the floor, whatever the driver calls so


def test_a_base_without_lidar_and_camera_offers_neither(processes: Processes, peer: Stack) -> None:
    processes.start("tests.bodies.fakes.base")
    processes.start("nodes.body.generic", scan_topic="''", image_topic="''", battery_topic="''")
    peer.until(lambda: peer.odometry, "odometry")
    for topic in (graph.SCAN, graph.CAMERA_IMAGE, graph.CAMERA_INFO, graph.BATTERY_STATE):
        assert peer.node.get_publishers_info_by_topic(topic.name) == [], topic.name


def test_a_driver_on_the_bodys_own_topics_is_refused_in_one_line(processes: Processes, peer: Stack) -> None:
    diagnostics = peer.listen(graph.DIAGNOSTICS)
    processes.start("nodes.body.generic", driver="/")
    said = peer.until(lambda: "namespace of its own" in health(diagnostics) and health(diagnostics), "it refuses")
    assert "the driver's /cmd_vel is the body's own cmd_vel" in said
    assert "\n" not in said


def test_bad_poses_are_told_by_name(processes: Processes, peer: Stack) -> None:
    diagnostics = peer.listen(graph.DIAGNOSTICS)
    processes.start("nodes.body.generic", laser_pose="'1 2 three'")
    peer.until(lambda: "laser_pose is '1 2 three': write six numbers" in health(diagnostics), "it says which")


def test_holes_in_the_scan_take_the_nearer_neighbour(turtlebot: Stack) -> None:
    turtlebot.fault("none")
    scan = turtlebot.until(lambda: [s for s in turtlebot.scans if min(s.ranges) < 2.0], "a scan")[-1]
    assert min(scan.ranges) == pytest.approx(1.5, abs=0.0021)  # the driver's readings jitter by 2 mm
    assert len(scan.ranges) == 360
    assert not any(each != each for each in scan.ranges)


def test_hazards_are_bumper_and_cliff(turtlebot: Stack) -> None:
    for word, heard in (("bump", turtlebot.bumper), ("cliff", turtlebot.cliff), ("drop", turtlebot.cliff)):
        turtlebot.until(lambda heard=heard: heard and not heard[-1].data, "nothing yet")
        turtlebot.fault(word)
        turtlebot.until(lambda heard=heard: heard[-1].data, word)
        turtlebot.fault("none")
        turtlebot.until(lambda heard=heard: not heard[-1].data, f"{word} is over")


def _run(peer: Stack, kind: Any, name: str) -> Any:
    client = ActionClient(peer.node, kind, name)
    peer.until(client.server_is_ready, name)
    goal = client.send_goal_async(kind.Goal())
    peer.until(goal.done, "an answer")
    assert goal.result().accepted
    result = goal.result().get_result_async()
    peer.until(result.done, f"the end of {name}")
    client.destroy()
    return result.result()


def test_it_docks_and_undocks_by_the_bases_own_actions(turtlebot: Stack) -> None:
    turtlebot.fault("none")
    docked = _run(turtlebot, Dock, "dock")
    assert (docked.status, docked.result.is_docked) == (4, True)
    undocked = _run(turtlebot, Undock, "undock")
    assert (undocked.status, undocked.result.is_docked) == (4, False)
    turtlebot.fault("dock-fails")
    turtlebot.spin_for(0.2)
    assert _run(turtlebot, Dock, "dock").status == 6  # aborted, and said so
    turtlebot.fault("none")
