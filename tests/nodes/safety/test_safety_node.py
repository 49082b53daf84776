"""The real node: the only publisher of cmd_vel, and quick to stop."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from geometry_msgs.msg import Twist, Vector3
from nav_msgs.msg import Odometry
from sensor_msgs.msg import LaserScan
from std_msgs.msg import Bool
from std_srvs.srv import SetBool

from nodes.base import graph

SAFETY = "nodes.safety.node"


class Driver:
    """A body and a requester: odometry and requests at 20 Hz, from the peer's own thread."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer
        self.velocity: Twist | None = Twist(linear=Vector3(x=0.3))
        self.body = True
        self.wheels = peer.listen(graph.CMD_VEL)
        self._requests = peer.publisher(graph.CMD_VEL_REQUEST)
        self._odom = peer.publisher(graph.ODOM)
        self.bumper = peer.publisher(graph.BUMPER)
        peer.node.create_timer(0.05, self._tick)

    def _tick(self) -> None:
        if self.body:
            self._odom.publish(Odometry())
        if self.velocity is not None:
            self._requests.publish(self.velocity)

    @property
    def moves(self) -> bool:
        return bool(self.wheels) and self.wheels[-1].linear.x > 0

    def until_moving(self) -> None:
        self.peer.until(lambda: self.moves, "moving")

    def until_still(self) -> None:
        self.peer.until(lambda: not self.moves, "standing still")


@pytest.fixture
def driver(peer: Any) -> Driver:
    return Driver(peer)


def test_an_explicit_zero_follows_within_moments_when_requests_end(run_node: Any, peer: Any, driver: Driver) -> None:
    run_node(SAFETY)
    driver.until_moving()
    driver.velocity = None
    stopped = time.monotonic()
    driver.until_still()
    # 200 ms of silence, and what a busy machine adds.
    assert 0.1 < time.monotonic() - stopped < 1.0


@pytest.mark.parametrize(
    ("stop", "go"),
    [
        (lambda d: d.bumper.publish(Bool(data=True)), lambda d: d.bumper.publish(Bool(data=False))),
        (lambda d: setattr(d, "body", False), lambda d: setattr(d, "body", True)),
        (
            lambda d: setattr(d, "velocity", Twist(linear=Vector3(x=float("nan")))),
            lambda d: setattr(d, "velocity", Twist(linear=Vector3(x=0.3))),
        ),
        (
            lambda d: d.peer.call(graph.SAFETY_STOP, SetBool.Request(data=True)),
            lambda d: d.peer.call(graph.SAFETY_STOP, SetBool.Request(data=False)),
        ),
    ],
    ids=["bumper", "body silent", "not a number", "by hand"],
)
def test_it_stops_and_moves_again_only_when_the_cause_is_gone(
    run_node: Any, peer: Any, driver: Driver, stop: Callable[[Driver], None], go: Callable[[Driver], None]
) -> None:
    run_node(SAFETY)
    driver.until_moving()
    stop(driver)
    driver.until_still()
    peer.spin_for(0.5)
    assert not driver.moves
    go(driver)
    wanted, driver.velocity = driver.velocity, Twist()  # let go, then ask again
    peer.spin_for(0.3)
    driver.velocity = wanted
    driver.until_moving()


def test_no_motion_at_start_until_the_body_is_heard(run_node: Any, peer: Any, driver: Driver) -> None:
    driver.body = False
    run_node(SAFETY)
    peer.until(lambda: driver.wheels, "the first explicit zero")
    peer.spin_for(0.6)
    assert not any(twist.linear.x for twist in driver.wheels)
    driver.body = True
    driver.until_moving()


def test_a_stop_by_hand_outlives_a_crash(run_node: Any, peer: Any, driver: Driver, home_dir: Path) -> None:
    node = run_node(SAFETY, home_dir=home_dir)
    driver.until_moving()
    assert peer.call(graph.SAFETY_STOP, SetBool.Request(data=True)).success
    node.kill()
    driver.wheels.clear()
    node.start()
    peer.until(lambda: driver.wheels, "the explicit zero of its new life")
    peer.spin_for(0.8)
    assert not any(twist.linear.x for twist in driver.wheels)
    assert peer.call(graph.SAFETY_STOP, SetBool.Request(data=False)).success
    driver.until_moving()


def test_speed_is_cut_to_what_the_home_allows(run_node: Any, peer: Any, driver: Driver) -> None:
    driver.velocity = Twist(linear=Vector3(x=5.0))
    run_node(SAFETY, max_speed=0.2)
    driver.until_moving()
    assert max(twist.linear.x for twist in driver.wheels) == pytest.approx(0.2)


def test_a_scanner_that_falls_silent_stops_is_told_and_lets_go_when_it_is_back(
    run_node: Any, peer: Any, driver: Driver
) -> None:
    told = peer.listen(graph.SAFETY_STATE)
    scans = peer.publisher(graph.SCAN)
    turning = True

    def turn() -> None:
        if turning:
            scan = LaserScan(angle_increment=0.1, range_min=0.1, range_max=9.0)
            scan.ranges = [5.0 + 0.01 * (len(driver.wheels) % 7)] * 60
            scan.header.stamp = peer.node.get_clock().now().to_msg()
            scans.publish(scan)

    peer.node.create_timer(0.1, turn)
    run_node(SAFETY)
    driver.until_moving()
    peer.until(lambda: told and not told[-1].halted and told[-1].speed_limit > 0.4, "trust in the scanner")
    turning = False
    driver.until_still()
    peer.until(lambda: told[-1].halted and told[-1].cause == "lidar", "the cause")
    assert "silent" in told[-1].text
    turning = True
    driver.until_moving()
    peer.until(lambda: not told[-1].halted, "the end of it")
