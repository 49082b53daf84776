"""The plan's own arithmetic, which the observer judges by."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from behaviours.routines.rule import Rule
from sim.home.plan import plan

LONDON = ZoneInfo("Europe/London")


def test_lunch_stays_at_the_same_hour_when_the_clocks_change() -> None:
    (lunch,) = [each for each in plan(("hanna",), frozenset(), frozenset()) if each.kind == "meal"]
    due = list(lunch.due(date(2026, 3, 28), 3, LONDON))
    assert due == [
        datetime(2026, 3, 28, 12, 15, tzinfo=UTC),
        datetime(2026, 3, 29, 11, 15, tzinfo=UTC),
        datetime(2026, 3, 30, 11, 15, tzinfo=UTC),
    ]


@given(
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    zone=st.sampled_from(["Europe/London", "Asia/Tokyo", "America/New_York", "UTC"]),
)
def test_two_ways_of_counting_agree(first: date, zone: str) -> None:
    """The code under test goes by RFC 5545 rules; the plan goes day by day."""
    where = ZoneInfo(zone)
    begin = datetime.combine(first, datetime.min.time(), where)
    end = datetime.fromtimestamp(begin.timestamp() + 40 * 86400, UTC)
    for planned in plan(("hanna",), frozenset(), frozenset()):
        rule = Rule.parse(planned.rrule, planned.first(first, where), where)
        counted = [due for due in planned.due(first, 40, where) if due < end]
        assert list(rule.between(begin, end))[: len(counted)] == counted


def test_what_rules_give_to_staff_is_marked() -> None:
    found = plan(("hanna", "kenji"), frozenset({"hanna"}), frozenset({"kenji"}))
    assert {(each.resident_id, each.kind) for each in found if each.for_staff} == {
        ("hanna", "medicine"),
        ("kenji", "drink"),
        ("kenji", "meal"),
    }
