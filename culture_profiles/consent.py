"""When a consent counts (care rules 10, 11, 12).

The person's latest "no" always wins (precedence sees to it). A "yes" counts while what it rests on is sound: the
person's own word, an attorney's or deputy's within a scope that staff have seen, or a best-interests decision. Family
alone is no basis. Capacity is presumed; nothing here judges it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from culture_profiles.fact import Fact, Source
from culture_profiles.profile import Profile

WELFARE = "health_and_welfare"
"""The scope that an attorney or deputy needs to decide anything about a companion robot."""


class Purpose(StrEnum):
    """What is consented to, each for itself: the keys `consent.<purpose>`."""

    TALK = "talk"
    MEMORY = "memory"
    CAMERA = "camera"
    FACE = "face"
    SHARING = "sharing"
    SUMMARIES = "summaries"
    TRIAL = "trial"


class Basis(StrEnum):
    """What a consent may rest on."""

    OWN = "own"
    ATTORNEY = "attorney"
    DEPUTY = "deputy"
    BEST_INTERESTS = "best_interests"


@dataclass(frozen=True)
class Standing:
    """Whether something may be done, and why (for staff; it names nobody)."""

    allowed: bool
    why: str


@dataclass(frozen=True)
class Record:
    """What staff recorded beside one consent: the keys `consent.<purpose>.…`. Empty: not recorded."""

    basis: Basis | None
    decider: str
    assessment: str
    consulted: tuple[str, ...]
    review: date | None

    @classmethod
    def of(cls, profile: Profile, purpose: Purpose) -> "Record":
        """From a profile."""
        key = f"consent.{purpose}"
        basis = profile.value(f"{key}.basis")
        return cls(
            basis=Basis(basis) if basis in list(Basis) else None,
            decider=profile.value(f"{key}.decider") or "",
            assessment=profile.value(f"{key}.assessment") or "",
            consulted=profile.values(f"{key}.consulted"),
            review=_day(profile.value(f"{key}.review")),
        )


def consent(profile: Profile | None, purpose: Purpose, today: date) -> Standing:
    """Whether the consent counts on the home's `today`. Without any word on it, nothing is allowed but talk."""
    fact = profile.fact(f"consent.{purpose}") if profile is not None else None
    if profile is None or fact is None:
        # Everything starts off but talk, calling staff and stopping (care rule 26).
        return Standing(purpose is Purpose.TALK, "no consent is recorded")
    if fact.value != "yes":
        return Standing(False, "refused by the person" if fact.source is Source.RESIDENT else "refused")
    flaw = _flaw(profile, fact, purpose, today)
    return Standing(not flaw, flaw or "consent in force")


def consents(profile: Profile, today: date) -> dict[Purpose, Standing]:
    """Every purpose with its standing: what staff see, and what a missing record is."""
    return {purpose: consent(profile, purpose, today) for purpose in Purpose}


def _flaw(profile: Profile, fact: Fact, purpose: Purpose, today: date) -> str:
    """What keeps a "yes" from counting; "" when nothing does."""
    record = Record.of(profile, purpose)
    if record.review is not None and record.review < today:
        return "its review is overdue"
    if record.basis is None:
        if fact.source is not Source.RESIDENT:
            return "its basis is not recorded"
        if profile.value("speech.yes_no_unreliable") == "true":
            return "a spoken yes does not decide for this person: staff must record the basis"
        return ""
    if purpose is Purpose.FACE and record.basis is not Basis.OWN:
        return "recognition by face needs the person's own consent"
    if not record.decider:
        return "who decided is not recorded"
    match record.basis:
        case Basis.OWN:
            return "somebody else cannot give the person's own consent" if _is_other(profile, record.decider) else ""
        case Basis.ATTORNEY | Basis.DEPUTY:
            return _flaw_of_role(profile, record, today) or _without_review(record)
        case Basis.BEST_INTERESTS:
            return _flaw_of_decision(profile, record) or _without_review(record)


def _flaw_of_role(profile: Profile, record: Record, today: date) -> str:
    role = f"role.{record.basis}"
    if not _among(record.decider, profile.values(f"{role}.name")):
        return f"who decided is not recorded as {record.basis}"
    seen = _day(profile.value(f"{role}.seen"))
    if seen is None or seen > today:
        return f"nobody has seen the {record.basis}'s document"
    return "" if WELFARE in profile.values(f"{role}.scope") else f"it is outside the {record.basis}'s scope"


def _flaw_of_decision(profile: Profile, record: Record) -> str:
    if _among(record.decider, profile.values("role.family.name")):
        return "family alone is no basis"
    if not record.assessment:
        return "the capacity assessment is not recorded"
    return "" if record.consulted else "nobody is recorded as consulted"


def _without_review(record: Record) -> str:
    return "" if record.review is not None else "its review date is not recorded"


def _is_other(profile: Profile, name: str) -> bool:
    roles = ("attorney", "deputy", "guardian", "advocate", "family")
    return any(_among(name, profile.values(f"role.{role}.name")) for role in roles)


def _among(name: str, names: Iterable[str]) -> bool:
    return name.casefold().strip() in {each.casefold().strip() for each in names}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Present:
    """Somebody in the room: their profile, None for a person who is not known, and what they refused today."""

    profile: Profile | None
    refused: frozenset[Purpose] = frozenset()


def in_room(present: Iterable[Present], purpose: Purpose, today: date) -> Standing:
    """Whether the room's memory or camera may be on: each person present must have agreed, and one refusal of either
    ends both (care rule 11). `purpose`: memory or camera. An empty room has nobody to ask."""
    people = list(present)
    if not people:
        return Standing(False, "nobody is here to ask")
    shared = (Purpose.MEMORY, Purpose.CAMERA)
    for person in people:
        if person.refused.intersection(shared):
            return Standing(False, "somebody here refused it today")
        if any(_said_no(person.profile, each) for each in shared):
            return Standing(False, "somebody here has refused it")
    if not all(consent(person.profile, purpose, today).allowed for person in people):
        return Standing(False, "somebody here has not agreed to it")
    return Standing(True, "everybody here agreed to it")


def _said_no(profile: Profile | None, purpose: Purpose) -> bool:
    return profile is not None and profile.value(f"consent.{purpose}") == "no"
