"""A backup is complete, private, verified, and comes back."""

import fcntl
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from culture_profiles.store import ProfileStore
from kith.keeping import backup
from tests.kith.stores import read_store, write_store

NOW = datetime(2026, 11, 23, 3, 15, tzinfo=UTC)


@pytest.fixture
def home(home_dir: Path) -> Path:
    write_store(home_dir / "profiles/profiles.db", "one")
    write_store(home_dir / "reminders/reminders.db", "call")
    write_store(home_dir / "robots/anna/outbox.db", "alert")
    (home_dir / "home.yaml").write_text("time_zone: Europe/Warsaw\n")
    return home_dir


def test_every_store_is_in_the_backup_and_only_the_owner_can_read_it(home: Path) -> None:
    taken = backup.make(home, NOW, "nightly")
    assert sorted(taken.files) == [
        "home.yaml",
        "profiles/profiles.db",
        "reminders/reminders.db",
    ], "and nothing of what a robot notes for a day or two"
    for path in [taken.folder, *taken.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    backup.verify(taken)
    assert read_store(taken.folder / "profiles/profiles.db") == ["one"]
    assert [found.name for found in backup.backups(home)] == [taken.name]


def test_committed_facts_are_in_the_backup_while_a_writer_has_the_store_open(home: Path) -> None:
    with closing(sqlite3.connect(home / "profiles/profiles.db")) as live:
        live.execute("INSERT INTO fact VALUES ('committed')")
        live.commit()
        live.execute("INSERT INTO fact VALUES ('half said')")
        taken = backup.make(home, NOW, "nightly")
        live.rollback()
    assert read_store(taken.folder / "profiles/profiles.db") == ["one", "committed"]
    assert not list(taken.folder.rglob("*-wal"))


_WRITES_PAIRS = """
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], timeout=30)
while True:
    with store:
        store.execute("INSERT INTO fact VALUES ('left')")
        store.execute("INSERT INTO fact VALUES ('right')")
    print(flush=True)
"""


def test_a_busy_writer_never_gives_a_torn_backup(home: Path) -> None:
    """Pairs are written in one transaction: no backup may hold half a pair.

    The writer is a process of its own, as nodes are: two SQLite libraries in one process undo each other's locks.
    """
    command = [sys.executable, "-c", _WRITES_PAIRS, str(home / "profiles/profiles.db")]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        writer.stdout.readline()
        for minute in range(5):
            taken = backup.make(home, NOW + timedelta(minutes=minute), "nightly")
            values = read_store(taken.folder / "profiles/profiles.db")
            assert values.count("left") == values.count("right") > 0
            os.read(writer.stdout.fileno(), 65536)
    finally:
        writer.kill()
        writer.communicate()


def test_a_damaged_store_is_told_and_leaves_no_half_backup(home: Path) -> None:
    (home / "reminders/reminders.db").write_bytes(b"this is not a database, " * 400)
    with pytest.raises(KithError, match=r"reminders/reminders\.db .*restore"):
        backup.make(home, NOW, "nightly")
    assert list((home / "backups").iterdir()) == []


def test_restore_brings_back_what_was_and_keeps_what_it_replaced(home: Path) -> None:
    taken = backup.make(home, NOW, "nightly")
    write_store(home / "profiles/profiles.db", "two")
    write_store(home / "alerts/alerts.db", "new store")
    replaced = backup.restore(home, taken, NOW + timedelta(hours=1))
    assert read_store(home / "profiles/profiles.db") == ["one"]
    assert not (home / "alerts/alerts.db").exists()
    assert read_store(replaced / "profiles/profiles.db") == ["one", "two"]
    assert read_store(replaced / "alerts/alerts.db") == ["new store"]
    assert stat.S_IMODE((home / "profiles/profiles.db").stat().st_mode) == 0o600


def test_restore_over_a_store_with_an_unmerged_write_ahead_log(home: Path) -> None:
    """A killed home leaves its log beside the store; the old log must not be replayed into the restored store."""
    taken = backup.make(home, NOW, "nightly")
    store = home / "profiles/profiles.db"
    if (child := os.fork()) == 0:
        with sqlite3.connect(store) as live:
            live.execute("INSERT INTO fact VALUES ('written just before the power went')")
        os._exit(0)  # as a kill would: the log stays behind
    os.waitpid(child, 0)
    assert (home / "profiles/profiles.db-wal").stat().st_size > 0
    backup.restore(home, taken, NOW + timedelta(hours=1))
    assert read_store(store) == ["one"]


def test_restore_of_a_damaged_store_keeps_the_damaged_file(home: Path) -> None:
    taken = backup.make(home, NOW, "nightly")
    (home / "profiles/profiles.db").write_bytes(b"x" * 5000)
    replaced = backup.restore(home, taken, NOW + timedelta(hours=1))
    assert read_store(home / "profiles/profiles.db") == ["one"]
    assert (replaced / "profiles/profiles.db").read_bytes() == b"x" * 5000


def test_restore_refuses_while_the_home_runs(home: Path) -> None:
    taken = backup.make(home, NOW, "nightly")
    write_store(home / "profiles/profiles.db", "two")
    lock = home / "home.lock"
    lock.write_text('{"pid": 4711, "ros_domain_id": 7}')
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(KithError, match="running as process 4711: stop it first"):
            backup.restore(home, taken, NOW)
    assert read_store(home / "profiles/profiles.db") == ["one", "two"]


def test_restore_waits_for_a_command_that_writes_a_store(home_dir: Path) -> None:
    with closing(ProfileStore(home_dir / "profiles/profiles.db")):
        taken = backup.make(home_dir, NOW, "nightly")
        with pytest.raises(KithError, match=r"profiles\.db is being written"):
            backup.restore(home_dir, taken, NOW + timedelta(hours=1))
    backup.restore(home_dir, taken, NOW + timedelta(hours=1))
    ProfileStore(home_dir / "profiles/profiles.db").close()


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_restore_refuses_a_backup_that_is_not_whole(home: Path, harm: str) -> None:
    taken = backup.make(home, NOW, "nightly")
    copy = taken.folder / "profiles/profiles.db"
    if harm == "changed":
        content = bytearray(copy.read_bytes())
        content[-1] ^= 1
        copy.write_bytes(bytes(content))
    else:
        copy.unlink()
    write_store(home / "profiles/profiles.db", "two")
    with pytest.raises(KithError, match=taken.name):
        backup.restore(home, taken, NOW)
    assert read_store(home / "profiles/profiles.db") == ["one", "two"]


def test_an_unknown_backup_and_a_missing_home_are_one_clear_line(home: Path, tmp_path: Path) -> None:
    with pytest.raises(KithError, match="no backup yet"):
        backup.find(home, None)
    with pytest.raises(KithError, match="no backup 2020"):
        backup.find(home, "2020")
    with pytest.raises(KithError, match="no home in"):
        backup.make(tmp_path / "nowhere", NOW, "nightly")


def _taken(when: datetime) -> backup.Backup:
    return backup.Backup(folder=Path(when.isoformat()), when=when, reason="nightly", files={})


def test_a_year_of_nights_leaves_seven_days_and_four_weeks() -> None:
    kept: list[backup.Backup] = []
    for night in range(365):
        now = NOW + timedelta(days=night)
        kept.append(_taken(now))
        gone = backup.superfluous(kept, now, daily=7, weekly=4)
        kept = [item for item in kept if item not in gone]
    last = NOW + timedelta(days=364)
    ages = sorted((last - item.when).days for item in kept)
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    weeks = {(item.when - timedelta(days=item.when.weekday())).date() for item in kept}
    assert len(weeks) == 4
    assert len(kept) <= 11
    assert max(ages) <= 28


@given(st.lists(st.integers(0, 400 * 24), max_size=60, unique=True), st.integers(1, 10), st.integers(0, 8))
def test_the_policy_keeps_the_newest_and_never_more_than_it_says(hours: list[int], daily: int, weekly: int) -> None:
    taken = [_taken(NOW - timedelta(hours=hour)) for hour in hours]
    gone = backup.superfluous(taken, NOW, daily, weekly)
    kept = [item for item in taken if item not in gone]
    assert len(kept) <= daily + weekly + 1
    if taken:
        assert max(taken, key=lambda item: item.when) in kept
    # Applying it again removes nothing more.
    assert backup.superfluous(kept, NOW, daily, weekly) == []
