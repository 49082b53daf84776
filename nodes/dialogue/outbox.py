"""What a robot must not lose: calls that the home has not stored yet, and the mind's small state. No words said.

Encrypted, with a key beside it. What it holds of a resident goes when the home has erased them.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlite_utils import Database

from behaviours.acts import AlertLevel, RaiseAlert
from culture_profiles.errors import KithError
from nodes.base.durable import DurableFile

_APPLICATION_ID = 0x4B4F5558  # "KOUX"


def _first(db: Database) -> None:
    db.execute("""
        CREATE TABLE calls (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, level TEXT NOT NULL, text TEXT NOT NULL,
            resident_id TEXT NOT NULL, raised_at TEXT NOT NULL
        ) STRICT""")
    db.execute("CREATE TABLE mind (name TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT")


class Outbox:
    """Calls waiting for the home. Without a file they wait in memory alone."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, or make it. Errors: KithError when it cannot be used."""
        self._file = DurableFile(path, _APPLICATION_ID, [_first], encrypted=True) if path is not None else None
        self._waiting: dict[str, tuple[RaiseAlert, datetime]] = {}
        if self._file is not None:
            for row in self._file.db["calls"].rows:
                alert = RaiseAlert(
                    row["id"], row["kind"], AlertLevel(row["level"]), row["text"], row["resident_id"]
                )  # fmt: skip
                self._waiting[alert.id] = (alert, datetime.fromisoformat(row["raised_at"]))

    def waiting(self) -> list[tuple[RaiseAlert, datetime]]:
        """Calls the home has not stored, oldest first, with when they were first raised."""
        return sorted(self._waiting.values(), key=lambda each: each[1])

    def put(self, alert: RaiseAlert, now: datetime) -> None:
        """Keep a call until the home has it. It waits even when this raises KithError: the disk refused it."""
        waits = self._waiting.get(alert.id)
        if waits is not None and waits[0].level is alert.level:
            return
        now = now if waits is None else waits[1]
        self._waiting[alert.id] = (alert, now)
        if self._file is not None:
            row = [alert.id, alert.kind, alert.level.value, alert.text, alert.resident_id, now.isoformat()]
            with self._file.change() as db:
                db.execute("INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?, ?, ?)", row)

    def done(self, alert_id: str) -> None:
        """The home has stored it. Errors: KithError when the file cannot be written; it is then sent once more."""
        if self._waiting.pop(alert_id, None) is not None and self._file is not None:
            with self._file.change() as db:
                db.execute("DELETE FROM calls WHERE id = ?", [alert_id])

    def scrub(self) -> None:
        """Leave nothing of what was deleted or overwritten in the file. Errors: KithError."""
        if self._file is not None and not self._file.scrub():
            raise KithError("somebody reads the robot's notes just now: they are erased in a moment")

    def state(self) -> dict[str, Any]:
        """What the mind wrote last; empty when nothing was."""
        if self._file is None:
            return {}
        row = self._file.db.execute("SELECT content FROM mind WHERE name = 'state'").fetchone()
        return cast(dict[str, Any], json.loads(row[0])) if row else {}

    def remember(self, state: dict[str, Any]) -> None:
        """Write the mind's state. Errors: KithError."""
        if self._file is not None:
            with self._file.change() as db:
                db.execute("INSERT OR REPLACE INTO mind VALUES ('state', ?)", [json.dumps(state)])

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
