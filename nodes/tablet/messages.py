"""Between the home's messages and what the pages work with."""

from typing import Any

from kith_msgs import msg

from behaviours.routines.occurrence import Occurrence, State
from behaviours.routines.routine import Routine
from nodes.base import times
from nodes.tablet.home import Call
from nodes.tablet.view import alert_view


def call_from_msg(alert: Any) -> Call:
    """A kith_msgs/Alert for signed-in staff."""
    seen = alert_view(
        alert.id,
        alert.kind,
        alert.level,
        alert.state,
        alert.accepted_by,
        times.from_msg(alert.raised_at),
        alert.raise_count,
    )
    return Call(
        id=seen.id,
        kind=seen.kind,
        level=seen.level,
        state=seen.state,
        accepted_by=seen.accepted_by,
        raised_at=seen.raised_at,
        raise_count=seen.raise_count,
        resident_id=alert.resident_id,
        text=alert.text,
        handed_from=alert.handed_from,
        handed_to=alert.handed_to,
    )


def occurrence_from_msg(message: Any) -> Occurrence:
    """A kith_msgs/Occurrence as far as the pages show it."""
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
        said=message.said,
        closed_by=message.closed_by,
        place=message.place,
        by=message.by or "robot",
    )


def routine_to_msg(routine: Routine) -> Any:
    """A kith_msgs/Routine."""
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
