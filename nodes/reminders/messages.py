"""Between reminder messages and plain data."""

from datetime import UTC, datetime, timedelta

from kith_msgs import msg

from behaviours.routines.circumstances import NEEDED, Circumstances
from behaviours.routines.occurrence import Occurrence, State
from behaviours.routines.policy import Tell
from behaviours.routines.routine import Routine
from culture_profiles.profile import Profile
from nodes.base import times
from nodes.base.profile_messages import facts_from_msgs
from nodes.reminders.store import Told

_LEVELS = {Tell.INFORM: msg.Alert.INFORM, Tell.ATTEND: msg.Alert.ATTEND}
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


def alert_from(told: Told) -> msg.Alert:
    """What the alerts node is asked to write down."""
    return msg.Alert(
        id=told.alert_id,
        raised_at=times.to_msg(told.raised_at),
        robot=told.robot,
        resident_id=told.resident_id,
        level=_LEVELS[told.level],
        kind="medicine" if told.kind == "medicine" else "reminder",
        text=told.text,
        state=msg.Alert.RAISED,
    )


def circumstances_from(snapshot: msg.ProfileSnapshot, now: datetime) -> Circumstances:
    """What a reminder must know of the resident. Errors: KithError for a fact that is none."""
    # Only what reminders need: a node holds no more of a person than it uses.
    facts = facts_from_msgs(fact for fact in snapshot.facts if fact.key in NEEDED)
    profile = Profile(snapshot.resident_id, snapshot.sequence, facts)
    return Circumstances(times.from_msg(snapshot.stamp) if times.is_set(snapshot.stamp) else now, profile)


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
