"""The nightly routine: what it keeps, removes, packs and reports."""

import gzip
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from culture_profiles.store import ProfileStore
from kith.keeping import disk, maintenance, retention
from tests.kith.stores import write_store

NOW = datetime(2026, 11, 23, 3, 15, tzinfo=UTC)


def aged(path: Path, days: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("something")
    then = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))
    return path


def test_old_data_goes_by_kind_and_nothing_else_is_touched(home_dir: Path, tmp_path: Path) -> None:
    rules = retention.load()
    store = home_dir / "profiles/profiles.db"
    write_store(store, "kept for ever")
    os.utime(store, (0, 0))
    outside = aged(tmp_path / "outside.log", 1000)
    old_log, new_log = aged(home_dir / "logs/old.log", rules.logs + 1), aged(home_dir / "logs/new.log", rules.logs - 1)
    (home_dir / "logs/link.log").symlink_to(outside)
    old_demo = aged(tmp_path / "demo-output/monday/room.wav", rules.demo_recordings + 1)
    new_demo = aged(tmp_path / "demo-output/sunday/room.wav", 1)
    gone = retention.apply(home_dir, rules, NOW, recordings=tmp_path / "demo-output")
    assert gone == {"logs": 1, "demo_recordings": 1, "damaged_stores": 0, "backups": 0}
    assert not old_log.exists()
    assert not old_demo.parent.exists()
    for kept in (store, new_log, new_demo, outside):
        assert kept.exists()


def test_a_large_log_is_packed_and_its_writer_goes_on(home_dir: Path) -> None:
    rules = retention.load().model_copy(update={"log_file_mb": 1})
    path = home_dir / "logs/asr.log"
    path.parent.mkdir()
    with path.open("a") as log:
        log.write("x" * 1_500_000)
        log.flush()
        assert retention.pack_large_logs(home_dir, rules, NOW) == ["logs/asr.log"]
        log.write("after")
    assert path.read_text() == "after"
    (packed,) = path.parent.glob("*.gz")
    assert gzip.decompress(packed.read_bytes()) == b"x" * 1_500_000
    assert stat.S_IMODE(packed.stat().st_mode) == 0o600
    assert retention.pack_large_logs(home_dir, rules, NOW) == []


def test_maintenance_keeps_old_backups_when_tonights_fails(home_dir: Path) -> None:
    ProfileStore(home_dir / "profiles/profiles.db").close()
    first = maintenance.maintain(home_dir, NOW - timedelta(days=60))
    assert first.problems == []
    assert first.stores == 1
    (home_dir / "profiles/profiles.db").write_bytes(b"x" * 5000)
    second = maintenance.maintain(home_dir, NOW)
    assert second.backup == ""
    assert "profiles/profiles.db" in second.problems[0]
    assert [folder.name for folder in (home_dir / "backups").iterdir()] == [first.backup]
    last = maintenance.last(home_dir)
    assert last is not None
    assert last.problems == second.problems


def test_the_disk_warning(home_dir: Path) -> None:
    gb = 1_000_000_000
    assert disk.Space(total=100 * gb, free=9 * gb).low
    assert disk.Space(total=10 * gb, free=int(1.9 * gb)).low
    assert not disk.Space(total=100 * gb, free=11 * gb).low
    assert disk.space(home_dir / "not/yet/there").total == disk.space(home_dir).total


@pytest.mark.parametrize("content", ["logs: 0", "logs: many\n", "[]", "logs: {", ""])
def test_an_unusable_retention_file_is_one_clear_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "retention.yaml"
    path.write_text(content)
    with pytest.raises(KithError) as problem:
        retention.load(path)
    assert "\n" not in str(problem.value)
    assert str(path) in str(problem.value)
