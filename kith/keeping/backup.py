"""Backups of a home's stores: consistent while it runs, verified before they count, restorable.

A backup is a folder below `backups/`, named by its time in UTC, with the stores under the paths they have in the
home and a `manifest.json` with the size and SHA-256 of each. A folder without a manifest is no backup.

What is encrypted stays so, with the key of the home's store, which no backup holds: keep a copy of the key elsewhere.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from culture_profiles.errors import KithError
from culture_profiles.store import ProfileStore, Records, records_in, sealing
from kith.keeping import erasing_elsewhere
from kith.keeping.lock import stopped

FOLDER = "backups"
PROFILES = "profiles/profiles.db"
STORES = ("profiles", "reminders", "alerts")
ROBOTS = "robots"
"""What robots note for hours or days: no backup needs it. Older backups hold some, which nothing brings back."""
_WORK = "erasing"
_PLAIN_FILES = ("home.yaml",)
_MANIFEST = "manifest.json"
_NAME = "%Y-%m-%dT%H%M%S.%fZ"
_PARTIAL = ".partial"
# Beside a database, SQLite keeps these; a restored database must not meet the old ones.
_COMPANIONS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Backup:
    """One finished backup."""

    folder: Path
    when: datetime
    reason: str
    """nightly · upgrade · restore · by hand"""
    files: dict[str, str]
    """Path below the home → SHA-256 in hex."""

    @property
    def name(self) -> str:
        """How a person refers to it."""
        return self.folder.name


@contextmanager
def _private() -> Iterator[None]:
    """Everything made meanwhile is for the owner alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _key(path: Path, name: str, key_of: Path) -> sealing.StoreKey | None:
    """The key that opens it; None for one that is not encrypted."""
    if sealing.is_plain(path):
        return None
    key = sealing.find_key(key_of)
    if key is None:
        raise KithError(
            f"{name} is damaged, or encrypted and its key ({sealing.key_file(key_of)}) is missing: bring back the key, "
            "or see `kith service restore --list`"
        )
    return key


def check_store(path: Path, name: str, key_of: Path | None = None) -> None:
    """Open a database afresh and let SQLite examine all of it; `key_of`: the store whose key opens it, if another.

    Errors: KithError that names the store.
    """
    try:
        with closing(sealing.connect(path, _key(path, name, key_of or path), read_only=True)) as store:
            answers = [row[0] for row in store.execute("PRAGMA integrity_check(1)")]
            broken = store.execute("PRAGMA foreign_key_check").fetchone() is not None
    except (sqlite3.Error, sqlcipher.Error) as problem:
        raise KithError(f"{name} is damaged ({problem}): see `kith service restore --list`") from None
    if answers != ["ok"] or broken:
        raise KithError(f"{name} is damaged: see `kith service restore --list`")


def _copy_store(source: Path, target: Path, name: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        key = _key(source, name, source)
        with (
            closing(sealing.connect(source, key, read_only=True)) as live,
            closing(sealing.connect(target, key)) as copy,
        ):
            live.backup(copy)
            # One file that stands alone: the copy inherits write-ahead logging from the live store.
            copy.execute("PRAGMA journal_mode=DELETE")
    except (sqlite3.Error, sqlcipher.Error) as problem:
        raise KithError(f"{name} cannot be backed up ({problem}): see `kith service restore --list`") from None
    check_store(target, name, source)
    _sync(target)


def stores(home: Path) -> list[Path]:
    """The databases of a home, as paths below it, sorted."""
    found = [
        path
        for part in STORES
        for path in (home / part).rglob("*.db")
        if path.is_file() and not path.is_symlink() and path.parent.name != _WORK
    ]
    return sorted(path.relative_to(home) for path in found)


def make(home: Path, now: datetime, reason: str) -> Backup:
    """Back up every store of `home` and verify each copy; works while the home runs.

    Errors: KithError when a store is damaged, the disk is full or the folder cannot be written; then no trace is left.
    """
    if not home.is_dir():
        raise KithError(f"there is no home in {home}: start one with `kith up`, or give --home")
    final = home / FOLDER / now.astimezone(UTC).strftime(_NAME)
    partial = final.with_name(final.name + _PARTIAL)
    with _private():
        try:
            partial.mkdir(parents=True)
            files = {}
            for name in stores(home):
                _copy_store(home / name, partial / name, str(name))
                files[str(name)] = _sha256(partial / name)
            for plain in _PLAIN_FILES:
                if (home / plain).is_file():
                    shutil.copyfile(home / plain, partial / plain)
                    files[plain] = _sha256(partial / plain)
            manifest = {"when": now.astimezone(UTC).isoformat(), "reason": reason, "files": files}
            (partial / _MANIFEST).write_text(json.dumps(manifest, indent=1))
            _sync(partial / _MANIFEST)
            partial.rename(final)
            _sync(final.parent)
        except OSError as problem:
            raise KithError(f"no backup could be written in {home / FOLDER}: {problem.strerror}") from None
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return _read(final)


def _read(folder: Path) -> Backup:
    manifest = json.loads((folder / _MANIFEST).read_text())
    return Backup(
        folder=folder,
        when=datetime.fromisoformat(manifest["when"]),
        reason=str(manifest["reason"]),
        files={str(name): str(digest) for name, digest in manifest["files"].items() if Path(name).parts[0] != ROBOTS},
    )


def backups(home: Path) -> list[Backup]:
    """The finished backups, oldest first."""
    found = []
    for manifest in (home / FOLDER).glob(f"*/{_MANIFEST}"):
        if manifest.parent.name.endswith(_PARTIAL):
            continue
        try:
            found.append(_read(manifest.parent))
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            continue
    return sorted(found, key=lambda backup: (backup.when, backup.name))


def home_of(backup: Backup) -> Path:
    """The home that the backup is of, whose key opens it."""
    return backup.folder.parent.parent


def verify(backup: Backup) -> None:
    """Examine a backup again. Errors: KithError that names what is missing, changed or damaged."""
    for name, digest in backup.files.items():
        path = backup.folder / name
        if not path.is_file():
            raise KithError(f"backup {backup.name} lacks {name}: choose another (`kith service restore --list`)")
        if _sha256(path) != digest:
            raise KithError(
                f"{name} in backup {backup.name} has changed: choose another (`kith service restore --list`)"
            )
        if path.suffix == ".db":
            check_store(path, f"{name} in backup {backup.name}", home_of(backup) / name)


def rewritten(backup: Backup, name: str) -> Backup:
    """Note that a store in the backup was rewritten on purpose: its new digest goes into the manifest."""
    manifest = backup.folder / _MANIFEST
    content = json.loads(manifest.read_text())
    content["files"][name] = _sha256(backup.folder / name)
    fresh = manifest.with_suffix(".new")
    with _private():
        fresh.write_text(json.dumps(content, indent=1))
    _sync(fresh)
    fresh.replace(manifest)
    _sync(manifest.parent)
    return _read(backup.folder)


def find(home: Path, name: str | None) -> Backup:
    """The backup of that name, or the newest. Errors: KithError when there is none."""
    all_of_them = backups(home)
    if name is None and all_of_them:
        return all_of_them[-1]
    for backup in all_of_them:
        if backup.name == name:
            return backup
    what = f"no backup {name}" if name else "no backup yet"
    raise KithError(f"{what} in {home / FOLDER}: see `kith service restore --list`")


def _keep_damaged(home: Path, now: datetime) -> Path:
    """Copies of stores too damaged to back up, so that a restore destroys nothing."""
    aside = home / FOLDER / ("damaged-" + now.astimezone(UTC).strftime(_NAME))
    for name in stores(home):
        for path in (home / name, *(Path(f"{home / name}{ending}") for ending in _COMPANIONS)):
            if path.exists():
                target = aside / path.relative_to(home)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    return aside


def restore(home: Path, backup: Backup, now: datetime) -> Path:
    """Put the stores back as they were in `backup`, and keep what they replace.

    Returns the folder with what was replaced: a backup, or where a store was damaged plain copies. Stores that the
    backup does not hold are removed. Errors: KithError when the home runs or the backup does not verify; then nothing
    has changed.
    """
    with stopped(home), _private():
        verify(backup)
        try:
            replaced = make(home, now, "restore").folder
        except KithError:
            replaced = _keep_damaged(home, now)
        put_back(home, backup)
    return replaced


def put_back(home: Path, backup: Backup) -> None:
    """The writing half of `restore`: the caller has verified the backup and keeps the home from running.

    What was erased since does not come back, and legal holds stay.
    """
    since = _records(home)
    with _private():
        for name in stores(home):
            for ending in _COMPANIONS:
                Path(f"{home / name}{ending}").unlink(missing_ok=True)
            if str(name) not in backup.files:
                (home / name).unlink()
        for text in backup.files:
            target = home / text
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(target.name + ".restored")
            if text == PROFILES and since is not None and since != records_in(backup.folder / text, target):
                fresh.unlink(missing_ok=True)
                copy_without_erased(backup.folder / text, fresh, since, target)
            elif not _without_gone(backup, text, fresh, since, target):
                shutil.copyfile(backup.folder / text, fresh)
            _sync(fresh)
            fresh.replace(target)
            _sync(target.parent)


def _without_gone(backup: Backup, name: str, fresh: Path, since: Records | None, live: Path) -> bool:
    """Whether `fresh` was made: a file other than the profiles, without those who were erased since."""
    if since is None or name not in (erasing_elsewhere.REMINDERS, erasing_elsewhere.ALERTS):
        return False
    gone = erasing_elsewhere.gone(since, backup.when)
    return bool(gone) and erasing_elsewhere.copy_without(backup.folder / name, fresh, name, gone, live)


def copy_without_erased(source: Path, to: Path, records: Records, live: Path) -> None:
    """Copy a profile store to the new file `to` with `records` carried out in it, verified; `live` has its key.

    Errors: KithError, OSError; then there is no `to`.
    """
    work = to.parent / _WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        shutil.copyfile(source, work / "profiles.db")
        with ProfileStore(work / "profiles.db", key_of=live) as store:
            store.take_over(records)
            store.backup(to)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _records(home: Path) -> Records | None:
    """What was erased and is held, of the store or, where that is damaged, of the newest backup that knows."""
    places = [home / PROFILES, *(taken.folder / PROFILES for taken in reversed(backups(home)))]
    for path in places:
        with suppress(KithError):
            if path.is_file():
                found = records_in(path, home / PROFILES)
                return found if found.erasures or found.holds else None
    return None


def superfluous(taken: Iterable[Backup], now: datetime, daily: int, weekly: int) -> list[Backup]:
    """The backups that the policy no longer keeps.

    Kept are the newest of each of the last `daily` days and of each of the last `weekly` weeks (Monday to Sunday, UTC,
    today's and this week's included), and always the newest of all.
    """
    ordered = sorted(taken, key=lambda backup: (backup.when, backup.name))
    today = now.astimezone(UTC).date()
    monday = today - timedelta(days=today.weekday())
    newest_of_day = {backup.when.astimezone(UTC).date(): backup for backup in ordered}
    newest_of_week = {day - timedelta(days=day.weekday()): backup for day, backup in sorted(newest_of_day.items())}
    kept = {backup.name for day, backup in newest_of_day.items() if (today - day).days < daily}
    kept |= {backup.name for week, backup in newest_of_week.items() if (monday - week).days < 7 * weekly}
    kept |= {backup.name for backup in ordered[-1:]}
    return [backup for backup in ordered if backup.name not in kept]
