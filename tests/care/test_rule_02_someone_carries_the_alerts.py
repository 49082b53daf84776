"""Care rule 2: someone always carries the alerts; with neither holder nor deputy, calls are not covered."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from behaviours.calling.alert import Alert, Level, Shift
from nodes.alerts.store import AlertStore
from nodes.tablet.pages import make_app
from nodes.tablet.view import Board

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def test_a_new_home_is_not_covered_and_a_restart_forgets_nobody(tmp_path: Path) -> None:
    def opened() -> AlertStore:
        return AlertStore(tmp_path / "alerts.db", again_after=timedelta(minutes=1), same_call_for=timedelta(minutes=2))

    store = opened()
    assert not store.shift.covered
    store.set_shift(Shift("Anna", ""), NOW)
    store.close()
    store = opened()
    assert (store.shift.covered, store.shift.holder) == (True, "Anna")
    store.set_shift(Shift("  ", ""), NOW)
    assert not store.shift.covered


@pytest.mark.parametrize(
    ("holder", "deputy", "told"),
    [("", "", "Calls not covered"), ("Anna", "", "Calls are covered"), ("", "Ben", "Calls are covered")],
)
def test_the_tablet_shows_it(holder: str, deputy: str, told: str) -> None:
    board = Board()
    board.node("alerts", 0, "ready", 100.0)
    board.calls(Shift(holder, deputy).covered, holder, deputy, [])
    app = make_app(lambda: board.view(NOW, 100.0), lambda _: None, ["testserver"], lambda: False)
    assert told in TestClient(app).get("/").text


def test_open_alerts_are_handed_to_the_next_shift_and_the_record_names_both(tmp_path: Path) -> None:
    path = tmp_path / "alerts.db"
    store = AlertStore(path, again_after=timedelta(minutes=1), same_call_for=timedelta(minutes=2))
    store.set_shift(Shift("Anna", ""), NOW)
    store.raise_alert(Alert("a", NOW, "robot", "hanna", Level.ATTEND, "pain", "My hip.", NOW), NOW)
    store.set_shift(Shift("Clara", "Ben"), NOW)
    store.close()
    store = AlertStore(path, again_after=timedelta(minutes=1), same_call_for=timedelta(minutes=2))
    (alert,) = store.open_alerts()
    store.close()
    assert (alert.handed_from, alert.handed_to) == ("Anna", "Clara")
