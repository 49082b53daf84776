"""`kith reminders` on a home that does not run."""

import json
import subprocess
import sys
from pathlib import Path

KITH = (sys.executable, "-m", "kith.main")


def _kith(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*KITH, "--home", str(home), *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def _resident(home: Path) -> None:
    made = _kith(home, "profiles", "set", "hanna", "name.preferred", "Hanna")
    assert made.returncode == 0, made.stderr


def _add(home: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    return _kith(home, "reminders", "add", "hanna", "call", "your daughter Ewa", *(more or ("--at", "+2h")), "--json")


def test_add_list_and_close_on_the_file(home_dir: Path) -> None:
    _resident(home_dir)
    made = _add(home_dir)
    assert made.returncode == 0, made.stderr
    listed = json.loads(_kith(home_dir, "reminders", "list", "--json").stdout)
    assert [(one["routine_id"], one["state"], one["title"]) for one in listed] == [
        (json.loads(made.stdout)["id"], "waiting", "your daughter Ewa")
    ]
    assert _kith(home_dir, "reminders", "close", listed[0]["id"], "--who", "Anna").returncode == 0
    again = json.loads(_kith(home_dir, "reminders", "list", "--json").stdout)
    assert (again[0]["state"], again[0]["closed_by"]) == ("closed", "Anna")
    assert (home_dir / "reminders" / "reminders.db").stat().st_mode & 0o777 == 0o600


def test_bad_input_is_one_line(home_dir: Path) -> None:
    _resident(home_dir)
    for arguments in (
        ("reminders", "add", "nobody", "call", "Ewa", "--at", "+2h"),
        ("reminders", "add", "hanna", "call", "Ewa", "--at", "teatime"),
        ("reminders", "add", "hanna", "call", "Ewa", "--at", "2020-01-01T10:00"),
        ("reminders", "add", "hanna", "call", "Ewa", "--at", "+2h", "--rule", "FREQ=NEVER"),
        ("reminders", "close", "nothing", "--who", "Anna"),
    ):
        done = _kith(home_dir, *arguments)
        assert done.returncode == 2, arguments
        assert done.stderr.startswith("kith: ")
        assert done.stderr.count("\n") == 1


def test_a_damaged_file_is_told_and_left_alone(home_dir: Path) -> None:
    _resident(home_dir)
    _add(home_dir)
    path = home_dir / "reminders" / "reminders.db"
    path.write_bytes(b"this was a database" * 400)
    done = _kith(home_dir, "reminders", "list")
    assert (done.returncode, "damaged" in done.stderr, done.stderr.count("\n")) == (2, True, 1)
    assert path.read_bytes().startswith(b"this was a database")
