"""What a resident's own calendars say about their routines, for staff to look at: it moves nothing (care rule 7)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from behaviours.routines.routine import Routine
from culture_profiles.culture.calendar import Location
from culture_profiles.culture.facets import Side
from culture_profiles.culture.observances import festivals_ahead, times_today

_FOOD = frozenset({"meal", "drink", "medicine"})
_BUSY = frozenset({"appointment", "exercise", "activity", "visit"})
_PRAYER_TAKES = timedelta(minutes=20)


@dataclass(frozen=True)
class Conflict:
    """One time of a routine that meets a day or time the resident may keep. `what`: its name in the pack."""

    routine_id: str
    kind: str
    due: datetime
    what: str
    why: str


@dataclass(frozen=True)
class Kept:
    """One day: what is on, by name."""

    day: date
    names: tuple[str, ...]


def kept(of_person: tuple[Side, ...], today: date, days: int) -> list[Kept]:
    """The days ahead on which something is kept."""
    found = []
    for day in (today + timedelta(days=number) for number in range(days)):
        names = [each.festival.name for each in festivals_ahead(of_person, day, days=0) if day in each.span]
        names += [each.time.name for each in times_today(of_person, day)]
        if names:
            found.append(Kept(day, tuple(dict.fromkeys(names))))
    return found


def conflicts(
    routines: list[Routine],
    of_person: tuple[Side, ...],
    now: datetime,
    days: int,
    zone: ZoneInfo,
    place: Location | None = None,
) -> list[Conflict]:
    """What staff may want to talk over with the resident: food on a fast, an outing on a day of rest, a call in prayer.

    `place`: where the home is, for times by the sun; without it only those by the clock are compared.
    """
    found = []
    for routine in routines:
        for due in routine.due_between(now, now + timedelta(days=days)):
            day = due.astimezone(zone).date()
            for each in times_today(of_person, day, place):
                why = _meets(routine.kind, each.time.kind, due, each.at)
                if why:
                    found.append(Conflict(routine.id, routine.kind, due, each.time.name, why))
            found += [
                Conflict(routine.id, routine.kind, due, each.festival.name, "a day they may keep")
                for each in festivals_ahead(of_person, day, days=0)
                if day in each.span and routine.kind in _BUSY
            ]
    return sorted(found, key=lambda each: (each.due, each.routine_id, each.what))


def _meets(kind: str, time_kind: str, due: datetime, at: datetime | None) -> str:
    if time_kind == "fasting" and kind in _FOOD:
        return "a fast they may keep: nothing is moved, senior staff decide"
    if time_kind == "rest" and kind in _BUSY and at is None:
        return "a day or time of rest"
    if time_kind == "prayer" and kind != "prayer" and at is not None and at <= due < at + _PRAYER_TAKES:
        return "a time of prayer"
    return ""
