"""The residents of a running home, through the services of its profiles node."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rclpy
from kith_msgs import srv
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from nodes.base import graph
from nodes.base.profile_messages import fact_from_msg, fact_to_msg, facts_from_msgs, profile_from_snapshot_msg

_ANSWER_WITHIN_S = 8.0  # a killed node is back within five
_ATTEMPTS = 6
_LOOPBACK = Path(__file__).resolve().parents[2] / "launch" / "loopback.xml"


@contextmanager
def remote_residents(ros_domain_id: int) -> Iterator["RemoteResidents"]:
    """Join the ROS domain of a running home for as long as the block lasts."""
    os.environ["ROS_DOMAIN_ID"] = str(ros_domain_id)
    if "ROS_AUTOMATIC_DISCOVERY_RANGE" not in os.environ:  # the same paths as launch/middleware.launch.yaml
        os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "SYSTEM_DEFAULT"
        os.environ.setdefault("FASTRTPS_DEFAULT_PROFILES_FILE", str(_LOOPBACK))
    rclpy.init(args=["--ros-args", "--disable-external-lib-logs", "--disable-rosout-logs"])
    try:
        node = rclpy.create_node(f"kith_profiles_{os.getpid()}", enable_rosout=False, start_parameter_services=False)
        try:
            yield RemoteResidents(node)
        finally:
            node.destroy_node()
    finally:
        rclpy.try_shutdown()


class RemoteResidents:
    """Asks the profiles node. Every method raises KithError: what the node says, or that it does not answer."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(node)

    def names(self) -> dict[str, str]:
        """Each resident's id and display name, by id."""
        answer = self._ask(graph.LIST_RESIDENTS, srv.ListResidents.Request())
        return dict(zip(answer.resident_ids, answer.names, strict=True))

    def snapshot(self, resident_id: str) -> Profile:
        """What is known of a resident."""
        answer = self._ask(graph.GET_SNAPSHOT, srv.GetSnapshot.Request(resident_id=resident_id))
        return profile_from_snapshot_msg(answer.snapshot)

    def history(self, resident_id: str, key: str = "") -> list[Fact]:
        """Every fact ever kept, oldest first, of one key or all."""
        return facts_from_msgs(
            self._ask(graph.GET_HISTORY, srv.GetHistory.Request(resident_id=resident_id, key=key)).facts
        )

    def write(self, fact: Fact) -> Fact:
        """Store a fact; the node gives sequence and time."""
        return fact_from_msg(self._ask(graph.SET_FACT, srv.SetFact.Request(fact=fact_to_msg(fact))).stored)

    def _ask(self, service: graph.Service, request: Any) -> Any:
        client = self._node.create_client(service.type, service.name)
        try:
            if not client.wait_for_service(timeout_sec=_ANSWER_WITHIN_S):
                raise KithError("the home runs, but its profiles cannot be reached: `kith doctor` says more")
            for _ in range(_ATTEMPTS):
                call = client.call_async(request)
                self._executor.spin_until_future_complete(call, timeout_sec=_ANSWER_WITHIN_S / _ATTEMPTS)
                if call.done():
                    break
                # An answer can get lost while both sides discover each other; a repeated write is one write.
                client.remove_pending_request(call)
            else:
                raise KithError("the home's profiles do not answer: nothing is confirmed; try again")
            answer = call.result()
        finally:
            self._node.destroy_client(client)
        if not getattr(answer, "success", True):
            raise KithError(answer.message)
        return answer
