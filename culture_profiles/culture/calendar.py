"""Works out when the festivals and times of packs are.

A calendar is for looking at: it moves no food, drink or medicine (care rule 7). Islamic dates follow the calculated
calendar of Umm al-Qura (hijridate); a community that sights the moon may keep a day earlier or later.
"""

import calendar
import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache

import astral
import astral.sun
from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter
from hijridate import Gregorian
from hijridate import Hijri as HijriDate
from lunardate import LunarDate  # type: ignore[import-untyped, unused-ignore]

from culture_profiles.culture.pack import Festival, Pack, TimeOfPack
from culture_profiles.culture.when import (
    WEEKDAYS,
    Clock,
    DayForm,
    During,
    Easter,
    Hijri,
    HolidayName,
    Listed,
    Lunar,
    Nth,
    PublicHoliday,
    Sun,
    TimeForm,
    Yearly,
)
from culture_profiles.errors import KithError

_LOOK_AHEAD_YEARS = 2
_SUN: dict[str, Callable[..., datetime]] = {
    "dawn": astral.sun.dawn,
    "sunrise": astral.sun.sunrise,
    "noon": astral.sun.noon,
    "sunset": astral.sun.sunset,
    "dusk": astral.sun.dusk,
}


@dataclass(frozen=True)
class Span:
    """Whole days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Location:
    """Where a home is, for the sun: degrees north and east, and the home's time zone."""

    latitude: float
    longitude: float
    zone: tzinfo


def spans(when: DayForm, year: int) -> list[Span]:
    """When something begins within a Gregorian year: once, or twice or never by a lunar calendar.

    Errors: KithError, one line without the place, when it cannot be worked out for this year.
    """
    days, starts = _starts(when, year)
    return [Span(start, start + timedelta(days=days - 1)) for start in sorted(starts) if start.year == year]


def next_span(when: DayForm, today: date) -> Span | None:
    """What is on today or else comes next; None where that cannot be worked out."""
    for year in range(today.year - 1, today.year + _LOOK_AHEAD_YEARS + 1):
        try:
            found = spans(when, year)
        except KithError:
            continue
        for span in found:
            if span.last >= today:
                return span
    return None


def _starts(when: DayForm, year: int) -> tuple[int, list[date]]:
    match when:
        case Yearly():
            return when.days, [_day_of_year(year, when.month, when.day)]
        case PublicHoliday():
            return 1, _holiday(when.holiday, year)
        case Hijri():
            return when.hijri.days, _hijri(when, year)
        case Lunar():
            return when.lunar.days, _lunar(when, year)
        case Easter():
            around = (_easter(other, when.orthodox) for other in (year - 1, year, year + 1))
            return when.days, [sunday + timedelta(days=when.easter) for sunday in around]
        case Nth():
            return 1, [_nth(when, year)]
        case Listed():
            found = [day for day in when.dates if day.year == year]
            # A lunar date may skip a year only if the list goes on after it.
            if not found and not min(when.dates).year < year < max(when.dates).year:
                raise KithError(f"no date is listed for {year}")
            return when.days, found


def _easter(year: int, orthodox: bool) -> date:
    return easter(year, EASTER_ORTHODOX) if orthodox else easter(year, EASTER_WESTERN)


def _day_of_year(year: int, month: int, day: int) -> date:
    last = calendar.monthrange(year, month)[1]
    if day > last and not (month == 2 and day == 29):
        raise KithError(f"month {month} has no day {day}")
    return date(year, month, min(day, last))


def _nth(when: Nth, year: int) -> date:
    weekday = WEEKDAYS.index(when.nth.weekday)
    if when.nth.n == -1:
        last = date(year, when.nth.month, calendar.monthrange(year, when.nth.month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, when.nth.month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (when.nth.n - 1))


def _hijri(when: Hijri, year: int) -> list[date]:
    try:
        begins, ends = Gregorian(year, 1, 1).to_hijri().year, Gregorian(year, 12, 31).to_hijri().year
        first_days = [HijriDate(each, when.hijri.month, 1).to_gregorian() for each in range(begins, ends + 1)]
    except (OverflowError, ValueError):
        raise KithError(f"the Islamic calendar is not known for {year}") from None
    return [date(each.year, each.month, each.day) + timedelta(days=when.hijri.day - 1) for each in first_days]


def _lunar(when: Lunar, year: int) -> list[date]:
    try:
        first_days = [LunarDate(each, when.lunar.month, 1).to_solar_date() for each in (year - 1, year)]
    except (ValueError, IndexError):
        raise KithError(f"the Chinese calendar is not known for {year}") from None
    return [each + timedelta(days=when.lunar.day - 1) for each in first_days]


def _holiday(wanted: HolidayName, year: int) -> list[date]:
    known = _holidays(wanted.country, wanted.subdivision, wanted.category, year)
    found = sorted(day for day, names in known.items() if wanted.name in names)
    if not found:
        every = sorted({name for names in known.values() for name in names})
        near = difflib.get_close_matches(wanted.name, every, n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(every)[:200]}"
        raise KithError(f"{wanted.country} has no holiday {wanted.name!r} in {year}{hint}")
    return found[:1]


@cache
def _holidays(country: str, subdivision: str | None, category: str | None, year: int) -> dict[date, list[str]]:
    import holidays  # only where a pack needs it: a tenth of a second

    languages: tuple[str, ...] = getattr(getattr(holidays, country, None), "supported_languages", ())
    english = next((each for each in ("en_US", "en_GB", *languages) if each in languages and each[:2] == "en"), None)
    try:
        found = holidays.country_holidays(
            country,
            subdiv=subdivision,
            years=year,
            language=english,
            categories=(category,) if category else None,
        )
    except (NotImplementedError, ValueError, AttributeError):
        place = " ".join(part for part in (country, subdivision, category) if part)
        raise KithError(f"the holidays of {place} are not known") from None
    return {day: names.split("; ") for day, names in found.items()}


def on(when: TimeForm, pack: Pack, day: date) -> bool:
    """Whether a time of a pack is kept on a day."""
    match when:
        case Sun() | Clock():
            return when.weekday is None or WEEKDAYS[day.weekday()] == when.weekday
        case During():
            around = during(when, pack)
            return around is not None and on(around, pack, day)
        case _:
            found = next_span(when, day)
            return found is not None and day in found


def during(when: During, pack: Pack) -> TimeForm | None:
    """What the festival or time of the same pack is that `when` names; None where there is none but another such."""
    named: list[Festival | TimeOfPack] = [*pack.festivals, *pack.times]
    found = next((each.when for each in named if each.id == when.during), None)
    return None if isinstance(found, During) else found


def moment(when: Sun | Clock, day: date, place: Location) -> datetime | None:
    """The time of a day at which something is; None where the sun does not do so that day (far north)."""
    if isinstance(when, Clock):
        return datetime.combine(day, when.clock, tzinfo=place.zone)
    observer = astral.Observer(place.latitude, place.longitude)
    try:
        at = _SUN[when.sun](observer, date=day, tzinfo=UTC)
    except ValueError:
        return None
    return (at + timedelta(minutes=when.offset_minutes)).astimezone(place.zone)
