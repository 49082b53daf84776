"""The days and times that people of a resident's background may keep, for staff to look at.

They move no food, drink or medicine (care rule 7). What belongs to a faith is shown only for a faith that the person
stated, also where the pack of a nation or region has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from culture_profiles.culture import calendar
from culture_profiles.culture.calendar import Location, Span
from culture_profiles.culture.facets import Side
from culture_profiles.culture.pack import Facet, Festival, Implies, TimeOfPack
from culture_profiles.culture.when import Clock, Sun


@dataclass(frozen=True)
class FestivalAhead:
    """A festival that is on or comes next, and the pack that has it."""

    festival: Festival
    span: Span
    pack: str


@dataclass(frozen=True)
class TimeToday:
    """A time of prayer, rest or fasting kept today; `at` where it is a moment of the day and the place is known."""

    time: TimeOfPack
    pack: str
    at: datetime | None


def states_a_faith(side: Side) -> bool:
    """Whether this side is a faith that the person said is theirs."""
    return side.pack.facet is Facet.FAITH and side.weight > 0 and side.own_word


def may_be_shown(side: Side, festival: Festival, of_person: tuple[Side, ...]) -> bool:
    """Whether a festival of one side may be shown: a religious one only under a stated faith that keeps it."""
    if side.weight == 0:
        return False
    if side.pack.facet is Facet.FAITH:
        return states_a_faith(side)
    if festival.implies is Implies.NONE:
        return True
    kept = {each.id for other in of_person if states_a_faith(other) for each in other.pack.festivals}
    return festival.id in kept


def festivals_ahead(of_person: tuple[Side, ...], today: date, days: int = 366) -> list[FestivalAhead]:
    """Festivals on today or beginning within so many days, the next first; each once, from the first side with it."""
    found: dict[str, FestivalAhead] = {}
    for side, festival in _shown(of_person):
        span = calendar.next_span(festival.when, today)
        if span is not None and span.first <= today + timedelta(days=days) and festival.id not in found:
            found[festival.id] = FestivalAhead(festival, span, side.pack.reference)
    return sorted(found.values(), key=lambda each: (each.span.first, each.festival.name))


def times_today(of_person: tuple[Side, ...], today: date, place: Location | None = None) -> list[TimeToday]:
    """The times kept today. Prayer and fasting only for a stated faith."""
    found = []
    for side in of_person:
        for time in side.pack.times:
            allowed = states_a_faith(side) or (time.kind == "rest" and side.pack.facet is not Facet.FAITH)
            if side.weight == 0 or not allowed or not calendar.on(time.when, side.pack, today):
                continue
            at = None
            if isinstance(time.when, Sun | Clock) and place is not None:
                at = calendar.moment(time.when, today, place)
            found.append(TimeToday(time, side.pack.reference, at))
    return found


def _shown(of_person: tuple[Side, ...]) -> Iterator[tuple[Side, Festival]]:
    for side in of_person:
        for festival in side.pack.festivals:
            if may_be_shown(side, festival, of_person):
                yield side, festival
