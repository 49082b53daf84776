"""A resident's routines as an iCalendar file (RFC 5545), and such a file as routines."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.prop import vRecur

from behaviours.routines.routine import KINDS, LONGEST_WINDOW, SHORTEST_WINDOW, Routine, zone
from culture_profiles.errors import KithError

_LARGEST_FILE = 1_000_000
_MOST_EVENTS = 500
_USUAL_WINDOW = timedelta(hours=1)
_MADE_BY = "-//Kith//reminders//EN"


@dataclass(frozen=True)
class Plan:
    """What a file asks for. `past`: events that are never due again, left out."""

    routines: tuple[Routine, ...]
    past: int


def exported(routines: Iterable[Routine], now: datetime) -> bytes:
    """The routines as a file that any calendar program reads. The window is the event's length."""
    calendar = Calendar()
    calendar.add("prodid", _MADE_BY)
    calendar.add("version", "2.0")
    for routine in routines:
        event = Event()
        event.add("uid", f"{routine.id}@kith")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", routine.start.astimezone(zone(routine.time_zone)))
        event.add("duration", routine.window)
        event.add("summary", routine.title)
        event.add("categories", [routine.kind])
        if routine.place:
            event.add("location", routine.place)
        if routine.rrule:
            event.add("rrule", vRecur.from_ical(routine.rrule.upper().removeprefix("RRULE:")))
        event.add("x-kith-by", routine.by)
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def read(content: bytes, resident_id: str, kind: str, who: str, home_zone: str, now: datetime) -> Plan:
    """The file's events as routines of a resident; `kind` where an event names none of ours in its categories.

    Errors: KithError that names the event by its number, for what cannot be kept as it is written: then nothing is.
    """
    if len(content) > _LARGEST_FILE:
        raise KithError("the calendar is larger than 1 MB: export fewer events")
    try:
        calendar = Calendar.from_ical(content)
        events = [each for each in calendar.walk("VEVENT") if isinstance(each, Event)]
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):
        raise KithError("the file is no iCalendar (RFC 5545): export it anew from the calendar program") from None
    if not events:
        raise KithError("the calendar holds no event")
    if len(events) > _MOST_EVENTS:
        raise KithError(f"the calendar holds more than {_MOST_EVENTS} events: export fewer")
    made, past, ids = [], 0, set()
    for number, event in enumerate(events, start=1):
        try:
            routine = _routine(event, resident_id, kind, who, home_zone)
            if not routine.rrule and routine.start + routine.window <= now:
                past += 1
                continue
            routine.check(now)
            if routine.id in ids:
                raise KithError("has the same UID as one before: changed single times of a series cannot be kept")
        except KithError as problem:
            raise KithError(f"event {number}: {problem}") from None
        ids.add(routine.id)
        made.append(routine)
    return Plan(tuple(made), past)


def _routine(event: Event, resident_id: str, kind: str, who: str, home_zone: str) -> Routine:
    for name in ("RECURRENCE-ID", "EXDATE", "RDATE", "EXRULE"):
        if name in event:
            raise KithError(f"{name} cannot be kept: write exceptions as events of their own")
    try:
        start, ends = event.decoded("DTSTART", None), event.decoded("DTEND", None)
        length = event.decoded("DURATION", None)
        rule = event.get("RRULE")
        rrule = rule.to_ical().decode() if rule is not None and not isinstance(rule, list) else ""
    except (ValueError, AttributeError, TypeError):
        raise KithError("its time or repetition cannot be read") from None
    if isinstance(rule, list):
        raise KithError("it has more than one repetition: write them as events of their own")
    if not isinstance(start, datetime):
        raise KithError("it has no time of day: give it one" if isinstance(start, date) else "DTSTART is missing")
    local = zone(home_zone)
    if start.tzinfo is None:
        start = start.replace(tzinfo=local)
    elif rrule and not _same_clock(start, local):
        raise KithError("it repeats by the clock of another time zone than the home's: write it in the home's")
    if length is None and isinstance(ends, datetime):
        length = (ends if ends.tzinfo else ends.replace(tzinfo=local)) - start
    window = length if isinstance(length, timedelta) and length > timedelta() else _USUAL_WINDOW
    return Routine(
        id=_id(event, resident_id, start),
        resident_id=resident_id,
        kind=_kind(event, kind),
        title=str(event.get("SUMMARY", "")).strip(),
        place=str(event.get("LOCATION", "")).strip(),
        start=start,
        rrule=rrule,
        window=min(max(window, SHORTEST_WINDOW), LONGEST_WINDOW),
        created_by=who,
        time_zone=home_zone,
        by="tablet" if str(event.get("X-KITH-BY", "")).lower() == "tablet" else "robot",
    )


def _same_clock(start: datetime, local: ZoneInfo) -> bool:
    # Other names for the same clock are as good: their offsets agree in winter and in summer.
    return all(
        start.replace(month=month, day=1).utcoffset() == start.replace(month=month, day=1, tzinfo=local).utcoffset()
        for month in (1, 7)
    )


def _kind(event: Event, usual: str) -> str:
    named = event.get("CATEGORIES")
    lists = named if isinstance(named, list) else [named] if named is not None else []
    words = [str(word).strip().lower() for each in lists for word in getattr(each, "cats", [each])]
    return next((word for word in words if word in KINDS), usual)


def _id(event: Event, resident_id: str, start: datetime) -> str:
    """The same event of the same file always has the same id: importing twice is importing once."""
    uid = str(event.get("UID", "")).strip() or f"{event.get('SUMMARY', '')}/{start.isoformat()}"
    own = uid.removesuffix("@kith")
    if own != uid and len(own) <= 64 and own.isprintable() and "@" not in own and own:
        return own
    return "i-" + hashlib.sha256(f"{resident_id}/{uid}".encode()).hexdigest()[:16]
