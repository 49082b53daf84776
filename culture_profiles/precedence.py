"""Which of several facts about the same thing is in force.

For preferences: locked > stated or confirmed by the person > carer or family > observed > prior; equals go to the newer
one. Keys of staff know staff alone. A retraction takes away what stood before it and does not outrank its source, and
it keeps guesses from creeping back. A person's latest "no" to a consent outranks everything.
"""

from collections.abc import Iterable, Sequence

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.keys import keys, spec

_NEVER, _PRIOR, _GUESS, _OTHERS, _PERSON, _LOCK, _REFUSAL = range(7)
_BY_SOURCE = {
    Source.CULTURE_PRIOR: _PRIOR,
    Source.OBSERVED: _GUESS,
    Source.CARER: _OTHERS,
    Source.FAMILY: _OTHERS,
    Source.RESIDENT: _PERSON,
}
Rank = tuple[int, int]
Slot = tuple[str, Source, str]


def allowed(fact: Fact) -> bool:
    """Whether this source may hold this key at all: else the fact is not kept, or becomes a question to staff."""
    key = spec(fact.key)
    if key.for_staff_only:
        return fact.source is Source.CARER and fact.status is not Status.ASSUMED
    if key.consent and fact.source not in (Source.RESIDENT, Source.CARER):
        return False
    assumed = fact.status is Status.ASSUMED or fact.source in (Source.CULTURE_PRIOR, Source.OBSERVED)
    return key.may_be_assumed or not assumed


def item(fact: Fact) -> str:
    """What the fact is about within its key: the item of a many-valued key, however it is cased, else nothing."""
    known = keys().get(fact.key)
    return known.subject(fact.value) if known is not None and known.many else ""


def contest(key: str) -> str:
    """The name under which facts compete: the key, or the first of two opposite keys."""
    known = keys().get(key)
    return min(key, known.opposite) if known is not None and known.opposite else key


def slot(fact: Fact) -> Slot:
    """Of facts about one item, those in one slot supersede each other: older ones can never be in force again."""
    said = fact.status in (Status.STATED, Status.CONFIRMED)
    return (fact.key, fact.source, "said" if said else fact.status.value)


def winner(facts: Sequence[Fact]) -> Fact | None:
    """The fact in force among those about one item, given oldest first, with retractions of the whole key."""
    best: Fact | None = None
    best_rank: Rank = (_NEVER, 0)
    taken_back = [(at, fact) for at, fact in enumerate(facts) if fact.status is Status.RETRACTED and _may_hold(fact)]
    for place, fact in enumerate(facts):
        if fact.status is Status.RETRACTED or any(_hides(gone, at, fact, place) for at, gone in taken_back):
            continue
        rank = _rank(fact, facts, place)
        if rank[0] != _NEVER and rank >= best_rank:
            best, best_rank = fact, rank
    return best


def refuse_contradictory_lock(fact: Fact, in_force: Iterable[Fact]) -> None:
    """Refuse a lock that says otherwise than the other side's: `in_force` is what is in force about the same.

    Staff cannot lock against the person's lock or the person's "no" to a consent, nor the person against staff's lock.
    Errors: KithError with one line that says who has to open it, not what it says.
    """
    if fact.status is not Status.LOCKED:
        return
    for other in in_force:
        same = other.key == fact.key and (other.value == fact.value or (item(fact) and item(other) == item(fact)))
        if same or other.source is fact.source:
            continue
        if spec(fact.key).consent and other.source is Source.RESIDENT and other.value == "no":
            raise KithError(f"{fact.key}: the person said no, which nobody overrules: nothing was locked")
        if other.status is Status.LOCKED:
            whose = "the person" if other.source is Source.RESIDENT else "staff"
            raise KithError(
                f"{fact.key}: {whose} locked it otherwise, under {other.key}: {whose} must retract that first"
            )


def confirmed_by_staff(fact: Fact) -> bool:
    """Whether staff stand for it: what hearsay needs before it may be spoken of."""
    return fact.source is Source.CARER and fact.status in (Status.CONFIRMED, Status.LOCKED)


def _may_hold(fact: Fact) -> bool:
    """Whether it counts at all. A key of a later or earlier vocabulary is kept, but never in force."""
    return fact.key in keys() and allowed(fact)


def _standing(fact: Fact) -> int:
    by_source = _BY_SOURCE[fact.source]
    return min(by_source, _GUESS) if fact.status is Status.ASSUMED else by_source


def _rank(fact: Fact, facts: Sequence[Fact], place: int) -> Rank:
    known = keys().get(fact.key)
    if known is None or not _may_hold(fact):
        return (_NEVER, 0)
    own = _BY_SOURCE[fact.source]
    if known.consent and fact.source is Source.RESIDENT and fact.value == "no":
        newer = facts[place + 1 :]
        if not any(other.source is Source.RESIDENT and other.value == "yes" for other in newer):
            return (_REFUSAL, own)
    if fact.status is Status.LOCKED:
        return (_LOCK, own)
    return (_standing(fact), 0)


def _hides(gone: Fact, gone_at: int, fact: Fact, at: int) -> bool:
    if gone.key != fact.key:
        return False
    if fact.status is Status.LOCKED:
        return gone.source is fact.source and gone_at > at
    if _standing(fact) > _BY_SOURCE[gone.source]:
        return False
    return gone_at > at or _standing(fact) <= _GUESS
