"""The reminders of a running home, through the services of its reminders node."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from kith_msgs import srv

from behaviours.routines.occurrence import Occurrence
from behaviours.routines.routine import Routine
from kith.remote import Remote, remote
from nodes.base import graph, times
from nodes.base.reminder_messages import occurrence_from_msg, routine_to_msg


@contextmanager
def remote_reminders(ros_domain_id: int) -> Iterator["RemoteReminders"]:
    """Join the ROS domain of a running home for as long as the block lasts."""
    with remote(ros_domain_id, "reminders") as reminders:
        yield RemoteReminders(reminders)


class RemoteReminders:
    """Asks the reminders node. Every method raises KithError: what the node says, or that it does not answer."""

    def __init__(self, reminders: Remote) -> None:
        self._reminders = reminders

    def add(self, routine: Routine) -> str:
        """Keep a routine; returns its id."""
        return str(self._reminders.ask(graph.ADD_ROUTINE, srv.AddRoutine.Request(routine=routine_to_msg(routine))).id)

    def listed(self, after: datetime, before: datetime, resident_id: str) -> list[Occurrence]:
        """What is due in that time, of one resident or (empty) everybody."""
        request = srv.ListOccurrences.Request(
            after=times.to_msg(after), before=times.to_msg(before), resident_id=resident_id
        )
        return [occurrence_from_msg(one) for one in self._reminders.ask(graph.LIST_OCCURRENCES, request).occurrences]

    def close(self, occurrence_id: str, closed_by: str, note: str) -> None:
        """A named person closes an occurrence."""
        request = srv.CloseOccurrence.Request(occurrence_id=occurrence_id, closed_by=closed_by, note=note)
        self._reminders.ask(graph.CLOSE_OCCURRENCE, request)
