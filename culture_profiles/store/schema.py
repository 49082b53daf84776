"""The tables of the profile store and how an older file becomes a current one."""

from collections.abc import Callable

from sqlite_utils import Database

APPLICATION_ID = 0x4B697468  # "Kith", so that a stranger's database is never mistaken for a home's

FACT_FIELDS = ("resident_id", "key", "value", "source", "status", "confidence", "who", "said_at", "note")
NAME_KEYS = "('name.full', 'name.preferred')"
_FACT_COLUMNS = """
            resident_id TEXT NOT NULL, {sequence} key TEXT NOT NULL, value TEXT NOT NULL,
            source TEXT NOT NULL, status TEXT NOT NULL, confidence REAL NOT NULL,
            who TEXT NOT NULL, said_at TEXT NOT NULL, note TEXT NOT NULL"""


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


def _clustered_and_erasable(db: Database) -> None:
    """Facts lie together by resident, so that a profile is one stretch of the file; erasure becomes possible."""
    db.execute("ALTER TABLE facts RENAME TO facts_by_sequence")
    db.execute("DROP TRIGGER facts_are_never_changed")
    db.execute("DROP TRIGGER facts_are_never_removed")
    db.execute("DROP INDEX facts_of_resident")
    db.execute(f"""
        CREATE TABLE facts ({_FACT_COLUMNS.format(sequence="sequence INTEGER NOT NULL,")},
            PRIMARY KEY (resident_id, sequence)
        ) STRICT, WITHOUT ROWID""")
    columns = f"sequence, {', '.join(FACT_FIELDS)}"
    db.execute(
        f"INSERT INTO facts ({columns}) SELECT {columns} FROM facts_by_sequence ORDER BY resident_id, sequence"  # noqa: S608
    )
    # The number of the newest change. A number is never used twice, also when facts are erased.
    db.execute("CREATE TABLE numbering (last_sequence INTEGER NOT NULL) STRICT")
    db.execute("""
        INSERT INTO numbering
        SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'facts_by_sequence'), 0),
                   coalesce((SELECT max(sequence) FROM facts), 0))""")
    db.execute("DROP TABLE facts_by_sequence")
    # Holds whole facts: everybody's name is read without touching anything else.
    whole = f"resident_id, sequence, {', '.join(FACT_FIELDS[1:])}"
    db.execute(f"CREATE INDEX names ON facts ({whole}) WHERE key IN {NAME_KEYS}")
    # The receipts, which are also the list of what must not come back out of an old copy. No values, no names.
    db.execute("""
        CREATE TABLE erasures (
            id TEXT PRIMARY KEY,
            resident_id TEXT NOT NULL,
            key TEXT NOT NULL,          -- empty: everything
            sequence INTEGER NOT NULL,  -- everything numbered before it is gone
            erased_at TEXT NOT NULL, decided_by TEXT NOT NULL, facts INTEGER NOT NULL
        ) STRICT""")
    db.execute("""
        CREATE TABLE erasures_pending (
            erasure_id TEXT NOT NULL, holder TEXT NOT NULL, PRIMARY KEY (erasure_id, holder)
        ) STRICT, WITHOUT ROWID""")
    # Which robot keeps whose snapshot on its own disk, and of when.
    db.execute("""
        CREATE TABLE copies (
            holder TEXT NOT NULL, resident_id TEXT NOT NULL, sequence INTEGER NOT NULL,
            PRIMARY KEY (holder, resident_id)
        ) STRICT, WITHOUT ROWID""")
    db.execute("""
        CREATE TABLE holds (
            resident_id TEXT NOT NULL, reason_code TEXT NOT NULL,
            placed_by TEXT NOT NULL, placed_at TEXT NOT NULL, released_by TEXT NOT NULL, released_at TEXT NOT NULL
        ) STRICT""")
    db.execute("""
        CREATE TRIGGER facts_are_never_changed BEFORE UPDATE ON facts
        BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""")
    db.execute("""
        CREATE TRIGGER facts_are_removed_by_erasure_alone BEFORE DELETE ON facts
        WHEN NOT EXISTS (
            SELECT 1 FROM erasures WHERE resident_id = OLD.resident_id AND sequence > OLD.sequence
            AND (key = '' OR key = OLD.key))
        BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""")


MIGRATIONS: tuple[Callable[[Database], None], ...] = (_first, _clustered_and_erasable)
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
