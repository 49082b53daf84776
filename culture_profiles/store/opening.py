"""Opening, making, examining and copying the file of a store."""

import fcntl
import os
from contextlib import closing
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlite_utils import Database

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.store import rows, schema, sealing
from culture_profiles.store.problems import RESTORE, DamagedFactError, StoreInUseError, told_clearly
from culture_profiles.store.sealing import StoreKey

_EXAMINED_AT_OPENING = 32_000_000  # bytes: about a quarter of a second


def take_writers_lock(path: Path) -> int:
    """The descriptor that holds it. Errors: StoreInUseError, KithError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.parent.stat().st_mode & 0o077:
            path.parent.chmod(0o700)
        descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise KithError(f"{path}: cannot be opened: {problem.strerror}") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise StoreInUseError(f"{path}: another process of Kith has it open: stop it or wait for it to end") from None
    return descriptor


def open_for_writing(path: Path, key_of: Path) -> Database:
    """The store at the current version and encrypted; a new one where there is none. For the holder of the lock.

    `key_of`: the store whose key it is.

    Errors: KithError when a newer version of Kith made it, it is damaged, its key is missing or cannot be read; then
    the file is as it was.
    """
    with told_clearly(path):
        if path.exists():
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
            examine(path, key_of)
            sealing.remove_leftovers(path)
            if sealing.is_plain(path):
                sealing.seal(path, sealing.make_key(key_of))
        else:
            _create(path, key_of)
        db = Database(sealing.connect(path, sealing.need_key(key_of)))
        db.enable_wal()
        db.execute("PRAGMA synchronous = FULL")
        # The inner pages of a large home's table stay decrypted in memory; a small home never fills it.
        db.execute("PRAGMA cache_size = -64000")
        schema.migrate(db)
        return db


def examine(path: Path, key_of: Path | None = None) -> None:
    """Refuse what is no store, newer, or damaged. Errors: KithError, sqlite errors."""
    if path.stat().st_size == 0:
        raise KithError(f"{path}: is empty, which Kith never leaves behind: {RESTORE}")
    with closing(sealing.reader(path, key_of)) as db:
        found = int(db.execute("PRAGMA application_id").fetchone()[0])
        number = int(db.execute("PRAGMA user_version").fetchone()[0])
        if found != schema.APPLICATION_ID or number < 1:
            raise KithError(f"{path}: is not a profile store of Kith: {RESTORE}")
        if number > len(schema.MIGRATIONS):
            raise KithError(f"{path}: was written by a newer version of Kith: upgrade, or restore an older backup")
        if path.stat().st_size <= _EXAMINED_AT_OPENING:
            _check(db, path, "quick_check")


def verify(db: Any, path: Path) -> int:
    """Examine every page and every fact; returns the number of facts. Errors: KithError when damaged."""
    if db.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
        raise KithError(f"{path}: is damaged: {RESTORE}")
    _check(db, path, "integrity_check")
    count = 0
    for row in db.execute(f"{rows.SELECT} ORDER BY resident_id, sequence"):
        try:
            Fact.model_validate(rows.fact_of(row).model_dump())
        except (ValidationError, DamagedFactError):
            raise KithError(f"{path}: fact {row[0]} is damaged: {RESTORE}") from None
        count += 1
    return count


def copy(db: Database, to: Path, key: StoreKey) -> None:
    """Copy an open store to the new file `to`, encrypted alike, consistent and verified. Errors: KithError."""
    if to.exists():
        raise KithError(f"{to}: is there already: choose another file")
    partial = to.with_name(f"{to.name}.partial")
    with told_clearly(to):
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.unlink(missing_ok=True)
        try:
            _touch(partial)
            with closing(sealing.connect(partial, key)) as made:
                db.conn.backup(made)
                made.execute("PRAGMA journal_mode = DELETE")
            with closing(sealing.connect(partial, key, read_only=True)) as made:
                verify(made, to)
            sealing.sync(partial)
            partial.rename(to)
            sealing.sync(to.parent)
        finally:
            partial.unlink(missing_ok=True)


def _touch(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _create(path: Path, key_of: Path) -> None:
    # Made whole under another name: a file of the right name is never an unfinished one.
    for companion in ("-wal", "-journal"):
        if path.with_name(path.name + companion).exists():
            raise KithError(f"{path}: is missing, but its {companion} file is there: {RESTORE}")
    made = path.with_name(path.name + ".new")
    made.unlink(missing_ok=True)
    key = sealing.make_key(key_of)
    _touch(made)
    with closing(Database(sealing.connect(made, key))) as db:
        schema.migrate(db)
    sealing.sync(made)
    made.rename(path)
    sealing.sync(path.parent)


def _check(db: Any, path: Path, how: str) -> None:
    if db.execute(f"PRAGMA {how}(1)").fetchone()[0] != "ok":
        raise KithError(f"{path}: is damaged: {RESTORE}")
