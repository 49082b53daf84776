"""Kith's own bridge and the body in Gazebo over Gazebo's own transport. Skipped where its bindings are missing."""

import math
import os
from collections.abc import Iterator

import pytest
from rosgraph_msgs.msg import Clock

from culture_profiles.errors import KithError
from kith.launching.session import launch_directory
from nodes.base import graph, qos
from sim.gazebo.transport import load
from tests.bodies.bodies import BODIES
from tests.bodies.conftest import Processes, Stack

_GAZEBO = next(body for body in BODIES if body.name == "gazebo")


@pytest.fixture(scope="module", autouse=True)
def bindings() -> None:
    try:
        load()
    except KithError as problem:
        pytest.skip(str(problem))


@pytest.fixture
def peer(processes: Processes, ros_domain: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    monkeypatch.setenv("GZ_PARTITION", f"kith-test-{ros_domain}-{os.getpid()}")
    monkeypatch.setenv("GZ_IP", "127.0.0.1")
    processes.start("tests.bodies.fakes.gazebo")
    processes.start("sim.gazebo.bridge", config_file=launch_directory() / "gazebo_bridge.yaml")
    processes.start("sim.gazebo.node")
    made = Stack()
    made.until(lambda: made.connected(_GAZEBO, fake=False), "Gazebo, the bridge and the body")
    yield made
    made.close()


def test_the_robot_drives_in_gazebo_bumps_and_stands_by_itself(peer: Stack) -> None:
    def bumped() -> bool:
        peer.drive(0.4)
        return bool(peer.bumper) and peer.bumper[-1].data

    peer.until(bumped, "it drives until it bumps")
    assert max(each.twist.twist.linear.x for each in peer.odometry) == pytest.approx(0.4)
    peer.drive(math.nan)
    peer.until(lambda: peer.odometry[-1].twist.twist.linear.x == 0.0, "it stands")
    peer.drive(-0.4)
    peer.until(lambda: peer.odometry[-1].twist.twist.linear.x < 0.0, "it drives back")
    peer.until(lambda: peer.odometry[-1].twist.twist.linear.x == 0.0, "and stands by itself: Gazebo would drive on")


def test_joints_lidar_and_camera_pass_through(peer: Stack) -> None:
    peer.see()
    peer.until(lambda: peer.joints and peer.scans, "joints and lidar")
    peer.aim(HeadYaw=0.7)
    peer.until(lambda: abs(peer.angle("HeadYaw") - 0.7) < 0.01, "the head turns")
    assert min(peer.scans[-1].ranges) == pytest.approx(2.5)
    image = peer.until(lambda: peer.images, "a picture")[-1]
    assert (image.encoding, bytes(image.data)) == ("rgb8", bytes(range(36)))
    info = peer.until(lambda: peer.camera_info, "the camera's measures")[-1]
    assert (info.k[0], info.width) == (3.0, 4)


def test_the_clock_comes_by_a_bridge_of_its_own(peer: Stack, processes: Processes) -> None:
    processes.start("sim.gazebo.bridge", config_file=launch_directory() / "gazebo_clock.yaml")
    clock = peer.listen(graph.Topic("/clock", Clock, qos.SENSOR))
    peer.until(lambda: len(clock) > 5, "the clock")
    times = [each.clock.sec + each.clock.nanosec / 1e9 for each in clock]
    assert times == sorted(times)
    assert times[-1] < 1000.0  # simulated, not the time of day
