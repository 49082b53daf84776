"""Calls for people: what counts as the same call, and when one goes out again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from behaviours.calling import alert as calling
from behaviours.calling.alert import Alert, Level, Shift, State
from culture_profiles.errors import KithError

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _alert(**fields: object) -> Alert:
    made = Alert("a", NOW, "robot", "hanna", Level.ATTEND, "pain", "My hip.", NOW)
    return replace(made, **fields)


def test_the_same_call_twice_is_one_call_that_says_both() -> None:
    again = _alert(id="b", text="My hip hurts.", level=Level.EMERGENCY)
    assert calling.same_call(_alert(), again, NOW, 2 * MINUTE)
    both = calling.merged(_alert(), again)
    assert (both.id, both.level, both.text) == ("a", Level.EMERGENCY, "My hip.\nMy hip hurts.")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"resident_id": "kenji"}, "another person"),
        ({"kind": "emergency"}, "another matter"),
    ],
)
def test_another_call_is_another_call(other: dict[str, object], why: str) -> None:
    assert not calling.same_call(_alert(), _alert(id="b", **other), NOW, 2 * MINUTE), why


def test_two_unknown_people_are_two() -> None:
    unknown = _alert(resident_id="")
    assert not calling.same_call(unknown, replace(unknown, id="b", robot="robot2"), NOW, 2 * MINUTE)


def test_a_call_after_somebody_came_is_a_new_one() -> None:
    accepted = calling.accepted(_alert(), "Anna", NOW)
    assert calling.same_call(accepted, _alert(id="b"), NOW + MINUTE, 2 * MINUTE)
    assert not calling.same_call(accepted, _alert(id="b"), NOW + 3 * MINUTE, 2 * MINUTE)
    assert not calling.same_call(accepted, _alert(id="b", level=Level.EMERGENCY), NOW + MINUTE, 2 * MINUTE)


def test_it_goes_out_again_every_minute_until_accepted() -> None:
    alert = _alert()
    assert calling.sent_again(alert, NOW + timedelta(seconds=59), MINUTE) == alert
    again = calling.sent_again(alert, NOW + MINUTE, MINUTE)
    assert (again.raise_count, again.state) == (1, State.RAISED)
    assert calling.sent_again(again, NOW + 2 * MINUTE, MINUTE).raise_count == 2
    accepted = calling.accepted(again, "Anna", NOW + 2 * MINUTE)
    assert calling.sent_again(accepted, NOW + 9 * MINUTE, MINUTE) == accepted


def test_a_clock_set_back_delays_the_next_sending_by_one_wait_only() -> None:
    back = calling.sent_again(_alert(), NOW - 60 * MINUTE, MINUTE)
    assert calling.sent_again(back, NOW - 59 * MINUTE, MINUTE).raise_count == 1


def test_delivered_needs_a_device_of_who_carries_the_alerts() -> None:
    shift = Shift("Anna", "Ben")
    assert calling.delivered(_alert(), "Ben", shift).state is State.DELIVERED
    assert calling.delivered(_alert(), "Mallory", shift).state is State.RAISED
    assert calling.delivered(_alert(), "", Shift()).state is State.RAISED


def test_nobody_cannot_close_and_the_closed_stays_closed() -> None:
    with pytest.raises(KithError):
        calling.closed(_alert(), "  ", NOW)
    closed = calling.closed(_alert(), "Anna", NOW)
    with pytest.raises(KithError):
        calling.accepted(closed, "Ben", NOW)
