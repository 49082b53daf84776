"""Upgrades of a real git checkout with a small stand-in for Kith in it: forward, and back by itself when broken."""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from kith.keeping import backup
from kith.service.machine import Machine
from kith.upgrade.checkout import Checkout
from kith.upgrade.programs import base_python
from kith.upgrade.record import read, write
from kith.upgrade.upgrade import Upgrade
from tests.kith.stores import read_store, write_store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

SET_UP = """
import pathlib, sys
root = pathlib.Path.cwd()
version = (root / "VERSION").read_text()
if version == "fails to set up":
    (root / ".venv/lib").mkdir(parents=True, exist_ok=True)
    (root / ".venv/lib/package").write_text("half replaced")
    sys.exit("set-up stopped: the package registry cannot be reached")
program = root / ".venv/bin/kith"
program.parent.mkdir(parents=True, exist_ok=True)
program.write_text((root / "program.sh").read_text())
program.chmod(0o755)
(root / ".venv/lib").mkdir(exist_ok=True)
(root / ".venv/lib/package").write_text(version)
"""

# Like Kith's own: --home DIR doctor [--start [--data BACKUP]].
PROGRAM = """#!/bin/sh
case "$(cat VERSION)" in
  "sees a problem") echo "kith: no recogniser is installed" >&2; exit 1 ;;
  "harms data") [ "$4" = --start ] && { echo rubbish > "$2/profiles/profiles.db"; exit 1; } ;;
  "cannot start") [ "$4" = --start ] && { echo "the node dialogue did not become ready" >&2; exit 1; } ;;
  "reads only old data") [ "$4" = --start ] && grep -q two "$6/profiles/profiles.db" && exit 1 ;;
esac
exit 0
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def publish(remote: Path, version: str) -> str:
    """Commit a version at the remote; its hash."""
    (remote / "VERSION").write_text(version)
    git(remote, "add", "-A")
    git(remote, "commit", "--quiet", "-m", version)
    return git(remote, "rev-parse", "HEAD")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    folder = tmp_path / "remote"
    (folder / "kith/setup").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "kith/__init__.py").write_text("")
    (folder / "kith/setup/__init__.py").write_text("")
    (folder / "kith/setup/__main__.py").write_text(SET_UP)
    (folder / "program.sh").write_text(PROGRAM)
    (folder / ".gitignore").write_text(".venv/\n__pycache__/\n")
    (folder / "lock").mkdir()
    (folder / "lock/wheels.txt").write_text("package==1\n")
    publish(folder, "one")
    return folder


@pytest.fixture
def checkout(remote: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "kith"
    git(tmp_path, "clone", "--quiet", str(remote), str(folder))
    subprocess.run([base_python(), "-m", "kith.setup", "--for", "demo"], cwd=folder, check=True)
    return folder


@pytest.fixture
def home(home_dir: Path) -> Path:
    write_store(home_dir / "profiles/profiles.db", "one")
    return home_dir


@pytest.fixture
def work(checkout: Path, home: Path, tmp_path: Path) -> Upgrade:
    return Upgrade(Checkout(checkout), home, Machine(root=tmp_path / "no-systemd"), say=print)


def head(checkout: Path) -> tuple[str, str]:
    return git(checkout, "rev-parse", "HEAD"), git(checkout, "rev-parse", "--abbrev-ref", "HEAD")


def installed(checkout: Path) -> str:
    return (checkout / ".venv/lib/package").read_text()


def test_to_the_newest_and_back(work: Upgrade, checkout: Path, remote: Path, home: Path) -> None:
    old, new = head(checkout)[0], publish(remote, "two")
    outcome = work.upgrade(None, NOW)
    assert (outcome.changed, outcome.rolled_back, outcome.from_commit, outcome.to_commit) == (True, False, old, new)
    assert head(checkout) == (new, "main")
    assert installed(checkout) == "two"
    backup.verify(backup.find(home, outcome.backup))
    # A resident tells something new; going back must not forget it.
    write_store(home / "profiles/profiles.db", "said since")
    undone = work.rollback(NOW + timedelta(days=1))
    assert (undone.rolled_back, undone.data) == (True, "kept")
    assert head(checkout) == (old, "main")
    assert installed(checkout) == "one"
    assert read_store(home / "profiles/profiles.db") == ["one", "said since"]
    with pytest.raises(KithError, match="no upgrade to roll back"):
        work.rollback(NOW + timedelta(days=2))


def test_nothing_new_changes_nothing(work: Upgrade, home: Path) -> None:
    assert work.upgrade(None, NOW).changed is False
    assert backup.backups(home) == []


def test_to_a_tag_a_branch_and_an_older_commit(work: Upgrade, checkout: Path, remote: Path) -> None:
    old = head(checkout)[0]
    two = publish(remote, "two")
    git(remote, "tag", "v2")
    git(remote, "switch", "--quiet", "-c", "trial")
    three = publish(remote, "three")
    for hour, (wanted, commit) in enumerate((("v2", two), ("trial", three), (old, old))):
        outcome = work.upgrade(wanted, NOW + timedelta(hours=hour))
        assert (outcome.changed, outcome.to_commit) == (True, commit)
        assert head(checkout)[0] == commit


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("fails to set up", "set-up did not work: set-up stopped: the package registry cannot be reached"),
        ("sees a problem", "`kith doctor` did not work: kith: no recogniser is installed"),
        ("cannot start", "the trial start .* did not work: the node dialogue did not become ready"),
        ("harms data", "the trial start"),
    ],
)
def test_a_broken_version_goes_back_by_itself(
    work: Upgrade, checkout: Path, remote: Path, home: Path, version: str, why: str
) -> None:
    before = head(checkout)
    publish(remote, version)
    outcome = work.upgrade(None, NOW)
    assert (outcome.changed, outcome.rolled_back) == (False, True)
    assert re.search(why, outcome.why), outcome.why
    assert head(checkout) == before
    assert git(checkout, "status", "--porcelain") == ""
    assert installed(checkout) == "one"
    assert read_store(home / "profiles/profiles.db") == ["one"]
    assert list(checkout.glob(".venv*")) == [checkout / ".venv"]
    # A mended version then goes in as if nothing had been.
    publish(remote, "mended")
    assert work.upgrade(None, NOW + timedelta(hours=1)).changed
    assert installed(checkout) == "mended"


def test_going_back_restores_the_data_only_when_the_older_version_cannot_start_on_the_newer(
    work: Upgrade, checkout: Path, remote: Path, home: Path
) -> None:
    publish(remote, "reads only old data")
    assert work.upgrade(None, NOW).changed
    publish(remote, "two")
    assert work.upgrade(None, NOW + timedelta(hours=1)).changed
    write_store(home / "profiles/profiles.db", "two")
    undone = work.rollback(NOW + timedelta(hours=2))
    assert undone.data == "restored"
    assert read_store(home / "profiles/profiles.db") == ["one"]
    newer = backup.find(home, undone.backup)
    assert read_store(newer.folder / "profiles/profiles.db") == ["one", "two"]


def test_an_upgrade_cut_short_by_a_power_cut_is_undone(
    work: Upgrade, checkout: Path, remote: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = head(checkout)
    publish(remote, "two")
    if (child := os.fork()) == 0:
        monkeypatch.setattr(Upgrade, "_check", lambda *_: os._exit(9))
        work.upgrade(None, NOW)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert installed(checkout) == "two"
    with pytest.raises(KithError, match=r"cut short: run `kith upgrade --rollback`"):
        work.upgrade(None, NOW)
    work.rollback(NOW + timedelta(hours=1))
    assert head(checkout) == before
    assert installed(checkout) == "one"


def test_an_interrupted_way_back_can_be_repeated(work: Upgrade, checkout: Path, remote: Path) -> None:
    (checkout / "robot_ws/install").mkdir(parents=True)
    (checkout / "robot_ws/install/made").write_text("one")
    publish(remote, "two")
    assert work.upgrade(None, NOW).changed
    built = work.folder / "built"
    # As far as a first attempt came: the environment is back, the workspace was just moved out of the way.
    (checkout / ".venv").rename(checkout / ".venv.failed")
    (built / ".venv").rename(checkout / ".venv")
    (checkout / "robot_ws/install").rename(checkout / "robot_ws/install.failed")
    work.rollback(NOW + timedelta(hours=1))
    assert installed(checkout) == "one"
    assert (checkout / "robot_ws/install/made").read_text() == "one"


def _changed(checkout: Path) -> None:
    (checkout / "VERSION").write_text("mine")


def _no_remote(checkout: Path) -> None:
    git(checkout, "remote", "remove", "origin")


def _unreachable(checkout: Path) -> None:
    git(checkout, "remote", "set-url", "origin", str(checkout / "nowhere"))


def _no_git(checkout: Path) -> None:
    (checkout / ".git").rename(checkout / "git")


@pytest.mark.parametrize(
    ("harm", "wanted", "told"),
    [
        (_changed, None, r"changes of its own \(VERSION\)"),
        (_no_remote, None, "no remote to upgrade from"),
        (_unreachable, None, "git fetch did not work"),
        (_no_git, None, "not a git checkout"),
        (lambda _: None, "v99", "origin has no v99"),
        (lambda _: None, "--upload-pack=sh", "origin has no --upload-pack"),
        (lambda _: None, "", "origin has no "),
    ],
)
def test_what_cannot_begin_changes_nothing(
    work: Upgrade, checkout: Path, home: Path, harm: Callable[[Path], None], wanted: str | None, told: str
) -> None:
    harm(checkout)
    with pytest.raises(KithError, match=told) as problem:
        work.upgrade(wanted, NOW)
    assert "\n" not in str(problem.value)
    assert installed(checkout) == "one"
    assert backup.backups(home) == []


def test_a_running_home_is_not_upgraded_under_its_feet(work: Upgrade, checkout: Path, remote: Path, home: Path) -> None:
    publish(remote, "two")
    with (home / "home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(KithError, match="is running: stop it first"):
            work.upgrade(None, NOW)
    assert installed(checkout) == "one"


def test_a_damaged_store_stops_the_upgrade_before_it_begins(
    work: Upgrade, checkout: Path, remote: Path, home: Path
) -> None:
    publish(remote, "two")
    (home / "profiles/profiles.db").write_bytes(b"x" * 5000)
    with pytest.raises(KithError, match=r"profiles/profiles\.db"):
        work.upgrade(None, NOW)
    assert installed(checkout) == "one"


def test_the_record_names_version_lock_and_backup(work: Upgrade, checkout: Path, remote: Path, home: Path) -> None:
    old, before = head(checkout)[0], Checkout(checkout).lock_hash()
    (remote / "lock/wheels.txt").write_text("package==2\n")
    new = publish(remote, "two")
    outcome = work.upgrade(None, NOW)
    record = read(work.folder / "record.json")
    assert record is not None
    assert (record.from_commit, record.to_commit, record.from_branch) == (old, new, "main")
    assert (record.lock_sha256, record.backup) == (before, outcome.backup)
    assert before != Checkout(checkout).lock_hash()
    write(work.folder / "record.json", record)
    assert read(work.folder / "record.json") == record


def test_the_service_is_stopped_meanwhile_and_started_again(
    checkout: Path, remote: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a stand-in for systemctl whose `start` takes the home's lock, as `kith up` does."""
    monkeypatch.setattr("kith.service.units.service_home", lambda: home)
    (tmp_path / "machine/run/systemd/system").mkdir(parents=True)
    program = tmp_path / "systemctl"
    program.write_text(f"""#!{sys.executable}
import fcntl, os, pathlib, subprocess, sys
state, log = pathlib.Path({str(tmp_path / "state")!r}), open({str(tmp_path / "calls")!r}, "a")
verb = sys.argv[1]
if verb == "show":
    print("ActiveState=" + state.read_text())
    sys.exit()
log.write(verb + "\\n")
if verb == "stop":
    state.write_text("inactive")
    os.killpg(int(pathlib.Path({str(tmp_path / "pid")!r}).read_text()), 15)
if verb == "start":
    broken = pathlib.Path({str(checkout / "VERSION")!r}).read_text() == "falls at start"
    state.write_text("failed" if broken else "active")
    if not broken:
        held = subprocess.Popen(["flock", {str(home / "home.lock")!r}, "sleep", "60"],
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(held.pid))
""")
    program.chmod(0o755)
    sleeper = subprocess.Popen(["sleep", "60"], start_new_session=True)
    (tmp_path / "pid").write_text(str(sleeper.pid))
    (tmp_path / "state").write_text("active")
    machine = Machine(root=tmp_path / "machine", systemctl=str(program), uid=0)
    work = Upgrade(Checkout(checkout), home, machine, say=print)
    publish(remote, "falls at start")
    try:
        outcome = work.upgrade(None, NOW)
        assert outcome.rolled_back
        assert "the service did not start" in outcome.why
        assert installed(checkout) == "one"
        assert (tmp_path / "state").read_text() == "active"
        assert (tmp_path / "calls").read_text().split() == ["stop", "start", "stop", "start"]
    finally:
        sleeper.kill()
        sleeper.wait()
        os.killpg(int((tmp_path / "pid").read_text()), signal.SIGKILL)


def test_the_command_line(checkout: Path, remote: Path, home: Path) -> None:
    def kith(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kith.main", "--home", str(home), "upgrade", "--checkout", str(checkout)]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)

    publish(remote, "fails to set up")
    failed = kith("--json")
    assert failed.returncode == 1
    assert json.loads(failed.stdout)["rolled_back"] is True
    new = publish(remote, "two")
    done = kith("--json")
    assert (done.returncode, json.loads(done.stdout)["to_commit"]) == (0, new)
    assert "newest" in kith().stdout
    unknown = kith("--to", "v99")
    assert (unknown.returncode, unknown.stderr.count("Traceback")) == (2, 0)
    assert kith("--rollback").returncode == 0
    assert installed(checkout) == "one"
