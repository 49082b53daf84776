"""The embedded body as a process: faster than real time, in another world, touched, and among people who walk."""

import math
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Twist
from kith_msgs.action import GoTo
from rclpy.action import ActionClient
from rosgraph_msgs.msg import Clock
from std_srvs.srv import SetBool

from nodes.base import graph, qos
from sim import graph as stage
from sim import transforms
from sim.worlds import sdf
from tests.peer import Peer

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def peer(ros_domain: int) -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


@pytest.fixture
def start(ros_domain: int, home_dir: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(module: str, **parameters: Any) -> "subprocess.Popen[str]":
        given = [part for name, value in parameters.items() for part in ("-p", f"{name}:={value}")]
        command = [sys.executable, "-m", module, "--ros-args", *given]
        started.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate(timeout=10)


def seconds(message: Any) -> float:
    return float(message.sec + message.nanosec / 1e9)


def test_faster_than_real_time_it_keeps_the_clock_for_everybody(start: Start, peer: Peer) -> None:
    start("sim.embedded.node", speed=5.0)
    clock = peer.listen(graph.Topic("/clock", Clock, qos.SENSOR))
    odometry = peer.listen(graph.ODOM)
    peer.until(lambda: clock and odometry, "the clock")
    began, first = peer.now(), seconds(clock[-1].clock)
    peer.spin_for(1.0)
    passed = peer.now() - began
    assert (seconds(clock[-1].clock) - first) / passed == pytest.approx(5.0, rel=0.3)
    assert abs(seconds(odometry[-1].header.stamp) - seconds(clock[-1].clock)) < 1.0


def test_it_stands_by_itself_when_safety_is_killed_at_full_speed(start: Start, peer: Peer) -> None:
    start("sim.embedded.node")
    safety = start("nodes.safety.node")
    odometry = peer.listen(graph.ODOM)
    wanted = peer.publisher(graph.CMD_VEL_REQUEST)
    forward = Twist()
    forward.linear.x = 0.5

    def fast() -> bool:
        wanted.publish(forward)
        return bool(odometry) and odometry[-1].twist.twist.linear.x > 0.45

    peer.until(fast, "full speed")
    safety.send_signal(signal.SIGKILL)
    at = odometry[-1].pose.pose.position.x
    peer.until(lambda: odometry[-1].twist.twist.linear.x == 0.0, "standstill")
    assert odometry[-1].pose.pose.position.x - at < 0.5 * 0.6  # 250 ms, and what was under way


def test_a_hand_on_its_head_is_felt(start: Start, peer: Peer) -> None:
    start("sim.embedded.node")
    touch = peer.listen(graph.TOUCH)
    peer.until(lambda: touch, "the touch sensor")
    assert touch[-1].data is False
    peer.call(stage.TOUCH_ROBOT, SetBool.Request(data=True))
    peer.until(lambda: touch[-1].data, "the touch")


def test_a_world_without_the_robot_is_told_in_one_line_and_nothing_moves(
    start: Start, peer: Peer, tmp_path: Path
) -> None:
    world = sdf.CARE_HOME.read_text().replace("<uri>model://kith_robot</uri>", "<uri>model://chair</uri>")
    (tmp_path / "empty.sdf").write_text(world)
    body = start("sim.embedded.node", world=tmp_path / "empty.sdf")
    health = peer.listen(graph.Topic("/diagnostics", DiagnosticArray, qos.DIAGNOSTICS))
    odometry = peer.listen(graph.ODOM)

    def told() -> bool:
        return any("has no robot" in status.message for message in health for status in message.status)

    peer.until(told, "the reason")
    assert not odometry
    body.terminate()
    _, said = body.communicate(timeout=10)
    assert len([line for line in said.splitlines() if "has no robot" in line]) == 1
    assert "Traceback" not in said


def test_a_resident_walks_to_a_seat_and_the_body_sees_where(start: Start, peer: Peer, home_dir: Path) -> None:
    start("sim.embedded.node")
    start("sim.residents.node", home_dir=home_dir)
    people = peer.listen(stage.PEOPLE)
    go = ActionClient(peer.node, GoTo, stage.go_to("kenji").name)
    peer.until(lambda: go.server_is_ready() and people, "the residents")

    def send(place: str) -> Any:
        sent = go.send_goal_async(GoTo.Goal(place=place))
        peer.until(sent.done, "an answer")
        ended = sent.result().get_result_async()
        peer.until(ended.done, "the end of the walk", within_s=40.0)
        return ended.result().result

    assert not send("the_moon").success
    assert send("seat_lounge_4").success
    x, y, _ = sdf.read(sdf.CARE_HOME).frames["seat_lounge_4"].position

    def places() -> list[Any]:
        return [found["kenji"] for message in people if "kenji" in (found := transforms.placed_people(message))]

    peer.until(lambda: places()[-1].sits, "that he sits")  # told beside the end of the walk, not before it
    assert math.dist((places()[-1].x_m, places()[-1].y_m), (x, y)) < 0.01
    assert any(not each.sits for each in places())
    go.destroy()
