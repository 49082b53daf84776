"""Asking the nodes of a running home from the command line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

from culture_profiles.errors import KithError
from nodes.base import graph

_ANSWER_WITHIN_S = 8.0  # a killed node is back within five
_LOOPBACK = Path(__file__).resolve().parents[1] / "launch" / "loopback.xml"


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
def remote(ros_domain_id: int, what: str) -> Iterator[Remote]:
    """Join the ROS domain of a running home for as long as the block lasts."""
    os.environ["ROS_DOMAIN_ID"] = str(ros_domain_id)
    if "ROS_AUTOMATIC_DISCOVERY_RANGE" not in os.environ:  # the same paths as launch/middleware.launch.yaml
        os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "SYSTEM_DEFAULT"
        os.environ.setdefault("FASTRTPS_DEFAULT_PROFILES_FILE", str(_LOOPBACK))
    rclpy.init(args=["--ros-args", "--disable-external-lib-logs", "--disable-rosout-logs"])
    try:
        node = rclpy.create_node(f"kith_{what}_{os.getpid()}", enable_rosout=False, start_parameter_services=False)
        try:
            yield Remote(node, what)
        finally:
            node.destroy_node()
    finally:
        rclpy.try_shutdown()
