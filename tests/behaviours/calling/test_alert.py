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


def test_it_goes_out_again_until_accepted() -> None:
    alert = _alert()
    assert calling.sent_again(alert, NOW + timedelta(seconds=59), MINUTE) == alert
    again = calling.sent_again(alert, NOW + MINUTE, MINUTE)
    assert (again.raise_count, again.state) == (1, State.RAISED)
    assert calling.sent_again(again, NOW + 3 * MINUTE, MINUTE).raise_count == 2
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


def test_the_less_urgent_the_more_seldom_it_goes_out_again_and_an_emergency_every_minute() -> None:
    def times(level: Level, hours: int) -> list[int]:
        alert, sent = _alert(level=level), []
        for minute in range(1, hours * 60 + 1):
            again = calling.sent_again(alert, NOW + minute * MINUTE, MINUTE)
            if again.raise_count > alert.raise_count:
                sent.append(minute)
            alert = again
        return sent

    assert times(Level.EMERGENCY, 1) == list(range(1, 61))
    assert times(Level.ATTEND, 1) == [1, 3, 7, 15, 30, 45, 60]
    assert times(Level.INFORM, 3) == [15, 45, 105, 165]


def test_at_a_change_of_shift_the_open_alert_is_handed_over_and_both_are_named() -> None:
    anna, clara = Shift("Anna", "Ben"), Shift("Clara", "Ben")
    shown = calling.delivered(_alert(), "Anna", anna)
    handed = calling.handed(shown, anna, clara)
    assert (handed.handed_from, handed.handed_to, handed.state) == ("Anna", "Clara", State.RAISED)
    # The deputy stays: what is on that device is on a device of who carries the alerts.
    assert calling.handed(calling.delivered(_alert(), "Ben", anna), anna, clara).state is State.DELIVERED
    coming = calling.handed(calling.accepted(_alert(), "Anna", NOW), anna, clara)
    assert (coming.state, coming.accepted_by) == (State.ACCEPTED, "Anna")
    assert calling.handed(shown, anna, Shift("Anna", "Dora")) == shown


def test_a_call_that_became_more_urgent_is_shown_anew_and_its_newest_words_are_kept() -> None:
    shown = calling.delivered(_alert(text="x" * 1_999), "Anna", Shift("Anna", ""))
    both = calling.merged(shown, _alert(id="b", level=Level.EMERGENCY, text="My chest."))
    assert (both.state, both.text) == (State.RAISED, "My chest.")
