"""What SQLite and the file system say, as one line that says what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from culture_profiles.errors import KithError

RESTORE = "`kith service restore --list` shows the backups"
# A table or column that is not there is damage too, once the version number has been found right.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT)


class StoreInUseError(KithError):
    """Another process has the store open for writing."""


class DamagedFactError(KithError):
    """A row that cannot be a fact."""

    def __init__(self) -> None:
        super().__init__(f"the store holds a damaged fact: {RESTORE}")


@contextmanager
def told_clearly(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say about `path` into a KithError."""
    try:
        yield
    except (sqlite3.Error, sqlcipher.Error) as problem:
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise KithError(f"{path}: the disk is full, nothing was changed: free some space") from None
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
            raise KithError(f"{path}: cannot be written: check its owner and permissions") from None
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise KithError(f"{path}: another program has it open: close that one") from None
        if code == sqlite3.SQLITE_IOERR:
            raise KithError(f"{path}: the disk could not be read or written: check it and its free space") from None
        if code == sqlite3.SQLITE_NOTADB:
            line = "its key is another one, or it is damaged: bring back the key"
            raise KithError(f"{path}: {line}, or {RESTORE}") from None
        if code in _DAMAGED:
            raise KithError(f"{path}: is damaged: {RESTORE}") from None
        raise
    except OSError as problem:
        raise KithError(f"{path}: cannot be opened: {problem.strerror}") from None
