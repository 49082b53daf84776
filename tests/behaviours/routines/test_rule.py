"""When a routine is due: never lost, never twice, the same by the clock on the wall when the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviours.routines.rule import Rule
from culture_profiles.errors import KithError

LONDON = ZoneInfo("Europe/London")
WARSAW = ZoneInfo("Europe/Warsaw")


def _due(text: str, start: datetime, days: int, zone: ZoneInfo = LONDON) -> list[str]:
    rule = Rule.parse(text, start, zone)
    return [due.strftime("%d %H:%M") for due in rule.between(start, start + timedelta(days=days))]


def test_ten_in_the_morning_stays_ten_when_the_clocks_change() -> None:
    start = datetime(2026, 3, 28, 10, 0, tzinfo=LONDON)
    assert _due("FREQ=DAILY", start, 3) == ["28 10:00", "29 09:00", "30 09:00"]


def test_a_time_that_the_spring_skips_comes_as_much_later_as_the_clock_jumped() -> None:
    start = datetime(2026, 3, 28, 1, 30, tzinfo=LONDON)
    assert _due("FREQ=DAILY", start, 3) == ["28 01:30", "29 01:30", "30 00:30"]


def test_a_time_that_the_autumn_repeats_comes_once() -> None:
    start = datetime(2026, 10, 24, 1, 30, tzinfo=LONDON)
    assert _due("FREQ=DAILY", start, 3) == ["24 00:30", "25 00:30", "26 01:30"]


def test_leap_days_and_ends_are_kept() -> None:
    start = datetime(2024, 2, 29, 9, 0, tzinfo=UTC)
    rule = Rule.parse("FREQ=YEARLY", start, LONDON)
    assert [due.year for due in rule.between(start, datetime(2033, 1, 1, tzinfo=UTC))] == [2024, 2028, 2032]
    day = datetime(2026, 6, 1, 9, 0, tzinfo=LONDON)
    assert len(_due("FREQ=DAILY;COUNT=3", day, 30)) == 3
    assert len(_due("FREQ=DAILY;UNTIL=20260604", day, 30)) == 4
    assert len(_due("FREQ=DAILY;UNTIL=20260604T075959Z", day, 30)) == 3


def test_the_first_time_counts_even_when_the_start_has_a_fraction_of_a_second() -> None:
    start = datetime(2026, 6, 1, 9, 0, 0, 345_000, tzinfo=UTC)
    rule = Rule.parse("FREQ=DAILY", start, LONDON)
    assert next(rule.between(start.replace(microsecond=0), start + timedelta(days=3))).day == 1


@pytest.mark.parametrize(
    "text",
    [
        "daily",
        "FREQ=FORTNIGHTLY",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=HOURLY;BYMINUTE=0,10,20",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=1000000",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=25",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY\nRRULE:FREQ=HOURLY",
        "FREQ=DAILY;UNTIL=20200101",
        "FREQ=DAILY;BYEASTER=1",
    ],
)
def test_an_impossible_rule_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(KithError) as refused:
        Rule.parse(text, datetime(2026, 6, 1, 9, 0, tzinfo=UTC), LONDON)
    assert "\n" not in str(refused.value)


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_gives_a_rule_or_one_line(text: str) -> None:
    try:
        Rule.parse(text, datetime(2026, 6, 1, 9, 0, tzinfo=UTC), LONDON)
    except KithError as problem:
        assert "\n" not in str(problem)


_days = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=7, unique=True)
_rules = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 9)),
    st.builds("FREQ=HOURLY;INTERVAL={}".format, st.integers(1, 30)),
    st.builds(lambda days, every: f"FREQ=WEEKLY;BYDAY={','.join(days)};INTERVAL={every}", _days, st.integers(1, 4)),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.sampled_from([1, 15, 28, 29, 30, 31, -1])),
    st.builds("FREQ=DAILY;COUNT={}".format, st.integers(1, 60)),
)


@given(
    _rules,
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - wall-clock times
    st.integers(0, 400),
    st.integers(1, 400),
    st.sampled_from([LONDON, WARSAW, ZoneInfo("Asia/Kolkata"), ZoneInfo("America/New_York")]),
)
@settings(max_examples=200, deadline=None)
def test_a_stretch_of_time_gives_what_the_whole_series_gives(
    text: str, local: datetime, skip_days: int, days: int, zone: ZoneInfo
) -> None:
    local = local.replace(microsecond=0)
    start = local.replace(tzinfo=zone).astimezone(UTC)
    after = start + timedelta(days=skip_days)
    before = after + timedelta(days=days)
    rule = Rule.parse(text, start, zone)
    got = list(rule.between(after, before))
    # The same by dateutil alone, from the very start, in wall-clock time.
    series = rrulestr(text, dtstart=start.astimezone(zone).replace(tzinfo=None))
    whole: list[datetime] = []
    for wall in series:
        due = wall.replace(tzinfo=zone).astimezone(UTC)
        if due >= before + timedelta(days=2):
            break
        whole.append(due)
    assert got == sorted({due for due in whole if after <= due < before})
    middle = after + (before - after) / 2
    assert got == [*rule.between(after, middle), *rule.between(middle, before)]
