"""The tablet's own file: who may sign in, known devices, messages, and the audit log. Encrypted; one thread owns it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from culture_profiles.store import sealing
from nodes.base.durable import DurableFile, Migration, told_clearly

APPLICATION_ID = 0x4B544142  # "KTAB"
SETUP_CODE = "setup_code"
HOLDER = "tablet"
"""As whom the tablet's messages are named in the receipt of an erasure."""
Answer = TypeVar("Answer")


def _first(db: Database) -> None:
    db.execute("""
        CREATE TABLE people (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, pin_hash TEXT NOT NULL,
            resident_id TEXT NOT NULL, ends_at TEXT, wrong INTEGER NOT NULL DEFAULT 0, wait_until TEXT,
            active INTEGER NOT NULL DEFAULT 1
        ) STRICT""")
    db.execute("CREATE TABLE devices (token_hash TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT")
    db.execute("""
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL,
            what TEXT NOT NULL, resident_id TEXT NOT NULL, keys TEXT NOT NULL,
            previous TEXT NOT NULL, hash TEXT NOT NULL
        ) STRICT""")
    db.execute("CREATE INDEX audit_of_resident ON audit (resident_id, sequence)")
    # Append-only: what is written here is never changed by Kith itself.
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )


def _messages_and_languages(db: Database) -> None:
    db.execute("""
        CREATE TABLE messages (
            id TEXT PRIMARY KEY, resident_id TEXT NOT NULL, sender TEXT NOT NULL, text TEXT NOT NULL,
            created_by TEXT NOT NULL, created_at TEXT NOT NULL, state TEXT NOT NULL, noes INTEGER NOT NULL,
            next_at TEXT, ended_at TEXT, maybe_asked INTEGER NOT NULL
        ) STRICT""")
    db.execute("CREATE INDEX messages_of_resident ON messages (resident_id, created_at)")
    db.execute("ALTER TABLE people ADD COLUMN language TEXT NOT NULL DEFAULT ''")


def _access(db: Database) -> None:
    """Programs with tokens, passkeys, and the list that is signed before real residents come."""
    db.execute("""
        CREATE TABLE programs (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE,
            ends_at TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1
        ) STRICT""")
    db.execute("""
        CREATE TABLE passkeys (
            credential_id BLOB PRIMARY KEY, person_id TEXT NOT NULL, public_key BLOB NOT NULL,
            sign_count INTEGER NOT NULL, since TEXT NOT NULL
        ) STRICT""")
    db.execute("""
        CREATE TABLE go_live (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, item TEXT NOT NULL, who TEXT NOT NULL,
            holds INTEGER NOT NULL, note TEXT NOT NULL
        ) STRICT""")
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER go_live_no_{verb.lower()} BEFORE {verb} ON go_live "
            "BEGIN SELECT RAISE(ABORT, 'what was signed stays'); END"
        )


def _scopes(db: Database) -> None:
    """Of an attorney's power: one whose paper nobody has noted gives no power over health and welfare."""
    db.execute("ALTER TABLE people ADD COLUMN scope TEXT NOT NULL DEFAULT ''")


MIGRATIONS: tuple[Migration, ...] = (_first, _messages_and_languages, _access, _scopes)
"""A released one is never edited."""


def records_path(home: Path) -> Path:
    """Where a home keeps them."""
    return home / "tablet" / "tablet.db"


def anybody(path: Path) -> bool:
    """Whether somebody may sign in already, also while the home runs."""
    if not path.exists():
        return False
    with told_clearly(path), closing(sealing.reader(path)) as db:
        return db.execute("SELECT 1 FROM people").fetchone() is not None


def stamp(when: datetime) -> str:
    """An aware time as the file keeps it: UTC, ISO 8601 to the microsecond."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


class Records:
    """The open file. Everything with it happens on one thread of its own, through `call`."""

    def __init__(self, path: Path) -> None:
        """Errors: KithError as of DurableFile."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tablet-records")
        try:
            self.file = self.call(lambda: DurableFile(path, APPLICATION_ID, MIGRATIONS, encrypted=True))
        except BaseException:
            self._thread.shutdown()
            raise

    @property
    def thread(self) -> ThreadPoolExecutor:
        """The thread, for `loop.run_in_executor`."""
        return self._thread

    def call(self, act: Callable[[], Answer]) -> Answer:
        """Run something on the file's thread and wait for it."""
        return self._thread.submit(act).result()

    def close(self) -> None:
        """Close the file; the thread ends."""
        self.call(self.file.close)
        self._thread.shutdown()


def setup_code(home: Path) -> str:
    """What the first manager types; empty once somebody manages the home, and where no tablet has begun."""
    if anybody(records_path(home)):
        return ""
    try:
        return (home / "tablet" / SETUP_CODE).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
