"""A disk that is full: what was raised is shown to staff all the same, said to be unwritten, and written later."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from behaviours.calling.alert import Alert, Level
from culture_profiles.errors import KithError
from nodes.alerts.store import AlertStore

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _open(path: Path) -> AlertStore:
    return AlertStore(path, again_after=MINUTE, same_call_for=MINUTE)


def test_an_alert_that_the_disk_refuses_is_shown_and_written_when_it_is_raised_again(tmp_path: Path) -> None:
    path = tmp_path / "alerts.db"
    with closing(_open(path)) as store:
        pages = store._file.db.execute("PRAGMA page_count").fetchone()[0]
        store._file.db.execute(f"PRAGMA max_page_count = {pages}")
        refused: list[Alert] = []
        for number in range(200):  # until the free room of the last pages is used up
            call = Alert(f"a{number}", NOW, "r1", f"p{number}", Level.EMERGENCY, "emergency", "x" * 200, NOW)
            try:
                store.raise_alert(call, NOW)
            except KithError as problem:
                assert "disk is full" in str(problem) and "\n" not in str(problem)
                refused.append(call)
                break
        (lost,) = refused
        assert lost.id in {each.id for each in store.open_alerts()}, "staff see it"
        with pytest.raises(KithError, match="disk is full"):
            store.raise_alert(lost, NOW)
        store._file.db.execute("PRAGMA max_page_count = 1000000")
        store.raise_alert(lost, NOW)
    with closing(_open(path)) as store:
        assert lost.id in {each.id for each in store.open_alerts()}, "and it is on the disk"
