"""The home's directory: may it be written, who else could read it, backups, disk."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from culture_profiles.errors import KithError
from kith import home as homes
from kith.doctor.check import Check
from kith.keeping import backup, maintenance
from kith.keeping.disk import space

_LOOKED_AT = 5000
_OVERDUE_H = 48


def checks(home: Path, now: datetime) -> Iterator[Check]:
    """Everything about the data, without changing it."""
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    can_write = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    if not can_write:
        yield Check("home", "directory", False, True, f"{nearest} cannot be written", "give another with --home DIR")
    elif not home.exists():
        yield Check("home", "directory", True, True, f"{home} does not exist yet; `kith up` makes it")
    else:
        yield Check("home", "directory", True, True, f"{home} can be written")
        yield _modes(home)
    yield _settings(home)
    runs = homes.running(home)
    yield Check("home", "running", True, False, f"runs as process {runs.pid}" if runs else "does not run now")
    yield _backups(home, now)
    yield Check(
        "home", "encryption at rest", False, False, "not yet: whoever has this disk can read what residents said",
        "keep the machine locked away, or use an encrypted disk (LUKS)",
    )  # fmt: skip
    left = space(home)
    yield Check(
        "home", "disk", not left.low, False, f"{left}{' - nearly full' if left.low else ''}",
        "make room: remove what is not needed, then `kith service maintain`" if left.low else "",
    )  # fmt: skip


def _modes(home: Path) -> Check:
    """Whether anybody but the owner may look in."""
    open_ones = [home] if home.stat().st_mode & 0o077 else []
    for number, path in enumerate(home.rglob("*")):
        if number >= _LOOKED_AT:
            break
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & 0o077:
            open_ones.append(path)
    if not open_ones:
        return Check("home", "file modes", True, True, "only the owner can read the home")
    some = ", ".join(str(path) for path in open_ones[:3]) + (" …" if len(open_ones) > 3 else "")
    # A closed directory protects what is in it, whatever its own mode.
    shut = not home.stat().st_mode & 0o077
    return Check("home", "file modes", shut, True, f"open to others: {some}", f"run `chmod -R go= {home}`")


def _settings(home: Path) -> Check:
    try:
        found = homes.settings(home)
    except KithError as problem:
        return Check("home", "home.yaml", False, True, str(problem), "mend the file, or remove it for the defaults")
    return Check("home", "home.yaml", True, True, f"time zone {found.time_zone}, language {found.locale}")


def _backups(home: Path, now: datetime) -> Check:
    last = maintenance.last(home)
    taken = backup.backups(home)
    if last is not None and last.problems:
        return Check(
            "home",
            "backup",
            False,
            False,
            f"the last maintenance said: {last.problems[0]}",
            "mend it, then run `kith service maintain`",
        )
    if not taken:
        what = "none yet" if backup.stores(home) else "none yet, and nothing to back up"
        todo = (
            "run `kith service maintain`, or `sudo kith service install` for every night" if backup.stores(home) else ""
        )
        return Check("home", "backup", not todo, False, what, todo)
    hours = (now - taken[-1].when).total_seconds() / 3600
    fresh = hours < _OVERDUE_H
    todo = "" if fresh else "run `kith service maintain`, and `kith service status` to see why the night's did not run"
    return Check("home", "backup", fresh, False, f"the newest verified backup is {hours:.0f} hours old", todo)
