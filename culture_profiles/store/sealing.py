"""Encryption at rest: SQLCipher, and the key that opens a store.

The key is 32 bytes as 64 hexadecimal digits: in KITH_STORE_KEY, in the file that KITH_STORE_KEY_FILE names (a
credential of the service, a mounted stick), else in a file beside the store that is made with it, for its owner
alone. Backups never hold a key. Without it nobody opens the store again.
"""

import os
import re
import secrets
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from culture_profiles.errors import KithError
from culture_profiles.store.problems import RESTORE

KEY_VARIABLE = "KITH_STORE_KEY"
KEY_FILE_VARIABLE = "KITH_STORE_KEY_FILE"
CIPHER = "SQLCipher (AES-256, each page authenticated)"
_PLAIN = b"SQLite format 3\x00"
_KEY = re.compile(r"[0-9a-fA-F]{64}")
_WAIT_S = 30.0
_OVERWRITTEN_AT_ONCE = 1 << 20  # bytes


@dataclass(frozen=True)
class StoreKey:
    """A key and where it lies; the key itself is never shown."""

    digits: str = field(repr=False)
    where: str


def is_plain(path: Path) -> bool:
    """Whether the file is a database that anybody can read. Errors: OSError."""
    with path.open("rb") as file:
        return file.read(len(_PLAIN)) == _PLAIN


def key_file(store: Path) -> Path:
    """Where a store's own key lies unless the environment gives another place."""
    return Path(os.environ.get(KEY_FILE_VARIABLE) or store.with_suffix(".key"))


def find_key(store: Path) -> StoreKey | None:
    """The store's key, or None where there is none yet. Errors: KithError for one that is no key, or unreadable."""
    given = os.environ.get(KEY_VARIABLE)
    if given:
        where = f"the environment ({KEY_VARIABLE})"
        return StoreKey(_checked(given, where), where)
    path = key_file(store)
    try:
        if path.stat().st_mode & 0o077 and path.stat().st_uid == os.geteuid():
            path.chmod(0o600)
        return StoreKey(_checked(path.read_text(encoding="ascii", errors="replace"), str(path)), str(path))
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise KithError(f"{path}: the key of the store cannot be read: {problem.strerror}") from None


def need_key(store: Path) -> StoreKey:
    """The key of a store that is encrypted. Errors: KithError when it is missing."""
    key = find_key(store)
    if key is None:
        raise KithError(
            f"{store}: cannot be opened: its key ({key_file(store).name}) is missing; bring it back "
            f"or give it in {KEY_VARIABLE}; {RESTORE}"
        )
    return key


def make_key(store: Path) -> StoreKey:
    """A new key, on the disk before anything is encrypted with it; the one there is, if any. Errors: OSError."""
    found = find_key(store)
    if found is not None:
        return found
    path = key_file(store)
    made = path.with_name(f"{path.name}.new-{os.getpid()}")
    made.unlink(missing_ok=True)
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # stores that share a key file may be made at the same time
        path.hardlink_to(made)
    made.unlink()
    sync(path.parent)
    return need_key(store)


def connect(path: Path, key: StoreKey | None, *, read_only: bool = False) -> Any:
    """A connection to the file, opened with `key`; with None to a plain one. The key is tried at the first read."""
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    db = sqlcipher.connect(uri, uri=True, timeout=_WAIT_S)
    db.execute("PRAGMA cipher_log_level = NONE")  # the wrong key is told by us, in one line
    # Pages are authenticated with SHA-256, not with SHA-512: processors have instructions for it, and a profile
    # that is not in memory then costs a tenth more than one that is, not a quarter.
    db.execute("PRAGMA cipher_default_hmac_algorithm = HMAC_SHA256")
    if key is not None:
        db.execute(f"PRAGMA key = \"x'{key.digits}'\"")
    db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten, in free pages too
    return db


def reader(path: Path, key_of: Path | None = None) -> Any:
    """A read-only connection to a store, plain or encrypted; `key_of`: the store whose key opens it, if another."""
    return connect(path, None if is_plain(path) else need_key(key_of or path), read_only=True)


def seal(path: Path, key: StoreKey) -> None:
    """Encrypt a plain store where it lies. Whatever moment the power goes: the one or the other is whole.

    For the one writer of the store. Errors: sqlcipher.Error, OSError, KithError for one that is damaged; then the
    plain one is as it was.
    """
    fresh, old = path.with_name(path.name + ".sealed"), path.with_name(path.name + ".plain")
    fresh.unlink(missing_ok=True)
    with closing(connect(path, None)) as plain:
        # The log goes into the file and away: it is plain too, and must not meet the encrypted file.
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        plain.execute("PRAGMA journal_mode = DELETE")
        if plain.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise KithError(f"{path}: is damaged: {RESTORE}")
        os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        plain.execute("ATTACH DATABASE ? AS sealed KEY \"x'" + key.digits + "'\"", [str(fresh)])
        plain.execute("SELECT sqlcipher_export('sealed')")
        for pragma in ("application_id", "user_version"):
            value = int(plain.execute(f"PRAGMA main.{pragma}").fetchone()[0])
            plain.execute(f"PRAGMA sealed.{pragma} = {value}")
        tables = [row[0] for row in plain.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for table in tables:
            count = 'SELECT count(*) FROM {0}."{1}"'
            here, there = (plain.execute(count.format(side, table)).fetchone() for side in ("main", "sealed"))
            if here != there:
                raise KithError(f"{path}: could not be encrypted whole: nothing was changed")
        plain.execute("DETACH DATABASE sealed")
    with closing(connect(fresh, key, read_only=True)) as made:
        if made.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise KithError(f"{path}: could not be encrypted whole: nothing was changed")
    sync(fresh)
    old.unlink(missing_ok=True)
    old.hardlink_to(path)
    fresh.replace(path)
    sync(path.parent)
    remove_leftovers(path)


def remove_leftovers(path: Path) -> None:
    """What an interrupted `seal` may have left behind: the plain file is overwritten before it goes."""
    path.with_name(path.name + ".sealed").unlink(missing_ok=True)
    old = path.with_name(path.name + ".plain")
    if not old.exists():
        return
    if not old.samefile(path):  # the plain one is still the store: seal it again
        with old.open("r+b") as file:
            left = old.stat().st_size
            while left > 0:
                left -= file.write(b"\x00" * min(left, _OVERWRITTEN_AT_ONCE))
            file.flush()
            os.fsync(file.fileno())
    old.unlink()
    sync(path.parent)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checked(text: str, where: str) -> str:
    digits = text.strip()
    if not _KEY.fullmatch(digits):
        raise KithError(f"{where}: is no key: it must be 64 hexadecimal digits")
    return digits.lower()
