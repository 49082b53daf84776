"""What the residents of a simulated home want to be reminded of, and by plain day arithmetic when that is.

Nothing here uses the code under test: the observer judges against these times.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WINDOW = timedelta(minutes=60)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EVERY_DAY = frozenset(range(7))
_STAGGERED = timedelta(minutes=4)


@dataclass(frozen=True)
class Planned:
    """One routine. `days`: Monday is 0. `for_staff`: the rules give it to staff, and the robot must say nothing."""

    id: str
    resident_id: str
    kind: str
    title: str
    clock: time
    days: frozenset[int] = _EVERY_DAY
    for_staff: bool = False

    @property
    def rrule(self) -> str:
        """The same in RFC 5545, as the home is told."""
        if self.days == _EVERY_DAY:
            return "FREQ=DAILY"
        return "FREQ=WEEKLY;BYDAY=" + ",".join(_DAYS[day] for day in sorted(self.days))

    def first(self, day: date, zone: ZoneInfo) -> datetime:
        """When it is due for the first time from this day on, in UTC."""
        return next(self.due(day, 7, zone))

    def due(self, day: date, days: int, zone: ZoneInfo) -> Iterator[datetime]:
        """Every time in so many days of the home's calendar, in UTC. No time of day here falls into a clock change."""
        for number in range(days):
            local = day + timedelta(days=number)
            if local.weekday() in self.days:
                yield datetime.combine(local, self.clock, zone).astimezone(UTC)


_SLOTS = (
    ("medicine", "tablets", time(8, 40), _EVERY_DAY),
    ("exercise", "morning exercises", time(9, 35), _EVERY_DAY),
    ("drink", "a drink", time(10, 40), _EVERY_DAY),
    ("meal", "lunch", time(12, 15), _EVERY_DAY),
    ("activity", "the singing circle", time(14, 20), _EVERY_DAY),
    ("call", "the family", time(16, 30), _EVERY_DAY),
    ("custom", "water the geraniums", time(18, 15), _EVERY_DAY),
    ("visit", "the friends from the choir", time(15, 25), frozenset({5})),
    ("appointment", "the hairdresser", time(11, 30), frozenset({1})),
    ("prayer", "evening prayer", time(19, 30), frozenset({4})),
)


def plan(residents: tuple[str, ...], without_assessment: frozenset[str], restricted: frozenset[str]) -> list[Planned]:
    """Everybody's routines. Two residents share each time of day, the next two come four minutes later.

    `without_assessment`: whose medicine is the staff's; `restricted`: to whom the robot may offer no food or drink.
    """
    found = []
    for place, resident_id in enumerate(residents):
        for kind, title, clock, days in _SLOTS:
            due = (datetime.combine(date.min, clock) + place // 2 * _STAGGERED).time()
            for_staff = (kind == "medicine" and resident_id in without_assessment) or (
                kind in ("drink", "meal") and resident_id in restricted
            )
            found.append(Planned(f"{resident_id}-{kind}", resident_id, kind, title, due, days, for_staff))
    return found
