"""What is known of one resident, with precedence applied."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
        rows: dict[str, list[Fact]] = {}
        for fact in facts:
            if fact.resident_id != resident_id:
                raise ValueError("a profile holds the facts of one resident")
            rows.setdefault(fact.key, []).append(fact)
            sequence = max(sequence, fact.sequence)
        self._fill(resident_id, sequence, rows, None, {})

    @classmethod
    def of_rows(
        cls, resident_id: str, sequence: int, rows: Mapping[str, Sequence[Any]], fact_of: Callable[[Any], Fact]
    ) -> "Profile":
        """A profile over rows of a store by key, made facts and weighed only when something asks for their key."""
        made = cls.__new__(cls)
        made._fill(resident_id, sequence, rows, fact_of, {})
        return made

    def _fill(
        self,
        resident_id: str,
        sequence: int,
        rows: Mapping[str, Sequence[Any]],
        fact_of: Callable[[Any], Fact] | None,
        contests: dict[str, "_Contest"],
    ) -> None:
        self.resident_id = resident_id
        self.sequence = sequence
        self._rows = rows
        self._fact_of = fact_of
        self._contests = contests  # those looked at so far, and those with facts that no row holds

    def with_fact(self, fact: Fact) -> "Profile":
        """This profile and one fact more. The order in which stored facts are added does not matter."""
        if fact.resident_id != self.resident_id:
            raise ValueError("a profile holds the facts of one resident")
        name = precedence.contest(fact.key)
        contests = {**self._contests, name: self._contest(name).with_fact(fact)}
        made = Profile.__new__(Profile)
        made._fill(self.resident_id, max(self.sequence, fact.sequence), self._rows, self._fact_of, contests)
        return made

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts in force, oldest first: one per single-valued key, one per item of a many-valued one."""
        return tuple(sorted((fact for contest in self._all() for fact in contest.current.values()), key=_place))

    @cached_property
    def standing(self) -> tuple[Fact, ...]:
        """All that can still come into force, retractions included: what another process needs to hold the same."""
        found = (fact for contest in self._all() for facts in contest.standing.values() for fact in facts)
        return tuple(sorted(found, key=_place))

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
        current = self._contest(precedence.contest(fact.key)).current
        item = precedence.item(fact)
        if fact.status is Status.RETRACTED and not item:
            return tuple(other for other in current.values() if other.key == fact.key)
        found = current.get(item)
        if found is None or (fact.status is Status.RETRACTED and found.key != fact.key):
            return ()
        return (found,)

    def _contest(self, name: str) -> "_Contest":
        found = self._contests.get(name)
        if found is None:
            rows = self._rows.get(name, ())
            known = keys().get(name)
            if known is not None and known.opposite:
                rows = [*rows, *self._rows.get(known.opposite, ())]
            items: dict[str, list[Fact]] = {}
            for fact in rows if self._fact_of is None else map(self._fact_of, rows):
                items.setdefault(precedence.item(fact), []).append(fact)
            found = self._contests[name] = _Contest.of(items) if items else _NO_CONTEST
        return found

    def _all(self) -> "Iterable[_Contest]":
        names = {precedence.contest(key): None for key in (*self._rows, *self._contests)}
        return [self._contest(name) for name in names]

    def _of(self, key: str) -> tuple[Fact, ...]:
        current = self._contest(precedence.contest(key)).current
        found = [fact for fact in current.values() if fact.key == key and not _is_hearsay(fact)]
        return tuple(sorted(found, key=_place))

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


@dataclass(frozen=True)
class _Contest:
    """The facts under one key, or two opposite ones, by item; under no item the retractions of a whole key."""

    standing: Mapping[str, tuple[Fact, ...]]
    """Of each slot the newest, oldest first."""
    current: Mapping[str, Fact]

    @staticmethod
    def of(items: Mapping[str, Iterable[Fact]]) -> "_Contest":
        standing = {item: _newest_of_each_slot(facts) for item, facts in items.items()}
        return _Contest(standing, _in_force(standing, standing))

    def with_fact(self, fact: Fact) -> "_Contest":
        item = precedence.item(fact)
        standing = {**self.standing, item: _newest_of_each_slot([*self.standing.get(item, ()), fact])}
        if not item:
            return _Contest(standing, _in_force(standing, standing))
        others = {name: found for name, found in self.current.items() if name != item}
        return _Contest(standing, {**others, **_in_force(standing, [item])})


_NO_CONTEST = _Contest({}, {})


def _in_force(standing: Mapping[str, tuple[Fact, ...]], items: Iterable[str]) -> dict[str, Fact]:
    of_whole_key = standing.get("", ())
    found = {}
    for item in items:
        facts = standing[item]
        if item and of_whole_key:
            facts = tuple(sorted((*facts, *of_whole_key), key=_place))
        winner = precedence.winner(facts)
        if winner is not None:
            found[item] = winner
    return found


def _newest_of_each_slot(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    newest: dict[precedence.Slot, Fact] = {}
    for fact in sorted(facts, key=_place):
        slot = precedence.slot(fact)
        newest.pop(slot, None)
        newest[slot] = fact
    return tuple(newest.values())


def _is_hearsay(fact: Fact) -> bool:
    key = keys().get(fact.key)
    return key is not None and key.hearsay and not precedence.confirmed_by_staff(fact)
