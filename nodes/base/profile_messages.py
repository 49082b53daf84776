"""Between facts as the plain code knows them and facts as they travel."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kith_msgs import msg

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.profile import Profile
from nodes.base import times

_SOURCES = {
    Source.CULTURE_PRIOR: msg.Fact.CULTURE_PRIOR,
    Source.RESIDENT: msg.Fact.RESIDENT,
    Source.CARER: msg.Fact.CARER,
    Source.FAMILY: msg.Fact.FAMILY,
    Source.OBSERVED: msg.Fact.OBSERVED,
}
_STATUSES = {
    Status.ASSUMED: msg.Fact.ASSUMED,
    Status.STATED: msg.Fact.STATED,
    Status.CONFIRMED: msg.Fact.CONFIRMED,
    Status.LOCKED: msg.Fact.LOCKED,
    Status.RETRACTED: msg.Fact.RETRACTED,
}
_SOURCE_OF = {number: source for source, number in _SOURCES.items()}
_STATUS_OF = {number: status for status, number in _STATUSES.items()}
_CONFIDENCE_DIGITS = 6  # what a float32 carries


def fact_to_msg(fact: Fact) -> Any:
    """A kith_msgs/Fact."""
    return msg.Fact(
        sequence=fact.sequence,
        resident_id=fact.resident_id,
        key=fact.key,
        value=fact.value,
        source=_SOURCES[fact.source],
        status=_STATUSES[fact.status],
        confidence=fact.confidence,
        who=fact.who,
        when=times.to_msg(fact.when),
        note=fact.note,
    )


def fact_from_msg(message: Any, when: datetime | None = None) -> Fact:
    """The fact in a kith_msgs/Fact, at `when` where given. Errors: KithError naming the field that is wrong."""
    source, status = _SOURCE_OF.get(message.source), _STATUS_OF.get(message.status)
    if source is None or status is None:
        raise KithError(f"{'status' if source else 'source'}: use one of the constants of kith_msgs/Fact")
    return make_fact(
        sequence=message.sequence,
        resident_id=message.resident_id,
        key=message.key,
        value=message.value,
        source=source,
        status=status,
        confidence=round(message.confidence, _CONFIDENCE_DIGITS),
        who=message.who,
        when=when or times.from_msg(message.when),
        note=message.note,
    )


def profile_to_snapshot_msg(profile: Profile, stamp: datetime) -> Any:
    """A kith_msgs/ProfileSnapshot with all that can still come into force, so that its holder decides alike."""
    return msg.ProfileSnapshot(
        resident_id=profile.resident_id,
        sequence=profile.sequence,
        stamp=times.to_msg(stamp),
        facts=[fact_to_msg(fact) for fact in profile.standing],
    )


def profile_from_snapshot_msg(message: Any) -> Profile:
    """The profile in a kith_msgs/ProfileSnapshot. Errors: KithError for a fact that is none."""
    return Profile(message.resident_id, message.sequence, facts_from_msgs(message.facts))


def facts_from_msgs(messages: Iterable[Any]) -> list[Fact]:
    """The facts in a list of kith_msgs/Fact. Errors: KithError for one that is none."""
    return [fact_from_msg(message) for message in messages]
