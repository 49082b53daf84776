"""The tables of the profile store and how an older file becomes a current one."""

from collections.abc import Callable

from sqlite_utils import Database

APPLICATION_ID = 0x4B697468  # "Kith", so that a stranger's database is never mistaken for a home's


def _first(db: Database) -> None:
    db.execute("""
        CREATE TABLE facts (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            resident_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
            source TEXT NOT NULL, status TEXT NOT NULL, confidence REAL NOT NULL,
            who TEXT NOT NULL, said_at TEXT NOT NULL, note TEXT NOT NULL
        ) STRICT""")
    db.execute("CREATE INDEX facts_of_resident ON facts (resident_id, sequence)")
    db.execute("""
        CREATE TRIGGER facts_are_never_changed BEFORE UPDATE ON facts
        BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""")
    db.execute("""
        CREATE TRIGGER facts_are_never_removed BEFORE DELETE ON facts
        BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""")
    db.execute("""
        CREATE TABLE staff_questions (
            id TEXT PRIMARY KEY,
            resident_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
            source TEXT NOT NULL, status TEXT NOT NULL, confidence REAL NOT NULL,
            who TEXT NOT NULL, said_at TEXT NOT NULL, note TEXT NOT NULL,
            told INTEGER NOT NULL DEFAULT 0
        ) STRICT""")


MIGRATIONS: tuple[Callable[[Database], None], ...] = (_first,)
"""The n-th brings a file from version n-1 to n; a released one is never edited."""


def version(db: Database) -> int:
    """The schema version that a file has; 0 for an empty one."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(db: Database) -> None:
    """Bring a file to the current version, each step whole or not at all."""
    for number, step in enumerate(MIGRATIONS[version(db) :], start=version(db) + 1):
        with db.atomic():
            step(db)
            db.execute(f"PRAGMA user_version = {number}")
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
