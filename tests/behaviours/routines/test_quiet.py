"""Quiet hours and the night: nothing is said in them, and nothing is silently late because of them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from behaviours.routines import quiet
from behaviours.routines.circumstances import Circumstances, Hindrance, hindrance
from behaviours.routines.occurrence import Occurrence
from tests.culture_profiles.profiles import fact, profile

ZONE = ZoneInfo("Europe/London")
NOON = datetime(2026, 6, 1, 11, 0, tzinfo=UTC)  # noon in London


def _one(due: datetime, window: timedelta = timedelta(hours=1), *, asked_for: bool = False) -> Occurrence:
    return Occurrence("r@1", "r", "r1", "call", "Ewa", due, due + window, next_at=due, asked_for=asked_for)


@pytest.mark.parametrize("text", ["12:00-12:30", "12-12.30", "rest 11:45 to 12:30", "from 12:00 until 12:30"])
def test_quiet_hours_are_read_as_people_write_them(text: str) -> None:
    known = Circumstances(NOON, profile(fact("rhythm.quiet", text, "resident")))
    assert hindrance(_one(NOON), known, NOON, ZONE) is Hindrance.QUIET
    assert hindrance(_one(NOON, timedelta(minutes=20)), known, NOON, ZONE) is Hindrance.ALL_QUIET
    after = NOON + timedelta(minutes=31)
    assert hindrance(_one(NOON), known, after, ZONE) is None


@pytest.mark.parametrize("text", ["after lunch", "25:00-26:00", "12:00-12:00", "12:99-13:00"])
def test_words_without_hours_stop_nothing(text: str) -> None:
    known = Circumstances(NOON, profile(fact("rhythm.quiet", text, "resident")))
    assert hindrance(_one(NOON), known, NOON, ZONE) is None


def test_the_night_is_the_persons_own_where_it_is_known() -> None:
    six = datetime(2026, 6, 1, 5, 0, tzinfo=UTC)
    assert hindrance(_one(six), Circumstances(six), six, ZONE) is Hindrance.ALL_QUIET
    early = profile(fact("rhythm.sleeps", "20:30", "resident"), fact("rhythm.wakes", "05:30", "resident"))
    assert hindrance(_one(six), Circumstances(six, early), six, ZONE) is None
    evening = datetime(2026, 6, 1, 20, 0, tzinfo=UTC)  # nine in London
    assert hindrance(_one(evening), Circumstances(evening), evening, ZONE) is None
    assert hindrance(_one(evening), Circumstances(evening, early), evening, ZONE) is Hindrance.ALL_QUIET


def test_what_was_asked_for_a_short_while_before_is_said_at_night_too() -> None:
    night = datetime(2026, 6, 1, 22, 0, tzinfo=UTC)
    assert hindrance(_one(night, asked_for=True), Circumstances(night), night, ZONE) is None
    own = profile(fact("rhythm.quiet", "22:30-23:30", "resident"))
    assert hindrance(_one(night, asked_for=True), Circumstances(night, own), night, ZONE) is Hindrance.QUIET


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24"])
def test_a_night_with_a_change_of_the_clocks_ends_when_the_clock_says_so(night: str) -> None:
    begins = datetime.fromisoformat(f"{night}T23:00").replace(tzinfo=ZONE).astimezone(UTC)
    end = quiet.Span(time(22), time(7)).end(begins, ZONE)
    assert end is not None
    assert end.astimezone(ZONE).time() == time(7)
