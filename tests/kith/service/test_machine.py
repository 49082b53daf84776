"""Installing, asking and removing, with a stand-in for systemctl that does what it is told and writes it down."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from kith.service import units
from kith.service.machine import Machine
from tests.kith.stores import read_store, write_store

SYSTEMCTL = """#!/bin/sh
echo "$@" >> "{log}"
case "$1" in
  show) printf 'ActiveState=active\\nUnitFileState=enabled\\nNRestarts=3\\nActiveEnterTimestamp=Mon 03:15\\n' ;;
  {failing}) echo "Failed to $1: no bus" >&2; exit 1 ;;
esac
"""


@pytest.fixture
def here(tmp_path: Path) -> Machine:
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    return make(tmp_path)


def make(root: Path, failing: str = "never") -> Machine:
    program = root / "systemctl"
    program.write_text(SYSTEMCTL.format(log=root / "calls", failing=failing))
    program.chmod(0o755)
    return Machine(root=root, systemctl=str(program), sysusers="true", uid=0)


def calls(machine: Machine) -> list[str]:
    path = machine.root / "calls"
    return path.read_text().splitlines() if path.exists() else []


def test_install_enables_at_boot_and_starts_and_a_second_time_is_harmless(here: Machine) -> None:
    for _ in range(2):
        written = here.install(units.Service())
        assert all(Path(path).is_file() for path in written)
    assert calls(here)[:4] == [
        "daemon-reload",
        "enable --now kith-maintenance.timer",
        "enable kith.service",
        "restart kith.service",
    ]


def test_uninstall_takes_the_units_away_and_leaves_the_data(here: Machine) -> None:
    here.install(units.Service())
    data = here.root / "var/lib/kith/profiles/profiles.db"
    data.parent.mkdir(parents=True)
    data.write_text("kept")
    removed = here.uninstall()
    assert len(removed) == 4
    assert not any(Path(path).exists() for path in removed)
    assert "disable --now kith.service" in calls(here)
    assert data.read_text() == "kept"
    assert here.uninstall() == []


def test_what_systemd_says_of_a_unit(here: Machine) -> None:
    unit = here.unit("kith.service")
    assert (unit.active, unit.enabled, unit.restarts) == ("active", "enabled", 3)


def test_a_failing_systemctl_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    with pytest.raises(KithError, match="no bus") as problem:
        make(tmp_path, failing="enable").install(units.Service())
    assert "\n" not in str(problem.value)


def test_without_systemd_it_says_so_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(KithError, match="does not run systemd"):
        make(tmp_path).install(units.Service())
    assert not (tmp_path / "etc").exists()


def test_without_root_it_prints_the_one_command(here: Machine) -> None:
    ordinary = Machine(root=here.root, systemctl=here.systemctl, sysusers="true", uid=1000)
    with pytest.raises(KithError, match=r"run `sudo .*kith"):
        ordinary.install(units.Service())
    assert not (here.root / "etc").exists()


def kith(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kith.main", "--home", str(home), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def test_the_command_line_writes_below_a_prefix_without_root(tmp_path: Path, home_dir: Path) -> None:
    done = kith(
        "service", "install", "--prefix", str(tmp_path / "image"), "--json", "--", "--body", "laptop", home=home_dir
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["enabled"] is False
    text = (tmp_path / "image/etc/systemd/system/kith.service").read_text()
    assert "up --body laptop" in text


def test_maintain_and_restore_on_the_command_line(home_dir: Path) -> None:
    write_store(home_dir / "profiles/profiles.db", "one")
    first = kith("service", "maintain", "--json", home=home_dir)
    report = json.loads(first.stdout)
    assert report["stores"] == 1
    assert (first.returncode == 1) == bool(report["problems"])
    write_store(home_dir / "profiles/profiles.db", "two")
    listed = json.loads(kith("service", "restore", "--list", "--json", home=home_dir).stdout)
    assert [item["name"] for item in listed] == [report["backup"]]
    done = kith("service", "restore", report["backup"], home=home_dir)
    assert done.returncode == 0, done.stderr
    assert read_store(home_dir / "profiles/profiles.db") == ["one"]
    unknown = kith("service", "restore", "yesterday", home=home_dir)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert unknown.stderr.startswith("kith: no backup yesterday")
    assert "Traceback" not in unknown.stderr
