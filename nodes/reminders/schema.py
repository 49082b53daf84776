"""The tables of the reminder file. Times are text in UTC, ISO 8601 to the microsecond: they sort as they are."""

from sqlite_utils import Database

from nodes.base.durable import Migration

APPLICATION_ID = 0x4B524D44  # "KRMD"


def _first(db: Database) -> None:
    db.execute("""
        CREATE TABLE routines (
            id TEXT PRIMARY KEY, resident_id TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
            place TEXT NOT NULL, start TEXT NOT NULL, rrule TEXT NOT NULL, window_s INTEGER NOT NULL,
            created_by TEXT NOT NULL, created_at TEXT NOT NULL, time_zone TEXT NOT NULL,
            expanded_until TEXT NOT NULL
        ) STRICT""")
    db.execute("""
        CREATE TABLE occurrences (
            id TEXT PRIMARY KEY, routine_id TEXT NOT NULL REFERENCES routines (id), resident_id TEXT NOT NULL,
            kind TEXT NOT NULL, title TEXT NOT NULL, due TEXT NOT NULL, window_end TEXT NOT NULL,
            state INTEGER NOT NULL, next_at TEXT, prompts INTEGER NOT NULL, unanswered INTEGER NOT NULL,
            uncertain INTEGER NOT NULL, may_have_asked INTEGER NOT NULL, robot TEXT NOT NULL, lease_until TEXT,
            said TEXT NOT NULL, told INTEGER NOT NULL, closed_by TEXT NOT NULL
        ) STRICT""")
    db.execute("CREATE INDEX occurrences_next ON occurrences (next_at) WHERE next_at IS NOT NULL")
    db.execute("CREATE INDEX occurrences_due ON occurrences (due)")
    # Intent and completion are rows of their own: an intent without a completion is a prompt nobody can vouch for.
    db.execute("""
        CREATE TABLE prompts (
            goal_id TEXT PRIMARY KEY, occurrence_id TEXT NOT NULL REFERENCES occurrences (id), robot TEXT NOT NULL,
            intended_at TEXT NOT NULL, lease_until TEXT NOT NULL, may_have_asked INTEGER NOT NULL,
            late INTEGER NOT NULL
        ) STRICT""")
    db.execute("""
        CREATE TABLE completions (
            goal_id TEXT PRIMARY KEY REFERENCES prompts (goal_id), completed_at TEXT NOT NULL,
            ending TEXT NOT NULL, said TEXT NOT NULL
        ) STRICT""")
    db.execute("CREATE INDEX prompts_of_occurrence ON prompts (occurrence_id)")
    # What staff are to be told; kept until the alerts node has written it down.
    db.execute("""
        CREATE TABLE tellings (
            alert_id TEXT PRIMARY KEY, occurrence_id TEXT NOT NULL REFERENCES occurrences (id),
            raised_at TEXT NOT NULL, robot TEXT NOT NULL, level TEXT NOT NULL, reason TEXT NOT NULL,
            text TEXT NOT NULL, stored INTEGER NOT NULL, settled INTEGER NOT NULL
        ) STRICT""")
    db.execute("CREATE INDEX tellings_open ON tellings (settled, stored) WHERE settled = 0")
    db.execute("""
        CREATE TABLE closings (
            occurrence_id TEXT NOT NULL REFERENCES occurrences (id), closed_at TEXT NOT NULL,
            closed_by TEXT NOT NULL, note TEXT NOT NULL
        ) STRICT""")


def _second(db: Database) -> None:
    db.execute("ALTER TABLE routines ADD COLUMN by TEXT NOT NULL DEFAULT 'robot'")
    db.execute("ALTER TABLE routines ADD COLUMN ended INTEGER NOT NULL DEFAULT 0")
    for name, of in (("place", "TEXT NOT NULL DEFAULT ''"), ("by", "TEXT NOT NULL DEFAULT 'robot'"),
                     ("asked_for", "INTEGER NOT NULL DEFAULT 0"), ("lost_goal", "TEXT NOT NULL DEFAULT ''"),
                     ("lost_robot", "TEXT NOT NULL DEFAULT ''")):  # fmt: skip
        db.execute(f"ALTER TABLE occurrences ADD COLUMN {name} {of}")
    db.execute("CREATE INDEX routines_expanded ON routines (expanded_until) WHERE ended = 0")
    db.execute("CREATE INDEX occurrences_owned ON occurrences (id) WHERE state IN (1, 9)")


MIGRATIONS: tuple[Migration, ...] = (_first, _second)
"""A released one is never edited."""
