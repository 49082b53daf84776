"""A node's own records in SQLite: a write that returned is on the disk. Plain Python, no ROS.

WAL with synchronous=FULL, files for their owner alone (0600 in 0700), one process at a time, a schema version. What
tells about residents is encrypted as the profile store is, with a key beside it or from the environment.
"""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher
from sqlite_utils import Database

from culture_profiles.errors import KithError
from culture_profiles.store import sealing


class FileInUseError(KithError):
    """Another process has the file open."""


_RESTORE = "`kith service restore --list` shows the backups"
FINISH = "`kith profiles receipts --finish` erases the rest"
Migration = Callable[[Database], None]


@contextmanager
def told_clearly(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into a KithError: one line that says what to do."""
    try:
        yield
    except (sqlite3.Error, sqlcipher.Error) as problem:
        match getattr(problem, "sqlite_errorcode", 0) & 0xFF:
            case sqlite3.SQLITE_FULL:
                line = "the disk is full, nothing was changed: free some space"
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
                line = "cannot be written: check its owner and permissions"
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                line = "another program has it open: close that one"
            case sqlite3.SQLITE_IOERR:
                line = "the disk could not be read or written: check it"
            case sqlite3.SQLITE_NOTADB:
                line = f"its key is another one, or it is damaged: bring back the key, or {_RESTORE}"
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_FORMAT | sqlite3.SQLITE_ERROR:
                line = f"is damaged: {_RESTORE}"
            case _:
                raise
        raise KithError(f"{path}: {line}") from None
    except OSError as problem:
        raise KithError(f"{path}: cannot be opened: {problem.strerror}") from None


class DurableFile:
    """An open file of records. `db` is for the thread that opened it; write inside `change()`."""

    def __init__(
        self,
        path: Path,
        application_id: int,
        migrations: Sequence[Migration],
        *,
        encrypted: bool = False,
        key_of: Path | None = None,
    ) -> None:
        """Open it, or make an empty one. The n-th migration brings a file from version n-1 to n.

        `encrypted`: with SQLCipher; one that is plain yet is encrypted first. `key_of`: the file whose key it is, for
        a copy. Errors: KithError when another process has it open, a newer Kith made it, it is damaged, its key is
        missing or it cannot be used.
        """
        self.path = path
        self._lock = -1
        try:
            with told_clearly(path):
                self._take_lock()
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
                path.chmod(0o600)
                self.db = Database(_sealed(path, key_of or path) if encrypted else path)
                self._migrate(application_id, migrations)
        except BaseException:
            self.close()
            raise

    def _take_lock(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.path.parent.stat().st_mode & 0o077:
            self.path.parent.chmod(0o700)
        name = self.path.with_name(self.path.name + ".lock")
        self._lock = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileInUseError(
                f"{self.path}: another process of Kith has it open: stop it or wait for it to end"
            ) from None

    def _migrate(self, application_id: int, migrations: Sequence[Migration]) -> None:
        version = int(self.db.execute("PRAGMA user_version").fetchone()[0])
        found = int(self.db.execute("PRAGMA application_id").fetchone()[0])
        if version > len(migrations):
            raise KithError(f"{self.path}: was written by a newer version of Kith: upgrade, or restore an older backup")
        if (version or self.db.table_names()) and found != application_id:
            raise KithError(f"{self.path}: is not what Kith keeps here: {_RESTORE}")
        if self.db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise KithError(f"{self.path}: is damaged: {_RESTORE}")
        self.db.enable_wal()
        self.db.execute("PRAGMA synchronous = FULL")
        for number, step in enumerate(migrations[version:], start=version + 1):
            with self.db.atomic():
                step(self.db)
                self.db.execute(f"PRAGMA user_version = {number}")
                self.db.execute(f"PRAGMA application_id = {application_id}")

    @contextmanager
    def change(self) -> Iterator[Database]:
        """All writes inside happen together or not at all, and are on the disk afterwards. Errors: KithError."""
        with told_clearly(self.path), self.db.atomic():
            yield self.db

    def scrub(self) -> bool:
        """Leave nothing of what was deleted in free pages and the log; False while a reader keeps the log in use."""
        with told_clearly(self.path):
            self.db.execute("VACUUM")
            return not self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    def stand_alone(self) -> None:
        """For a copy that is done: no write-ahead log beside it."""
        with told_clearly(self.path):
            self.db.execute("PRAGMA journal_mode = DELETE")

    def close(self) -> None:
        """Close the file and let the next process in."""
        if hasattr(self, "db"):
            self.db.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _sealed(path: Path, key_of: Path) -> Any:
    """A connection to the encrypted file. Errors: KithError, as of sealing."""
    sealing.remove_leftovers(path)
    if path.stat().st_size == 0:  # new, or its maker was killed before anything was in it
        key = sealing.make_key(key_of)
    elif sealing.is_plain(path):
        key = sealing.make_key(key_of)
        sealing.seal(path, key)
    else:
        key = sealing.need_key(key_of)
    return sealing.connect(path, key)
