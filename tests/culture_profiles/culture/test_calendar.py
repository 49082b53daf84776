"""Dates of festivals against published ones, and what has no date."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from culture_profiles.culture.calendar import Location, moment, next_span, spans
from culture_profiles.culture.when import Clock, DayForm, DayWhen, Sun
from culture_profiles.errors import KithError

WHEN: TypeAdapter[DayForm] = TypeAdapter(DayWhen)

PUBLISHED = [
    ({"lunar": {"month": 1, "day": 1}}, date(2026, 2, 17)),  # Chinese New Year
    ({"lunar": {"month": 8, "day": 15}}, date(2026, 9, 25)),  # Mid-Autumn
    ({"hijri": {"month": 9, "day": 1, "days": 30}}, date(2026, 2, 18)),  # Ramadan, Umm al-Qura
    ({"easter": -2}, date(2026, 4, 3)),
    ({"easter": 0, "orthodox": True}, date(2026, 4, 12)),
    ({"holiday": {"country": "JP", "name": "Coming of Age Day"}}, date(2026, 1, 12)),
    ({"nth": {"month": 5, "weekday": "monday", "n": -1}}, date(2026, 5, 25)),
    ({"nth": {"month": 3, "weekday": "sunday", "n": 4}}, date(2026, 3, 22)),
    ({"month": 12, "day": 31}, date(2026, 12, 31)),
    ({"dates": ["2026-11-08", "2027-10-29"]}, date(2026, 11, 8)),
]


@pytest.mark.parametrize(("when", "first"), PUBLISHED)
def test_published_dates(when: dict[str, object], first: date) -> None:
    assert spans(WHEN.validate_python(when), 2026)[0].first == first


def test_an_islamic_festival_may_come_twice_in_a_year() -> None:
    found = spans(WHEN.validate_python({"hijri": {"month": 9, "day": 1}}), 2030)
    assert [span.first for span in found] == [date(2030, 1, 5), date(2030, 12, 26)]


def test_what_began_last_year_is_still_on() -> None:
    when = WHEN.validate_python({"month": 12, "day": 30, "days": 5})
    span = next_span(when, date(2027, 1, 2))
    assert span is not None
    assert date(2027, 1, 2) in span
    later = next_span(when, date(2027, 1, 4))
    assert later is not None
    assert later.first == date(2027, 12, 30)


def test_a_list_that_has_ended_has_no_next_date() -> None:
    when = WHEN.validate_python({"dates": ["2026-11-08"]})
    assert next_span(when, date(2026, 11, 9)) is None
    with pytest.raises(KithError):
        spans(when, 2027)


ANY_DAY = st.one_of(
    st.builds(lambda m, d: {"hijri": {"month": m, "day": d}}, st.integers(1, 12), st.integers(1, 30)),
    st.builds(lambda m, d: {"lunar": {"month": m, "day": d}}, st.integers(1, 12), st.integers(1, 30)),
    st.builds(lambda m, d: {"month": m, "day": d}, st.integers(1, 12), st.integers(1, 28)),
    st.builds(lambda n, o: {"easter": n, "orthodox": o}, st.integers(-60, 60), st.booleans()),
)


@given(ANY_DAY, st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_the_next_day_is_never_past_and_comes_within_some_400_days(when: dict[str, object], today: date) -> None:
    span = next_span(WHEN.validate_python(when), today)
    assert span is not None
    assert today <= span.last
    assert span.first - today < timedelta(days=400)


def test_the_sun_gives_the_times_of_a_place() -> None:
    london = Location(51.5, -0.12, ZoneInfo("Europe/London"))
    sunset = moment(Sun(sun="sunset"), date(2026, 6, 21), london)
    assert sunset is not None
    assert abs(sunset.astimezone(UTC) - datetime(2026, 6, 21, 20, 21, tzinfo=UTC)) < timedelta(minutes=5)
    later = moment(Sun(sun="sunset", offset_minutes=15), date(2026, 6, 21), london)
    assert later is not None
    assert later - sunset == timedelta(minutes=15)
    tromso = Location(69.65, 18.96, ZoneInfo("Europe/Oslo"))
    assert moment(Sun(sun="sunset"), date(2026, 6, 21), tromso) is None
    assert moment(Clock(clock=time(5)), date(2026, 6, 21), tromso) is not None
