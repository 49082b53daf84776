"""Between reminder messages and plain data: routines, and the times that they are due."""

from datetime import UTC, datetime, timedelta

from kith_msgs import msg

from behaviours.routines.occurrence import Occurrence, State
from behaviours.routines.routine import Routine
from nodes.base import times

_EPOCH = datetime.fromtimestamp(0, UTC)


def occurrence_to_msg(occurrence: Occurrence) -> msg.Occurrence:
    """An occurrence as it travels."""
    return msg.Occurrence(
        id=occurrence.id,
        routine_id=occurrence.routine_id,
        resident_id=occurrence.resident_id,
        kind=occurrence.kind,
        title=occurrence.title,
        due=times.to_msg(occurrence.due),
        window_end=times.to_msg(occurrence.window_end),
        state=int(occurrence.state),
        prompts=occurrence.prompts,
        uncertain=occurrence.uncertain,
        robot=occurrence.robot,
        lease_until=times.to_msg(occurrence.lease_until or _EPOCH),
        said=occurrence.said,
        closed_by=occurrence.closed_by,
        place=occurrence.place,
        by=occurrence.by,
    )


def occurrence_from_msg(message: msg.Occurrence) -> Occurrence:
    """What an occurrence message tells of one; how the ladder goes on stays with its owner."""
    lease = message.lease_until
    return Occurrence(
        id=message.id,
        routine_id=message.routine_id,
        resident_id=message.resident_id,
        kind=message.kind,
        title=message.title,
        due=times.from_msg(message.due),
        window_end=times.from_msg(message.window_end),
        state=State(message.state),
        prompts=message.prompts,
        uncertain=message.uncertain,
        robot=message.robot,
        lease_until=times.from_msg(lease) if times.is_set(lease) else None,
        said=message.said,
        closed_by=message.closed_by,
        place=message.place,
        by=message.by or "robot",
    )


def routine_to_msg(routine: Routine) -> msg.Routine:
    """A routine as it travels; the node that keeps it adds the home's time zone."""
    return msg.Routine(
        id=routine.id,
        resident_id=routine.resident_id,
        kind=routine.kind,
        title=routine.title,
        place=routine.place,
        start=times.to_msg(routine.start),
        rrule=routine.rrule,
        window_s=int(routine.window.total_seconds()),
        created_by=routine.created_by,
        by=routine.by,
    )


def routine_from_msg(message: msg.Routine, time_zone: str) -> Routine:
    """A routine as staff sent it; it is checked where it is kept. No window means an hour."""
    return Routine(
        message.id,
        message.resident_id,
        message.kind,
        message.title.strip(),
        message.place.strip(),
        times.from_msg(message.start),
        message.rrule.strip(),
        timedelta(seconds=message.window_s or 3600),
        message.created_by.strip(),
        time_zone,
        message.by or "robot",
    )
