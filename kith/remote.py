"""Asking the nodes of a running home from the command line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

from culture_profiles.errors import KithError
from kith.launching.middleware import on_loopback
from nodes.base import graph

_ANSWER_WITHIN_S = 8.0  # a killed node is back within five


class Remote:
    """Calls services of one home node; `what` is how people call it ("profiles")."""

    def __init__(self, node: Node, what: str) -> None:
        self._node = node
        self._what = what
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(node)

    def ask(self, service: graph.Service, request: Any, *, attempts: int = 1) -> Any:
        """The node's answer. `attempts`: how often to send what may arrive twice without harm.

        Errors: KithError with what the node says, or that it does not answer.
        """
        client = self._node.create_client(service.type, service.name)
        try:
            if not client.wait_for_service(timeout_sec=_ANSWER_WITHIN_S):
                raise KithError(f"the home runs, but its {self._what} cannot be reached: `kith doctor` says more")
            for _ in range(attempts):
                call = client.call_async(request)
                self._executor.spin_until_future_complete(call, timeout_sec=_ANSWER_WITHIN_S / attempts)
                if call.done():
                    break
                # An answer can get lost while both sides discover each other.
                client.remove_pending_request(call)
            else:
                raise KithError(f"the home's {self._what} do not answer: nothing is confirmed; try again")
            answer = call.result()
        finally:
            self._node.destroy_client(client)
        if not getattr(answer, "success", True):
            raise KithError(answer.message)
        return answer


@contextmanager
def joined(ros_domain_id: int, what: str) -> Iterator[Node]:
    """A node in the ROS domain of a running home for as long as the block lasts."""
    here = on_loopback(ros_domain_id)
    if "ROS_AUTOMATIC_DISCOVERY_RANGE" in os.environ:  # the caller's own way to reach the nodes stays
        here = {"ROS_DOMAIN_ID": here["ROS_DOMAIN_ID"]}
    os.environ.update(here)
    rclpy.init(args=["--ros-args", "--disable-external-lib-logs", "--disable-rosout-logs"])
    try:
        node = rclpy.create_node(f"kith_{what}_{os.getpid()}", enable_rosout=False, start_parameter_services=False)
        try:
            yield node
        finally:
            node.destroy_node()
    finally:
        rclpy.try_shutdown()


@contextmanager
def remote(ros_domain_id: int, what: str) -> Iterator[Remote]:
    """Join the ROS domain of a running home to ask one of its nodes."""
    with joined(ros_domain_id, what) as node:
        yield Remote(node, what)
