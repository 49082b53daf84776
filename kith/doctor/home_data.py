"""The home's directory: may it be written, who else could read it, backups, disk."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from culture_profiles.errors import KithError
from culture_profiles.store import sealing
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
    yield _encryption(home)
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


def _encryption(home: Path) -> Check:
    """Which encryption the profiles have, and where their key is."""
    store, name = home / backup.PROFILES, "encryption at rest"
    others = "reminders, alerts and the tablet likewise, each with a key beside it unless the environment gives one"
    try:
        if store.is_file() and sealing.is_plain(store):
            return Check(
                "home", name, False, False, "the profiles are not encrypted yet: whoever has this disk can read them",
                "start the home, or run `kith profiles list`: that encrypts them where they lie",
            )  # fmt: skip
        key = sealing.find_key(store)
        if key is None and not store.is_file():
            return Check("home", name, True, False, f"profiles will be encrypted with {sealing.CIPHER}; {others}")
        if key is None:
            return Check(
                "home", name, False, True, f"the profiles' key {sealing.key_file(store)} is missing",
                f"bring the key back, or give it in {sealing.KEY_VARIABLE}",
            )  # fmt: skip
    except (KithError, OSError) as problem:
        return Check("home", name, False, True, str(problem), "mend it: without the key nobody can read the profiles")
    beside = "" if sealing.KEY_VARIABLE in key.where else ", on this machine: whoever has all of its disk has both"
    open_backups = sum(
        sealing.is_plain(path) for path in (home / backup.FOLDER).glob(f"*/{backup.PROFILES}") if path.is_file()
    )
    if open_backups:
        return Check(
            "home", name, False, False, f"{open_backups} backups from before the encryption can be read by anybody",
            "remove them when newer ones are there, or keep this disk locked away",
        )  # fmt: skip
    what = f"profiles: {sealing.CIPHER}; key in {key.where}{beside}; {others}"
    return Check("home", name, True, False, what, "keep a copy of the key apart from this machine and its backups")


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
