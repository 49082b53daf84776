"""Somebody is on the floor: when that is called out, and when it is as staff expect it (care rule 4).

One look may be mistaken. What is seen again some seconds later is called, while the robot asks. Staff may expect a
resident on the floor (prayer, a futon, exercise) for a time of the day; that excuses as many people as it is expected
of, not one more, and not a minute longer.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto


class Step(Enum):
    """What follows from a look."""

    NOTHING = auto()
    LOOK_AGAIN = auto()
    AS_EXPECTED = auto()
    CALL = auto()


@dataclass(frozen=True)
class Sighting:
    """Where somebody on the floor is: metres ahead of the robot and to its left."""

    x_m: float
    y_m: float

    def far_from(self, other: "Sighting") -> float:
        """Metres."""
        return math.hypot(self.x_m - other.x_m, self.y_m - other.y_m)


@dataclass
class _Case:
    where: Sighting
    first_at: datetime
    seen_at: datetime
    called: bool = False


@dataclass
class FloorRule:
    """Of one robot. A sighting within `same_m` of an earlier one is the same person."""

    again_after: timedelta = timedelta(seconds=2.5)
    forgotten_after: timedelta = timedelta(seconds=20)
    same_m: float = 1.5
    _cases: list[_Case] = field(default_factory=list)

    def see(self, sightings: Sequence[Sighting], now: datetime, *, expected: Iterable[object] = ()) -> Step:
        """One look. `expected`: one entry for each person whom staff expect on the floor here and now.

        `CALL` comes once for each person; the call itself goes on until a person has come.
        """
        excused = sum(1 for _ in expected)
        self._cases = [each for each in self._cases if now - each.seen_at < self.forgotten_after]
        for sighting in sightings:
            self._take_in(sighting, now)
        here = [each for each in self._cases if each.seen_at == now]
        if not here:
            return Step.NOTHING
        # Whoever is down longest is the one it is expected of.
        unexpected = sorted(here, key=lambda each: each.first_at)[excused:]
        if not unexpected:
            return Step.AS_EXPECTED
        due = [each for each in unexpected if not each.called and now - each.first_at >= self.again_after]
        for each in due:
            each.called = True
        if due:
            return Step.CALL
        return Step.NOTHING if all(each.called for each in unexpected) else Step.LOOK_AGAIN

    def _take_in(self, sighting: Sighting, now: datetime) -> None:
        near = [each for each in self._cases if each.where.far_from(sighting) <= self.same_m]
        if not near:
            self._cases.append(_Case(sighting, now, now))
            return
        case = min(near, key=lambda each: each.where.far_from(sighting))
        case.where, case.seen_at = sighting, now
