"""Real node processes for tests, and a peer that talks with them."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import QoSProfile

from nodes.base import graph

DEADLINE_S = 20.0


class Running:
    """One node in a process of its own, as launch starts it."""

    def __init__(self, module: str, parameters: dict[str, Any]) -> None:
        given = [part for name, value in parameters.items() for part in ("-p", f"{name}:={value}")]
        self._command = [sys.executable, "-m", module, "--ros-args", *given]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)

    def kill(self) -> None:
        """As the kernel would: no word, no clean-up."""
        self.process.kill()
        self.process.communicate(timeout=DEADLINE_S)

    def stop(self) -> tuple[int, str]:
        """As Ctrl-C does; returns the exit code and what it said."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, said


@pytest.fixture
def run_node(ros_domain: int) -> Iterator[Callable[..., Running]]:
    """`run_node("nodes.alerts.node", home_dir=…)`; killed after the test."""
    started: list[Running] = []

    def run(module: str, **parameters: Any) -> Running:
        started.append(Running(module, parameters))
        return started[-1]

    yield run
    for node in started:
        if node.process.poll() is None:
            node.kill()


class Peer:
    """A node of the test that listens and asks."""

    def __init__(self) -> None:
        self.context = rclpy.Context()
        self.context.init()
        self.node = rclpy.create_node("peer", context=self.context)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.executor.add_node(self.node)
        self._clients: dict[str, Any] = {}

    def until(self, true: Callable[[], Any], what: str, within_s: float = DEADLINE_S) -> Any:
        deadline = time.monotonic() + within_s
        while not (result := true()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not within {within_s:.0f} s")
            self.executor.spin_once(timeout_sec=0.02)
        return result

    def spin_for(self, seconds: float) -> None:
        """Listen for so long, for things that must not happen."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.executor.spin_once(timeout_sec=0.02)

    def call(self, service: graph.Service, request: Any) -> Any:
        if service.name not in self._clients:
            self._clients[service.name] = self.node.create_client(service.type, service.name)
        client = self._clients[service.name]
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline:
            self.until(client.service_is_ready, f"service {service.name}")
            future = client.call_async(request)
            try:
                self.until(future.done, f"answer of {service.name}", within_s=3.0)
            except AssertionError:
                continue  # asked of a process that was just killed
            return future.result()
        raise AssertionError(f"no answer of {service.name}")

    def listen(self, topic: graph.Topic, qos: QoSProfile | None = None) -> list[Any]:
        heard: list[Any] = []
        self.node.create_subscription(topic.type, topic.name, heard.append, qos or topic.qos)
        return heard

    def publisher(self, topic: graph.Topic) -> Any:
        return self.node.create_publisher(topic.type, topic.name, topic.qos)

    def close(self) -> None:
        self.executor.shutdown(timeout_sec=1.0)
        self.node.destroy_node()
        self.context.shutdown()


@pytest.fixture
def peer(ros_domain: int) -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()
