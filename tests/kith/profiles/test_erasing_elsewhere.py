"""Who is erased is erased from reminders and alerts as well, and from the backups of both."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from behaviours.calling.alert import Alert, Level
from behaviours.routines.routine import Routine
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.store import ProfileStore, sealing
from kith.keeping import backup
from kith.profiles import erasing
from nodes.alerts.store import AlertStore
from nodes.profiles.register import store_path
from nodes.reminders.store import ReminderStore

NOW = datetime.now(UTC)
FILES = ("reminders/reminders.db", "alerts/alerts.db")


def _alerts(home: Path) -> AlertStore:
    minute = timedelta(minutes=1)
    return AlertStore(home / FILES[1], again_after=minute, same_call_for=minute)


def _routine(resident_id: str) -> Routine:
    start = NOW + timedelta(hours=1)
    window = timedelta(minutes=30)
    return Routine(f"r-{resident_id}", resident_id, "call", "daughter Ewa", "", start, "", window, "ann", "UTC")


def _alert(alert_id: str, resident_id: str, kind: str = "pain") -> Alert:
    return Alert(alert_id, NOW, "r1", resident_id, Level.ATTEND, kind, f"{kind} of {resident_id}", NOW)


@pytest.fixture
def home(home_dir: Path) -> Path:
    with ProfileStore(store_path(home_dir)) as profiles:
        for resident_id in ("hanna", "kenji"):
            profiles.set_fact(
                Fact(
                    resident_id=resident_id,
                    key="name.preferred",
                    value=resident_id.title(),
                    source=Source.CARER,
                    status=Status.CONFIRMED,
                    who="ann",
                    when=NOW,
                )
            )
    with closing(ReminderStore(home_dir / FILES[0])) as reminders, closing(_alerts(home_dir)) as alerts:
        for resident_id in ("hanna", "kenji"):
            reminders.add_routine(_routine(resident_id), NOW)
            alerts.raise_alert(_alert(f"a-{resident_id}", resident_id), NOW)
            alerts.close_alert(f"a-{resident_id}", "ann", NOW)
        alerts.raise_alert(_alert("sealed", "hanna", "safeguarding"), NOW)
    return home_dir


def _left(path: Path, live: Path) -> set[str]:
    with closing(sealing.reader(path, live)) as db:
        tables = ("routines", "occurrences") if "reminders" in path.name else ("alerts",)
        return {row[0] for table in tables for row in db.execute(f"SELECT resident_id FROM {table}")}


def test_both_files_are_encrypted(home: Path) -> None:
    for name in FILES:
        content = (home / name).read_bytes()
        assert not content.startswith(b"SQLite")
        assert b"hanna" not in content
        assert (home / name).with_suffix(".key").stat().st_mode & 0o777 == 0o600


def test_a_plain_file_is_encrypted_where_it_lies_and_keeps_everything(home: Path, tmp_path: Path) -> None:
    plain = tmp_path / "reminders.db"
    with closing(sealing.reader(home / FILES[0])) as db:
        db.execute(f"ATTACH DATABASE '{plain}' AS plain KEY ''")
        db.execute("SELECT sqlcipher_export('plain')")
        for pragma in ("application_id", "user_version"):
            db.execute(f"PRAGMA plain.{pragma} = {db.execute(f'PRAGMA main.{pragma}').fetchone()[0]}")
    assert sealing.is_plain(plain)
    with closing(ReminderStore(plain)) as store:
        assert store.routine("r-hanna") is not None
    assert not sealing.is_plain(plain)


def test_a_whole_resident_goes_from_reminders_alerts_and_backups_but_not_what_is_sealed(home: Path) -> None:
    taken = backup.make(home, datetime.now(UTC), "by hand")
    receipt, problems = erasing.erase(home, "hanna", "", "ann")
    assert (receipt.state, problems) == ("done", [])
    for folder in (home, taken.folder):
        assert _left(folder / FILES[0], home / FILES[0]) == {"kenji"}
        with closing(sealing.reader(folder / FILES[1], home / FILES[1])) as db:
            kept = {tuple(row) for row in db.execute("SELECT resident_id, kind FROM alerts")}
        assert kept == {("kenji", "pain"), ("hanna", "safeguarding")}
    (again,) = backup.backups(home)
    backup.verify(again)


def test_what_was_erased_does_not_come_back_with_an_older_backup(home: Path, tmp_path: Path) -> None:
    taken = backup.make(home, datetime.now(UTC), "by hand")
    aside = tmp_path / "older"
    aside.mkdir()
    older = {name: (taken.folder / name).read_bytes() for name in FILES}
    erasing.erase(home, "hanna", "", "ann")
    for name, content in older.items():  # as from a copy of the backup that nobody could clean
        (taken.folder / name).write_bytes(content)
        taken = backup.rewritten(taken, name)
    backup.restore(home, taken, datetime.now(UTC))
    assert _left(home / FILES[0], home / FILES[0]) == {"kenji"}


def test_an_open_alert_is_told_and_goes_once_it_is_closed(home: Path) -> None:
    with closing(_alerts(home)) as alerts:
        alerts.raise_alert(_alert("open", "hanna", "fall"), NOW)
    receipt, problems = erasing.erase(home, "hanna", "", "ann")
    assert receipt.pending == ("alerts",)
    assert "still open" in problems[0] and "receipts --finish" in problems[0]
    with closing(_alerts(home)) as alerts:
        alerts.close_alert("open", "ann", NOW)
    assert erasing.finish(home) == []
    assert [one.state for one in erasing.receipts(home)] == ["done"]


def test_a_legal_hold_keeps_reminders_and_alerts_too(home: Path) -> None:
    with ProfileStore(store_path(home)) as profiles:
        profiles.place_hold("hanna", "inquest-14", "ann", NOW)
    with pytest.raises(KithError, match="inquest-14"):
        erasing.erase(home, "hanna", "", "ann")
    assert _left(home / FILES[0], home / FILES[0]) == {"hanna", "kenji"}


def test_one_key_leaves_reminders_alone(home: Path) -> None:
    receipt, _ = erasing.erase(home, "kenji", "name.preferred", "ann")
    assert receipt.state == "done"
    assert "kenji" in _left(home / FILES[0], home / FILES[0])
