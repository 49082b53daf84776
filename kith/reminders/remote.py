"""The reminders of a running home, through the services of its reminders node."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import rclpy
from kith_msgs import msg, srv
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

from behaviours.routines.occurrence import Occurrence
from behaviours.routines.routine import Routine
from culture_profiles.errors import KithError
from nodes.base import graph, times
from nodes.reminders.messages import occurrence_from_msg

_ANSWER_WITHIN_S = 8.0  # a killed node is back within five
_LOOPBACK = Path(__file__).resolve().parents[2] / "launch" / "loopback.xml"


@contextmanager
def remote_reminders(ros_domain_id: int) -> Iterator["RemoteReminders"]:
    """Join the ROS domain of a running home for as long as the block lasts."""
    os.environ["ROS_DOMAIN_ID"] = str(ros_domain_id)
    if "ROS_AUTOMATIC_DISCOVERY_RANGE" not in os.environ:  # the same paths as launch/middleware.launch.yaml
        os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "SYSTEM_DEFAULT"
        os.environ.setdefault("FASTRTPS_DEFAULT_PROFILES_FILE", str(_LOOPBACK))
    rclpy.init(args=["--ros-args", "--disable-external-lib-logs", "--disable-rosout-logs"])
    try:
        node = rclpy.create_node(f"kith_reminders_{os.getpid()}", enable_rosout=False, start_parameter_services=False)
        try:
            yield RemoteReminders(node)
        finally:
            node.destroy_node()
    finally:
        rclpy.try_shutdown()


class RemoteReminders:
    """Asks the reminders node. Every method raises KithError: what the node says, or that it does not answer."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(node)

    def add(self, routine: Routine) -> str:
        """Keep a routine; returns its id."""
        message = msg.Routine(
            id=routine.id,
            resident_id=routine.resident_id,
            kind=routine.kind,
            title=routine.title,
            place=routine.place,
            start=times.to_msg(routine.start),
            rrule=routine.rrule,
            window_s=int(routine.window.total_seconds()),
            created_by=routine.created_by,
        )
        return str(self._ask(graph.ADD_ROUTINE, srv.AddRoutine.Request(routine=message)).id)

    def listed(self, after: datetime, before: datetime, resident_id: str) -> list[Occurrence]:
        """What is due in that time, of one resident or (empty) everybody."""
        request = srv.ListOccurrences.Request(
            after=times.to_msg(after), before=times.to_msg(before), resident_id=resident_id
        )
        return [occurrence_from_msg(one) for one in self._ask(graph.LIST_OCCURRENCES, request).occurrences]

    def close(self, occurrence_id: str, closed_by: str, note: str) -> None:
        """A named person closes an occurrence."""
        request = srv.CloseOccurrence.Request(occurrence_id=occurrence_id, closed_by=closed_by, note=note)
        self._ask(graph.CLOSE_OCCURRENCE, request)

    def _ask(self, service: graph.Service, request: Any) -> Any:
        client = self._node.create_client(service.type, service.name)
        try:
            if not client.wait_for_service(timeout_sec=_ANSWER_WITHIN_S):
                raise KithError("the home runs, but its reminders cannot be reached: `kith doctor` says more")
            call = client.call_async(request)
            self._executor.spin_until_future_complete(call, timeout_sec=_ANSWER_WITHIN_S)
            if not call.done():
                raise KithError("the home's reminders do not answer: nothing is confirmed; try again")
            answer = call.result()
        finally:
            self._node.destroy_client(client)
        if not getattr(answer, "success", True):
            raise KithError(answer.message)
        return answer
