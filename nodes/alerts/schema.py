"""The tables of the alert file. Times are text in UTC, ISO 8601 to the microsecond."""

from sqlite_utils import Database

from nodes.base.durable import Migration

APPLICATION_ID = 0x4B414C54  # "KALT"


def _first(db: Database) -> None:
    db.execute("""
        CREATE TABLE alerts (
            id TEXT PRIMARY KEY, raised_at TEXT NOT NULL, robot TEXT NOT NULL, resident_id TEXT NOT NULL,
            level INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, last_sent_at TEXT NOT NULL,
            state INTEGER NOT NULL, accepted_by TEXT NOT NULL, accepted_at TEXT, delivered_to TEXT NOT NULL,
            raise_count INTEGER NOT NULL
        ) STRICT""")
    db.execute("CREATE INDEX alerts_open ON alerts (state) WHERE state < 4")
    # An alert that says what another one already says is that one, under both ids.
    db.execute("CREATE TABLE merged (id TEXT PRIMARY KEY, into_id TEXT NOT NULL REFERENCES alerts (id)) STRICT")
    db.execute("""
        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, alert_id TEXT NOT NULL,
            what TEXT NOT NULL, who TEXT NOT NULL
        ) STRICT""")
    db.execute(
        "CREATE TABLE shifts (sequence INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, "
        "holder TEXT NOT NULL, deputy TEXT NOT NULL) STRICT"
    )


def _second(db: Database) -> None:
    db.execute("ALTER TABLE alerts ADD COLUMN handed_from TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE alerts ADD COLUMN handed_to TEXT NOT NULL DEFAULT ''")
    # What the home's own pager has taken of an alert that is not closed there yet.
    db.execute(
        "CREATE TABLE paged (alert_id TEXT NOT NULL, event TEXT NOT NULL, count INTEGER NOT NULL, "
        "PRIMARY KEY (alert_id, event, count)) STRICT"
    )


MIGRATIONS: tuple[Migration, ...] = (_first, _second)
"""A released one is never edited."""
