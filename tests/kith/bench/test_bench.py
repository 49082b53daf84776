"""The benches measure the real home, honestly: every process counted, nothing left behind, failures told."""

import json
import mmap
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from culture_profiles.errors import KithError
from culture_profiles.store import ProfileStore
from kith.bench import footprint, place, startup
from kith.bench.floor import floor
from kith.keeping import backup
from tests.kith.stores import write_store

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NODES = {"profiles", "reminders", "alerts", "tablet", "asr", "tts", "dialogue", "motion", "safety", "body"}


def test_memory_is_the_proportional_set_size() -> None:
    # Mapped by itself: what an allocator frees, it may keep.
    with mmap.mmap(-1, 50_000_000) as held:
        held.write(os.urandom(1) * 50_000_000)
        with_it = footprint.pss_bytes(os.getpid())
    assert 40_000_000 < with_it - footprint.pss_bytes(os.getpid()) < 60_000_000


def test_processor_time_is_in_percent_of_one_core() -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    idle = subprocess.Popen(["sleep", "60"])
    try:
        began = time.monotonic()
        used = sum(psutil.Process(busy.pid).cpu_times()[:2])
        found = {load.name: load for load in footprint.loads({busy.pid: "busy", idle.pid: "idle"}, 1.0)}
        # What the kernel counted over the same second, however busy the machine is with other things.
        used = sum(psutil.Process(busy.pid).cpu_times()[:2]) - used
        share = 100 * used / (time.monotonic() - began)
    finally:
        for process in (busy, idle):
            process.kill()
            process.wait()
    assert found["busy"].cpu_percent == pytest.approx(share, rel=0.3)
    assert found["busy"].cpu_percent > found["idle"].cpu_percent
    assert found["idle"].cpu_percent < 2
    assert found["idle"].pss_mb < 5


def test_the_floor_comes_up_and_goes_away() -> None:
    with floor(2) as bare:
        assert 0 < bare.ready_s < place.READY_WITHIN_S
        assert all(psutil.pid_exists(pid) for pid in bare.pids)
    assert not any(psutil.pid_exists(pid) for pid in bare.pids)


def test_a_bench_never_shares_a_domain_with_a_home_of_the_user(
    home_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's own home may run in the domain that the environment names."""
    (home_dir / "home.yaml").write_text("time_zone: Europe/Warsaw\nros_domain_id: 7\n")
    write_store(home_dir / "profiles/profiles.db", "one")
    taken = backup.make(home_dir, NOW, "upgrade")
    monkeypatch.setattr(place, "free_domain", lambda: 42)
    place.prepare(tmp_path / "bench", taken.folder)
    text = (tmp_path / "bench/home.yaml").read_text()
    assert "ros_domain_id: 42" in text
    assert "Europe/Warsaw" in text
    monkeypatch.setenv("ROS_DOMAIN_ID", "7")
    assert "ROS_DOMAIN_ID" not in place._environment()


def test_a_damaged_copy_is_refused_before_anything_starts(home_dir: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "profiles").mkdir(parents=True)
    (data / "profiles/profiles.db").write_bytes(b"x" * 5000)
    with pytest.raises(KithError, match=r"profiles/profiles\.db is damaged"), place.started(tmp_path, data):
        pass


def test_a_home_that_does_not_start_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "prepare", lambda home, _: home.write_text("in the way"))
    with pytest.raises(KithError, match=r"`kith up` ended: .* is a file") as problem, place.started(tmp_path):
        pass
    assert "\n" not in str(problem.value)


def test_startup_and_what_it_leaves_behind() -> None:
    before = set(psutil.pids())
    found = startup.measure(1)
    assert set(found.per_node_s) == NODES
    # Ready is when the slowest node is: how long after it that is noticed depends on what else the machine does.
    assert found.ready_s > max(found.per_node_s.values()) - 0.5
    assert found.floor_s > 0
    assert found.nodes == len(NODES)
    left = [pid for pid in set(psutil.pids()) - before if psutil.pid_exists(pid) and _is_ours(pid)]
    assert left == []


def _is_ours(pid: int) -> bool:
    try:
        return any("kith-bench-" in part for part in psutil.Process(pid).cmdline())
    except psutil.Error:
        return False


def test_footprint_counts_every_process() -> None:
    found = footprint.measure(2.0)
    names = {load.name for load in found.per_process}
    assert names >= NODES | {"kith up"}
    assert found.pss_mb == pytest.approx(sum(load.pss_mb for load in found.per_process), abs=0.5)
    assert found.floor_pss_mb < found.pss_mb
    assert found.idle_cpu_percent > 0


def test_a_trial_start_on_a_copy_leaves_the_data_alone(home_dir: Path) -> None:
    ProfileStore(home_dir / "profiles/profiles.db").close()
    taken = backup.make(home_dir, NOW, "upgrade")
    done = subprocess.run(
        [sys.executable, "-m", "kith.main", "doctor", "--start", "--json", "--data", str(taken.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["nodes"]) == NODES
    backup.verify(taken)
    assert not (home_dir / "home.lock").exists()
