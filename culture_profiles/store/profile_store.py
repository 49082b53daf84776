"""The profiles of a home on disk: an append-only history in SQLite with one writer.

A write that returned is on the disk (WAL, synchronous=FULL). The files are for their owner alone (0600 in 0700).
"""

import fcntl
import os
import secrets
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlite_utils import Database

from culture_profiles import precedence
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.importing import canonical
from culture_profiles.keys import spec
from culture_profiles.profile import Profile
from culture_profiles.store import schema

_FIELDS = ("resident_id", "key", "value", "source", "status", "confidence", "who", "said_at", "note")
_INSERT = f"INSERT INTO facts ({', '.join(_FIELDS)}) VALUES ({', '.join('?' * len(_FIELDS))})"  # noqa: S608
_SELECT = f"SELECT sequence, {', '.join(_FIELDS)} FROM facts"  # noqa: S608
_SOURCES = {source.value: source for source in Source}
_STATUSES = {status.value: status for status in Status}
_HELD_PROFILES = 512
_EXAMINED_AT_OPENING = 32_000_000  # bytes: about a quarter of a second
# A table or column that is not there is damage too, once the version number has been found right.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT)
_RESTORE = "`kith service restore --list` shows the backups"


class StaffMustDecide(KithError):  # noqa: N818 - not a failure: the word was kept as a question
    """Somebody else's word on a key that is staff's: not a change, kept as a question to staff."""


class _DamagedFactError(Exception):
    """A row that cannot be a fact."""


class StoreInUseError(KithError):
    """Another process has the store open for writing."""


@dataclass(frozen=True)
class Question:
    """What somebody said about a key that is staff's, for staff to decide."""

    id: str
    fact: Fact
    told: bool
    """Whether an alert has brought it to staff."""


class ProfileStore:
    """Facts of all residents of one home. For one thread; holds the writer's lock until `close`."""

    def __init__(self, path: Path) -> None:
        """Open the store, or make an empty one where there is none.

        Errors: KithError when another process writes it, a newer version of Kith made it, it is damaged or cannot be
        read; then the file has not been touched.
        """
        self.path = path
        self._held: OrderedDict[str, Profile] = OrderedDict()
        self._lock = _take_writers_lock(path)
        try:
            with _told_clearly(path):
                if path.exists():
                    _examine(path)
                else:
                    _create(path)
                self._db = _open(path)
                schema.migrate(self._db)
                self._residents = set(_resident_ids(self._db))
        except BaseException:
            os.close(self._lock)
            raise

    def set_fact(self, fact: Fact) -> Fact:
        """Append a fact; returns it with its sequence, value in canonical form, once it is on the disk.

        Errors: StaffMustDecide for anybody else's word on a key of staff (kept as a question); KithError for an
        unknown key, a value that does not fit, a source that may not write this key, a full disk: nothing changed.
        """
        fact = canonical(fact)
        profile = self.snapshot(fact.resident_id)
        self._refuse_what_may_not_be(fact, profile)
        with _told_clearly(self.path):
            with self._db.atomic():
                sequence = self._db.execute(_INSERT, _row(fact)).lastrowid
            assert sequence is not None
        stored = fact.model_copy(update={"sequence": sequence})
        self._residents.add(fact.resident_id)
        self._hold(profile.with_fact(stored))
        return stored

    def snapshot(self, resident_id: str) -> Profile:
        """What is known now; an empty profile with sequence 0 for somebody unknown."""
        held = self._held.get(resident_id)
        if held is not None:
            self._held.move_to_end(resident_id)
            return held
        profile = Profile(resident_id, facts=self.history(resident_id))
        if resident_id in self._residents:
            self._hold(profile)
        return profile

    def history(self, resident_id: str, key: str | None = None) -> list[Fact]:
        """Every fact ever kept of a resident, oldest first, retractions and superseded ones included."""
        sql, parameters = f"{_SELECT} WHERE resident_id = ?", [resident_id]
        if key:
            sql, parameters = f"{sql} AND key = ?", [resident_id, key]
        with _told_clearly(self.path):
            return [_fact(row) for row in self._db.execute(f"{sql} ORDER BY sequence", parameters)]

    def residents(self) -> list[str]:
        """The ids of all residents of whom anything was ever kept, sorted."""
        return sorted(self._residents)

    def require(self, resident_id: str) -> None:
        """Errors: KithError for an id of whom nothing was ever kept."""
        if resident_id not in self._residents:
            raise KithError("no such resident: `kith profiles list` shows those there are")

    def questions(self, resident_id: str | None = None) -> list[Question]:
        """What others said about keys of staff, oldest first."""
        with _told_clearly(self.path):
            return _questions(self._db.conn, resident_id)

    def question_told(self, question_id: str) -> None:
        """An alert has brought the question to staff."""
        with _told_clearly(self.path), self._db.atomic():
            self._db.execute("UPDATE staff_questions SET told = 1 WHERE id = ?", [question_id])

    def backup(self, to: Path) -> None:
        """Copy the store to the new file `to`, consistent and verified, while it is in use. Errors: KithError."""
        if to.exists():
            raise KithError(f"{to}: is there already: choose another file")
        partial = to.with_name(f"{to.name}.partial")
        with _told_clearly(to):
            to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            partial.unlink(missing_ok=True)
            try:
                _touch(partial)
                with closing(sqlite3.connect(partial)) as copy:
                    self._db.conn.backup(copy)
                    copy.execute("PRAGMA journal_mode = DELETE")
                with closing(_read_only(partial)) as copy:
                    _verify(copy, to)
                _sync(partial)
                partial.rename(to)
                _sync(to.parent)
            finally:
                partial.unlink(missing_ok=True)

    def verify(self) -> int:
        """Examine the whole file and every fact in it; returns the number of facts. Errors: KithError when damaged."""
        with _told_clearly(self.path):
            return _verify(self._db.conn, self.path)

    def close(self) -> None:
        """Close the file and let the next writer in."""
        self._db.close()
        os.close(self._lock)

    def __enter__(self) -> "ProfileStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refuse_what_may_not_be(self, fact: Fact, profile: Profile) -> None:
        if not precedence.allowed(fact):
            if not spec(fact.key).for_staff_only:
                raise KithError(f"{fact.key}: is never assumed and not for {fact.source} to say: ask the person")
            self._ask_staff(fact)
            raise StaffMustDecide(f"{fact.key} is for staff to decide: kept as a question to them, nothing changed")
        if fact.source is Source.CARER:
            return
        if profile.value("state_of_life") == "died":
            raise KithError("this profile is sealed: only staff may add to it")
        if profile.value("consent.memory") == "no" and not _may_be_kept_without_memory(fact):
            raise KithError("the person does not want to be remembered: nothing was kept")

    def _ask_staff(self, fact: Fact) -> None:
        for asked in self.questions(fact.resident_id):
            if _same_question(asked.fact, fact):
                return
        with _told_clearly(self.path), self._db.atomic():
            self._db.execute(
                f"INSERT INTO staff_questions (id, {', '.join(_FIELDS)}) "  # noqa: S608
                f"VALUES (?, {', '.join('?' * len(_FIELDS))})",
                [secrets.token_hex(8), *_row(fact)],
            )

    def _hold(self, profile: Profile) -> None:
        self._held[profile.resident_id] = profile
        self._held.move_to_end(profile.resident_id)
        if len(self._held) > _HELD_PROFILES:
            self._held.popitem(last=False)


def questions_in(path: Path, resident_id: str | None = None) -> list[Question]:
    """The questions to staff in a store that another process may be writing. Errors: KithError."""
    with _told_clearly(path):
        _examine(path)
        with closing(_read_only(path)) as db:
            return _questions(db, resident_id)


def _questions(db: sqlite3.Connection, resident_id: str | None) -> list[Question]:
    sql, parameters = f"SELECT id, told, 0, {', '.join(_FIELDS)} FROM staff_questions", []  # noqa: S608
    if resident_id is not None:
        sql, parameters = f"{sql} WHERE resident_id = ?", [resident_id]
    rows = db.execute(f"{sql} ORDER BY rowid", parameters)
    return [Question(id=row[0], told=bool(row[1]), fact=_fact(row[2:])) for row in rows]


def _may_be_kept_without_memory(fact: Fact) -> bool:
    return spec(fact.key).consent or fact.status is Status.RETRACTED


def _same_question(asked: Fact, fact: Fact) -> bool:
    same = (asked.key, asked.source, asked.status, precedence.item(asked) or asked.value) == (
        fact.key,
        fact.source,
        fact.status,
        precedence.item(fact) or fact.value,
    )
    return same and asked.when.date() == fact.when.date()


def _row(fact: Fact) -> list[Any]:
    said_at = fact.when.isoformat(timespec="microseconds")
    who = (fact.source.value, fact.status.value, fact.confidence, fact.who)
    return [fact.resident_id, fact.key, fact.value, *who, said_at, fact.note]


def _fact(row: tuple[Any, ...]) -> Fact:
    # Rows were checked before they were written; checking them at each reading takes ten times as long.
    sequence, resident_id, key, value, source, status, confidence, who, said_at, note = row
    try:
        return Fact.model_construct(
            sequence=sequence,
            resident_id=resident_id,
            key=key,
            value=value,
            source=_SOURCES[source],
            status=_STATUSES[status],
            confidence=confidence,
            who=who,
            when=datetime.fromisoformat(said_at),
            note=note,
        )
    except (KeyError, ValueError):
        raise _DamagedFactError from None


def _resident_ids(db: Database) -> Iterator[str]:
    # One step of the index per resident: a plain DISTINCT reads every fact of the home.
    sql = "SELECT resident_id FROM facts WHERE resident_id > ? ORDER BY resident_id LIMIT 1"
    last = ""
    while (row := db.execute(sql, [last]).fetchone()) is not None:
        last = str(row[0])
        yield last


def _take_writers_lock(path: Path) -> int:
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


def _touch(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _create(path: Path) -> None:
    # Made whole under another name: a file of the right name is never an unfinished one.
    for companion in ("-wal", "-journal"):
        if path.with_name(path.name + companion).exists():
            raise KithError(f"{path}: is missing, but its {companion} file is there: {_RESTORE}")
    made = path.with_name(path.name + ".new")
    made.unlink(missing_ok=True)
    _touch(made)
    with closing(Database(made)) as db:
        schema.migrate(db)
    _sync(made)
    made.rename(path)
    _sync(path.parent)


def _open(path: Path) -> Database:
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    db = Database(path)
    db.enable_wal()
    db.execute("PRAGMA synchronous = FULL")
    return db


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _examine(path: Path) -> None:
    if path.stat().st_size == 0:
        raise KithError(f"{path}: is empty, which Kith never leaves behind: {_RESTORE}")
    with closing(_read_only(path)) as db:
        found = int(db.execute("PRAGMA application_id").fetchone()[0])
        number = int(db.execute("PRAGMA user_version").fetchone()[0])
        if found != schema.APPLICATION_ID or number < 1:
            raise KithError(f"{path}: is not a profile store of Kith: {_RESTORE}")
        if number > len(schema.MIGRATIONS):
            raise KithError(f"{path}: was written by a newer version of Kith: upgrade, or restore an older backup")
        if path.stat().st_size <= _EXAMINED_AT_OPENING:
            _check(db, path, "quick_check")


def _check(db: sqlite3.Connection, path: Path, how: str) -> None:
    if db.execute(f"PRAGMA {how}(1)").fetchone()[0] != "ok":
        raise KithError(f"{path}: is damaged: {_RESTORE}")


def _verify(db: sqlite3.Connection, path: Path) -> int:
    _check(db, path, "integrity_check")
    count = 0
    for row in db.execute(f"{_SELECT} ORDER BY sequence"):
        try:
            Fact.model_validate(_fact(row).model_dump())
        except (ValidationError, _DamagedFactError):
            raise KithError(f"{path}: fact {row[0]} is damaged: {_RESTORE}") from None
        count += 1
    return count


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told_clearly(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into one line that says what to do."""
    try:
        yield
    except _DamagedFactError:
        raise KithError(f"{path}: holds a damaged fact: {_RESTORE}") from None
    except sqlite3.Error as problem:
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise KithError(f"{path}: the disk is full, nothing was changed: free some space") from None
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
            raise KithError(f"{path}: cannot be written: check its owner and permissions") from None
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise KithError(f"{path}: another program has it open: close that one") from None
        if code == sqlite3.SQLITE_IOERR:
            raise KithError(f"{path}: the disk could not be read or written: check it") from None
        if code in _DAMAGED:
            raise KithError(f"{path}: is damaged: {_RESTORE}") from None
        raise
    except OSError as problem:
        raise KithError(f"{path}: cannot be opened: {problem.strerror}") from None
