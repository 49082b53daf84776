"""What is known of one resident, with precedence applied."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from culture_profiles import precedence
from culture_profiles.fact import Fact, Status
from culture_profiles.keys import keys

_KNOWN = frozenset({Status.STATED, Status.CONFIRMED, Status.LOCKED})


class Profile:
    """All current facts of one resident, immutable.

    Made from any part of the resident's history that holds the newest fact of each source, in any order: stored facts
    are ordered by `sequence`, those not stored yet (0) come after them as given. `sequence` is of the newest change.
    """

    def __init__(self, resident_id: str, sequence: int = 0, facts: Iterable[Fact] = ()) -> None:
        contests: dict[str, list[Fact]] = {}
        for fact in facts:
            if fact.resident_id != resident_id:
                raise ValueError("a profile holds the facts of one resident")
            contests.setdefault(precedence.contest(fact.key), []).append(fact)
            sequence = max(sequence, fact.sequence)
        standing = {contest: _newest_of_each_slot(found) for contest, found in contests.items()}
        self._fill(resident_id, sequence, standing, {name: precedence.winners(got) for name, got in standing.items()})

    def _fill(
        self,
        resident_id: str,
        sequence: int,
        standing: Mapping[str, tuple[Fact, ...]],
        current: Mapping[str, tuple[Fact, ...]],
    ) -> None:
        self.resident_id = resident_id
        self.sequence = sequence
        self._standing = standing
        self._current = current

    def with_fact(self, fact: Fact) -> "Profile":
        """This profile and one fact more. The order in which stored facts are added does not matter."""
        if fact.resident_id != self.resident_id:
            raise ValueError("a profile holds the facts of one resident")
        contest = precedence.contest(fact.key)
        standing = _newest_of_each_slot([*self._standing.get(contest, ()), fact])
        made = Profile.__new__(Profile)
        made._fill(
            self.resident_id,
            max(self.sequence, fact.sequence),
            {**self._standing, contest: standing},
            {**self._current, contest: precedence.winners(standing)},
        )
        return made

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts in force, oldest first: one per single-valued key, one per item of a many-valued one."""
        return tuple(sorted((fact for found in self._current.values() for fact in found), key=_place))

    @cached_property
    def standing(self) -> tuple[Fact, ...]:
        """All that can still come into force, retractions included: what another process needs to hold the same."""
        return tuple(sorted((fact for found in self._standing.values() for fact in found), key=_place))

    def fact(self, key: str) -> Fact | None:
        """The fact in force under `key` (of a many-valued key the newest), or None. Never unconfirmed hearsay."""
        found = self._of(key)
        return found[-1] if found else None

    def value(self, key: str, default: str | None = None) -> str | None:
        """The value in force of a single-valued key, else `default`."""
        fact = self.fact(key)
        return fact.value if fact is not None else default

    def values(self, key: str) -> tuple[str, ...]:
        """The values in force under `key`, oldest first."""
        return tuple(fact.value for fact in self._of(key))

    def known(self) -> tuple[Fact, ...]:
        """What may be spoken of to the person: stated, confirmed or locked; nothing assumed, no hearsay."""
        return tuple(fact for fact in self.facts if fact.status in _KNOWN and not _is_hearsay(fact))

    def hearsay(self) -> tuple[Fact, ...]:
        """What was said about deaths, visits and whereabouts and staff have not confirmed. Never truth."""
        return tuple(fact for fact in self.facts if _is_hearsay(fact))

    def about(self, fact: Fact) -> tuple[Fact, ...]:
        """The facts in force about the same as `fact`: its item, under the opposite key too, or its whole key."""
        found = self._current.get(precedence.contest(fact.key), ())
        item = precedence.item(fact)
        if fact.status is Status.RETRACTED:
            return tuple(other for other in found if other.key == fact.key and item in ("", precedence.item(other)))
        return tuple(other for other in found if precedence.item(other) == item)

    def _of(self, key: str) -> tuple[Fact, ...]:
        found = self._current.get(precedence.contest(key), ())
        return tuple(fact for fact in found if fact.key == key and not _is_hearsay(fact))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Profile):
            return NotImplemented
        return (self.resident_id, self.sequence, self.standing) == (other.resident_id, other.sequence, other.standing)

    def __hash__(self) -> int:
        return hash((self.resident_id, self.sequence))

    def __repr__(self) -> str:
        return f"Profile({self.resident_id!r}, sequence={self.sequence}, {len(self.facts)} facts)"


def _place(fact: Fact) -> tuple[bool, int]:
    return (fact.sequence == 0, fact.sequence)


def _newest_of_each_slot(facts: list[Fact]) -> tuple[Fact, ...]:
    newest: dict[precedence.Slot, Fact] = {}
    for fact in sorted(facts, key=_place):
        slot = precedence.slot(fact)
        newest.pop(slot, None)
        newest[slot] = fact
    return tuple(newest.values())


def _is_hearsay(fact: Fact) -> bool:
    key = keys().get(fact.key)
    return key is not None and key.hearsay and not precedence.confirmed_by_staff(fact)
