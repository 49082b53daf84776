""" "Forget that", "that is wrong": hidden at once; what is the staff's becomes a question to them (care rule 8)."""

from collections.abc import Sequence
from datetime import datetime

from behaviours.ownership.reply import Reply
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.keys import spec
from culture_profiles.profile import Profile


def forget(profile: Profile, facts: Sequence[Fact], now: datetime) -> Reply:
    """Take the facts back in the person's name. Erasing for good is for staff to confirm, with the person known."""
    return _take_back(profile, facts, now, "facts.retracted")


def wrong(profile: Profile, facts: Sequence[Fact], stated: Sequence[Fact], now: datetime) -> Reply:
    """The facts are not right. `stated`: what the same words say instead (the person's own word), if anything."""
    right = {fact.key for fact in stated}
    replaced = [fact for fact in facts if fact.key in right]
    if not replaced or any(spec(fact.key).for_staff_only for fact in stated):
        return _take_back(profile, facts, now, "facts.wrong")
    again = {(fact.key, fact.value) for fact in stated}
    gone = _retractions([fact for fact in replaced if (fact.key, fact.value) not in again], now)
    kept = tuple(stated)
    why = "corrected by the person"
    return Reply("facts.corrected", "remember", why, store=(*gone, *kept), hide=(*gone, *kept), about=kept)


def _take_back(profile: Profile, facts: Sequence[Fact], now: datetime, phrase: str) -> Reply:
    if not facts:
        return Reply("facts.which", "ask", "no fact was meant", question="which")
    staffs = [fact for fact in facts if spec(fact.key).for_staff_only]
    others = [fact for fact in facts if not spec(fact.key).for_staff_only]
    hidden = [fact for fact in others if _goes(profile, fact, now)]
    locked = len(hidden) < len(others)
    gone = _retractions(hidden, now)
    store = (*gone, *_retractions(staffs, now))
    if not hidden:
        why = "kept by staff: a question to them"
        return Reply("facts.staff_only", "ask_staff", why, store=store, ask_staff=locked)
    if locked or staffs:
        why = "taken back by the person; some of it is kept by staff"
        return Reply("facts.partly", "forget", why, store=store, hide=gone, about=tuple(hidden), ask_staff=locked)
    return Reply(phrase, "forget", "taken back by the person", store=store, hide=gone, about=tuple(hidden))


def _goes(profile: Profile, fact: Fact, now: datetime) -> bool:
    """Whether the person's word ends it: not when staff have locked it."""
    return fact not in profile.with_fact(retraction(fact, now)).known()


def _retractions(facts: Sequence[Fact], now: datetime) -> tuple[Fact, ...]:
    return tuple(retraction(fact, now) for fact in facts)


def retraction(fact: Fact, now: datetime) -> Fact:
    """The same fact, taken back by the person."""
    return Fact(
        resident_id=fact.resident_id,
        key=fact.key,
        value=fact.value,
        source=Source.RESIDENT,
        status=Status.RETRACTED,
        who=fact.resident_id,
        when=now,
    )
