"""Reading and changing what is known of a resident."""

from dataclasses import dataclass

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.keys import KeySpec, Sensitivity, spec
from culture_profiles.profile import Profile
from nodes.tablet.questions import CULTURE, is_sensitive, sections
from nodes.tablet.roles import Role
from nodes.tablet.site.visit import ForbiddenError, Visit

SAID_BY = {"resident": Source.RESIDENT, "family": Source.FAMILY, "staff": Source.CARER}
ACTS = ("say", "confirm", "never", "remove")


@dataclass(frozen=True)
class Change:
    """What somebody wants changed. `act`: one of ACTS; `value`: canonical or as typed; `said_by`: one of SAID_BY.

    `old`: the item that is replaced, of a key with many; `seen`: sequence of the newest fact that they were shown, -1
    where they saw none and nothing is to be checked.
    """

    key: str
    act: str = "say"
    value: str = ""
    said_by: str = "staff"
    old: str = ""
    seen: int = -1


class ChangedMeanwhileError(KithError):
    """Somebody else wrote the same since it was shown. `theirs` is what stands now."""

    def __init__(self, theirs: Fact) -> None:
        super().__init__("Somebody else has changed this meanwhile: look at it, then save again.")
        self.theirs = theirs


def may_read(visit: Visit, known: KeySpec) -> bool:
    """Whether this person may read such facts of the visit's resident."""
    if known.sensitivity is Sensitivity.SAFETY:
        return visit.may("see_safety")
    return not is_sensitive(known) or visit.may("see_sensitive")


def may_write(visit: Visit, known: KeySpec) -> bool:
    """Whether this person may change them here."""
    if known.for_staff_only:
        return visit.may("edit_staff_keys")
    return visit.may("edit_profile") and may_read(visit, known) and not known.consent


def asked_here(key: str) -> bool:
    """Whether it is among the questions of a profile; the rest has acts of its own."""
    return key.startswith(f"{CULTURE}.") or any(key in each.ask for each in sections().values())


async def change_fact(visit: Visit, change: Change) -> Fact:
    """Keep it; returns it as stored.

    Errors: ForbiddenError; ChangedMeanwhileError, then nothing is written; KithError.
    """
    known = spec(change.key)
    if not may_write(visit, known):
        raise ForbiddenError
    if not asked_here(change.key):
        raise KithError("This is not changed on these pages.")
    if change.act not in ACTS:
        raise KithError(f"Say what to do: {', '.join(ACTS)}.")
    value = " ".join(change.value.split())
    profile = await visit.site.home.profile(visit.resident_id)
    theirs = _changed_meanwhile(profile, known, change)
    if theirs is not None:
        raise ChangedMeanwhileError(theirs)
    source = _source(visit, known, change.said_by)
    status = {"confirm": Status.CONFIRMED, "never": Status.RETRACTED, "remove": Status.RETRACTED}.get(
        change.act, Status.STATED
    )
    if source is Source.RESIDENT and change.act == "confirm":
        status = Status.STATED
    fact = make_fact(
        resident_id=visit.resident_id,
        key=change.key,
        value=value if known.many or status is not Status.RETRACTED else "",
        source=source,
        status=status,
        who=visit.person.id,
        when=visit.now,
    )
    await visit.record("write", [change.key])
    stored = await visit.site.home.write(fact)
    if change.act == "say" and known.many and change.old and known.subject(change.old) != known.subject(stored.value):
        await visit.site.home.write(fact.model_copy(update={"value": change.old, "status": Status.RETRACTED}))
    return stored


def outcome(profile: Profile, stored: Fact) -> str:
    """What became of a change, in words."""
    holds = profile.about(stored)
    if stored.status is Status.RETRACTED and any(each.key == stored.key for each in holds):
        return (
            "Kept, but it still stands: they said so themselves. Choose “they said so” to take it back in their name."
        )
    if stored.status is not Status.RETRACTED and all(each.sequence != stored.sequence for each in holds):
        return "Kept, but what they said themselves stands above it."
    return "Saved. The robot knows it already."


def _source(visit: Visit, known: KeySpec, said_by: str) -> Source:
    if visit.person.role is Role.RESIDENT:
        return Source.RESIDENT
    return Source.CARER if known.for_staff_only else SAID_BY.get(said_by, Source.CARER)


def _changed_meanwhile(profile: Profile, known: KeySpec, change: Change) -> Fact | None:
    """What somebody else has written since it was shown; None when nothing was."""
    if change.seen < 0:
        return None
    if known.many:
        old = known.subject(change.old)
        now = next(
            (each for each in profile.facts if each.key == known.name and known.subject(each.value) == old), None
        )
    else:
        now = profile.fact(known.name)
    return now if now is not None and now.sequence > change.seen else None
