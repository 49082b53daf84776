"""Routines travel as iCalendar files, and nothing of such a file is kept in part or guessed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviours.routines.routine import KINDS, Routine
from culture_profiles.errors import KithError
from kith.reminders import ical

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LONDON = "Europe/London"


def _calendar(*lines: str, zone: str = "") -> bytes:
    event = ["BEGIN:VEVENT", *(lines or ("UID:a", "SUMMARY:Bingo", f"DTSTART{zone}:20261201T100000")), "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *event, "END:VCALENDAR", ""]).encode()


def _read(content: bytes) -> ical.Plan:
    return ical.read(content, "hanna", "custom", "nurse", LONDON, NOW)


_words = st.text("abcdefgh ÄŁ,;:\\\"'日本", min_size=1, max_size=40).map(str.strip).filter(bool)
_routines = st.builds(
    Routine,
    id=st.text("abc123-", min_size=1, max_size=20),
    resident_id=st.just("hanna"),
    kind=st.sampled_from(KINDS),
    title=_words,
    place=st.one_of(st.just(""), _words),
    start=st.integers(0, 730 * 86_400).map(lambda each: NOW + timedelta(days=8, seconds=each)),
    rrule=st.sampled_from(["", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=5"]),
    window=st.integers(1, 1440).map(lambda each: timedelta(minutes=each)),
    created_by=st.just("nurse"),
    time_zone=st.just(LONDON),
    by=st.sampled_from(["robot", "tablet"]),
)


@settings(deadline=None)
@given(_routines)
def test_what_is_exported_comes_back_as_it_was(routine: Routine) -> None:
    (back,) = _read(ical.exported([routine], NOW)).routines
    after = datetime(2029, 12, 1, tzinfo=UTC)
    assert back.due_between(NOW, after) == routine.due_between(NOW, after)
    for name in ("id", "kind", "title", "place", "window", "by", "start"):
        assert getattr(back, name) == getattr(routine, name), name


def test_a_calendar_programs_event_becomes_a_routine_and_twice_is_once() -> None:
    lines = ("UID:4711@example.org", "SUMMARY:Choir", "DTSTART;TZID=Europe/London:20261201T150000",
             "DTEND;TZID=Europe/London:20261201T163000", "RRULE:FREQ=WEEKLY;BYDAY=TU", "CATEGORIES:Fun,ACTIVITY",
             "LOCATION:Lounge")  # fmt: skip
    (made,) = _read(_calendar(*lines)).routines
    assert (made.kind, made.title, made.place, made.window) == ("activity", "Choir", "Lounge", timedelta(minutes=90))
    assert made.due_between(NOW, NOW + timedelta(days=10))[0] == datetime(2026, 12, 1, 15, tzinfo=UTC)
    assert _read(_calendar(*lines)).routines[0].id == made.id


def test_an_event_without_a_zone_is_in_the_homes_and_a_past_one_is_left_out() -> None:
    summer = ("UID:a", "SUMMARY:Bingo", "DTSTART:20270601T100000")
    assert _read(_calendar(*summer)).routines[0].start.astimezone(UTC).hour == 9
    plan = _read(_calendar("UID:a", "SUMMARY:Bingo", "DTSTART:20200601T100000"))
    assert (plan.routines, plan.past) == ((), 1)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\x00\xff not a calendar", "no iCalendar"),
        (b"", "no iCalendar"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n", "no event"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (_calendar("UID:a", "SUMMARY:B", "DTSTART;VALUE=DATE:20261201"), "event 1: it has no time of day"),
        (_calendar("UID:a", "SUMMARY:B"), "event 1: DTSTART is missing"),
        (_calendar("UID:a", "SUMMARY:B", "DTSTART:tea time"), "event 1: "),
        (_calendar("UID:a", "DTSTART:20261201T100000"), "event 1: the title is missing"),
        (_calendar("UID:a", "SUMMARY:B", "DTSTART:20261201T100000", "RRULE:FREQ=SECONDLY"), "event 1: "),
        (_calendar("UID:a", "SUMMARY:B", "DTSTART:20261201T100000", "RRULE:FREQ=DAILY;COUNT=1000000"), "event 1: "),
        (
            _calendar("UID:a", "SUMMARY:B", "DTSTART:20261201T100000", "RRULE:FREQ=DAILY", "EXDATE:20261202T100000"),
            "event 1: EXDATE",
        ),
        (
            _calendar("UID:a", "SUMMARY:B", "DTSTART;TZID=Asia/Tokyo:20261201T100000", "RRULE:FREQ=DAILY"),
            "event 1: it repeats by the clock of another time zone",
        ),
    ],
)
def test_what_cannot_be_kept_is_one_line(content: bytes, line: str) -> None:
    with pytest.raises(KithError, match=r".") as problem:
        _read(content)
    assert line in str(problem.value)
    assert "\n" not in str(problem.value)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_it(junk: bytes) -> None:
    for content in (junk, _calendar(junk.decode("latin-1").replace("\n", " "))):
        try:
            _read(content)
        except KithError as problem:
            assert "\n" not in str(problem)
