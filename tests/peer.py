"""A ROS node of the test itself: it listens, asks and waits for what must come, with a deadline."""

import time
from collections.abc import Callable
from typing import Any

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import QoSProfile

from nodes.base import graph

DEADLINE_S = 20.0


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

    def now(self) -> float:
        """Seconds of the ROS clock."""
        return self.node.get_clock().now().nanoseconds / 1e9

    def publisher(self, topic: graph.Topic) -> Any:
        return self.node.create_publisher(topic.type, topic.name, topic.qos)

    def close(self) -> None:
        self.executor.shutdown(timeout_sec=1.0)
        self.node.destroy_node()
        self.context.shutdown()
