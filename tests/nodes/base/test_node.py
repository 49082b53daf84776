"""What every node does for its users: starts by itself, waits, stops when told, and keeps secrets when it fails."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.executors import SingleThreadedExecutor
from std_msgs.msg import String

from nodes.base import graph

PROBE = Path(__file__).with_name("probe_node.py")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(ros_domain: int) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(*parameters: str) -> "subprocess.Popen[str]":
        arguments = [part for parameter in parameters for part in ("-p", parameter)]
        process = subprocess.Popen(
            [sys.executable, str(PROBE), "--ros-args", *arguments] if arguments else [sys.executable, str(PROBE)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_node_starts_by_itself_and_stops_cleanly_when_told(start: Start, how: signal.Signals) -> None:
    process = start("rate_hz:=2.5", "colour:=green")
    assert _line(process) == "active 2.5 green"
    process.send_signal(how)
    output, errors = process.communicate(timeout=5)
    assert output.split("\n")[:2] == ["deactivated", "cleaned up"]
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("parameter", "told"),
    [("rate_hz:=9.0", "rate_hz out of range"), ("colour:=blue", "use one of red, green"), ("rate_hz:=fast", "rate_hz")],
)
def test_a_wrong_parameter_is_told_in_one_line(start: Start, parameter: str, told: str) -> None:
    process = start(parameter)
    assert process.stderr is not None
    first = process.stderr.readline()
    assert told in first
    process.terminate()
    _, rest = process.communicate(timeout=5)
    assert "Traceback" not in first + rest


def test_a_node_comes_up_by_itself_once_what_it_lacked_is_there(start: Start, tmp_path: Path) -> None:
    needed = tmp_path / "needed"
    process = start(f"needed_file:={needed}")
    assert process.stderr is not None
    assert "the file is missing: make it" in process.stderr.readline()
    needed.touch()
    while (line := _line(process)) == "cleaned up":
        pass
    assert line == "active 1.0 red"


def test_a_crash_says_where_but_never_what_was_said(start: Start, ros_domain: int) -> None:
    process = start()
    assert _line(process) == "active 1.0 red"
    context = rclpy.Context()
    context.init()
    node = rclpy.create_node("speaker", context=context)
    try:
        publisher = node.create_publisher(String, graph.AUDIO_CONTROL.name, graph.AUDIO_CONTROL.qos)
        executor = SingleThreadedExecutor(context=context)
        executor.add_node(node)
        while publisher.get_subscription_count() == 0:
            executor.spin_once(timeout_sec=0.05)
        publisher.publish(String(data="I do not eat eggs"))
        _, errors = process.communicate(timeout=10)
        executor.shutdown()
    finally:
        node.destroy_node()
        context.shutdown()
    assert process.returncode == 1
    assert "ValueError at probe_node.py" in errors
    assert "eggs" not in errors


def test_diagnostics_tell_that_a_node_is_ready(start: Start, ros_domain: int) -> None:
    process = start()
    context = rclpy.Context()
    context.init()
    node = rclpy.create_node("listener", context=context)
    heard: list[DiagnosticArray] = []
    try:
        node.create_subscription(DiagnosticArray, graph.DIAGNOSTICS.name, heard.append, graph.DIAGNOSTICS.qos)
        executor = SingleThreadedExecutor(context=context)
        executor.add_node(node)
        while not any(message.status[0].message == "ready" for message in heard):
            executor.spin_once(timeout_sec=0.1)
        executor.shutdown()
    finally:
        node.destroy_node()
        context.shutdown()
    assert heard[-1].status[0].name == "probe"
    assert heard[-1].status[0].level == b"\x00"
    assert process.poll() is None
