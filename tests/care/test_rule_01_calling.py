"""Care rule 1: never false reassurance. An alert is no further than somebody has really taken it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from behaviours.calling.alert import Alert, Level, Shift, State
from behaviours.routines import ladder
from behaviours.routines.occurrence import Occurrence
from behaviours.routines.occurrence import State as Standing
from culture_profiles.errors import KithError
from nodes.alerts.store import AlertStore

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CALL = Alert("a", NOW, "robot", "hanna", Level.EMERGENCY, "emergency", "Help.", NOW)


@pytest.fixture
def store(tmp_path: Path) -> AlertStore:
    return AlertStore(tmp_path / "alerts.db", again_after=MINUTE, same_call_for=2 * MINUTE)


def test_an_alert_that_no_device_has_shown_is_only_raised(store: AlertStore) -> None:
    store.set_shift(Shift("Anna", "Ben"), NOW)
    assert store.raise_alert(CALL, NOW).state is State.RAISED
    assert store.delivered("a", "somebody else", NOW).state is State.RAISED
    assert store.delivered("a", "Anna", NOW).state is State.DELIVERED


def test_only_a_named_person_makes_it_accepted(store: AlertStore) -> None:
    store.raise_alert(CALL, NOW)
    with pytest.raises(KithError):
        store.accept("a", "", NOW)
    assert store.open_alerts()[0].state is State.RAISED
    assert store.accept("a", "Anna", NOW).accepted_by == "Anna"


def test_after_sixty_seconds_unaccepted_it_goes_out_again(store: AlertStore) -> None:
    store.raise_alert(CALL, NOW)
    assert not store.send_again(NOW + timedelta(seconds=59))
    assert store.send_again(NOW + MINUTE)
    assert store.open_alerts()[0].raise_count == 1


def test_an_unaccepted_alert_closes_nothing(store: AlertStore) -> None:
    store.raise_alert(CALL, NOW)
    for minutes in range(1, 90):
        store.send_again(NOW + minutes * MINUTE)
    assert [alert.open for alert in store.open_alerts()] == [True]
    told = Occurrence("o", "r", "hanna", "call", "Ewa", NOW, NOW + MINUTE, state=Standing.TOLD_STAFF)
    assert told.open
    assert ladder.settled_with_alert(told)  # and only then: the store asks with the name of who closed the alert
    assert not ladder.settled_with_alert(replace(told, state=Standing.WAITING))
