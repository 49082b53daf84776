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


def test_routines_travel_as_a_calendar_file_and_keep_to_their_owner(home_dir: Path, tmp_path: Path) -> None:
    _resident(home_dir)
    _add(home_dir, "--at", "10:00", "--rule", "FREQ=DAILY")
    path = tmp_path / "hanna.ics"
    done = _kith(home_dir, "reminders", "export", "hanna", str(path))
    assert (done.returncode, path.stat().st_mode & 0o777) == (0, 0o600), done.stderr
    assert "your daughter Ewa" in _kith(home_dir, "reminders", "export", "hanna").stdout
    assert _kith(home_dir, "profiles", "set", "kenji", "name.preferred", "Kenji").returncode == 0
    path.write_bytes(path.read_bytes().replace(b"@kith", b"@else"))
    for _ in range(2):  # importing twice is importing once
        done = _kith(home_dir, "reminders", "import", "kenji", str(path), "--json")
        assert len(json.loads(done.stdout)["ids"]) == 1, done.stderr
    listed = json.loads(_kith(home_dir, "reminders", "list", "--json").stdout)
    assert len({one["routine_id"] for one in listed if one["resident_id"] == "kenji"}) == 1
    shown = json.loads(_kith(home_dir, "reminders", "calendar", "hanna", "--json").stdout)
    assert shown == {"kept": [], "conflicts": []}
    for arguments in (
        ("export", "nobody"),
        ("import", "hanna", str(tmp_path / "none")),
        ("import", "nobody", str(path)),
    ):
        refused = _kith(home_dir, "reminders", *arguments)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr


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
