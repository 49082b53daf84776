"""What the reminders node alone makes of messages: alerts for staff, and what it must know of a resident."""

from datetime import datetime

from kith_msgs import msg

from behaviours.routines.circumstances import NEEDED, Circumstances
from behaviours.routines.policy import Tell
from culture_profiles.profile import Profile
from nodes.base import times
from nodes.base.profile_messages import facts_from_msgs
from nodes.reminders.store import Told

_LEVELS = {Tell.INFORM: msg.Alert.INFORM, Tell.ATTEND: msg.Alert.ATTEND}


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
