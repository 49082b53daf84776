"""A robot's own notes of the reminders it was asked to give: written before the sound and after the answer.

With them a robot that comes back from a crash or a cut says what became of a prompt, and need not ask again. They hold
how an answer was understood, never its words. Encrypted, with a key beside it; kept for two days, and what is about a
resident goes when the home has erased them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from culture_profiles.errors import KithError
from nodes.base.durable import DurableFile

_APPLICATION_ID = 0x4B50524D  # "KPRM"
_KEPT_FOR = timedelta(days=2)
_MOST_IN_MEMORY = 1_000


@dataclass(frozen=True, slots=True)
class Note:
    """One goal (hex). `sounding`: it was about to sound, or did. `outcome`: as in kith_msgs/Remind, 0: not ended."""

    goal_id: str
    resident_id: str = ""
    sounding: bool = False
    outcome: int = 0
    later_s: int = 0
    said: str = ""


def _first(db: Database) -> None:
    db.execute("""
        CREATE TABLE prompts (
            goal_id TEXT PRIMARY KEY, sounding INTEGER NOT NULL, outcome INTEGER NOT NULL, later_s INTEGER NOT NULL,
            said TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT""")
    db.execute("CREATE INDEX prompts_at ON prompts (at)")


def _second(db: Database) -> None:
    # Whose the notes of before are is not known: they go with whoever is erased first, and after two days anyhow.
    db.execute("ALTER TABLE prompts ADD COLUMN resident_id TEXT NOT NULL DEFAULT ''")


class Prompts:
    """The notes. Without a file they last as long as the process."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, or make it. Errors: KithError when it cannot be used."""
        self._file = DurableFile(path, _APPLICATION_ID, [_first, _second], encrypted=True) if path is not None else None
        self._notes: dict[str, Note] = {}
        if self._file is not None:
            for row in self._file.db["prompts"].rows:
                self._notes[row["goal_id"]] = Note(
                    row["goal_id"], row["resident_id"], bool(row["sounding"]), row["outcome"], row["later_s"],
                    row["said"],
                )  # fmt: skip

    def of(self, goal_id: str) -> Note | None:
        """What became of a goal; None: nothing of it has sounded."""
        return self._notes.get(goal_id)

    def residents(self) -> set[str]:
        """Of whom there are notes."""
        return {note.resident_id for note in self._notes.values() if note.resident_id}

    def erase(self, resident_id: str) -> None:
        """Leave no note of a resident, nor of anybody unknown. Errors: KithError."""
        for note in list(self._notes.values()):
            if note.resident_id in (resident_id, ""):
                del self._notes[note.goal_id]
        if self._file is not None:
            with self._file.change() as db:
                db.execute("DELETE FROM prompts WHERE resident_id IN (?, '')", [resident_id])
            if not self._file.scrub():
                raise KithError("somebody reads the robot's notes just now: they are erased in a moment")

    def sounding(self, goal_id: str, resident_id: str, now: datetime) -> None:
        """It is about to sound: written before the sound. Errors: KithError."""
        self._write(replace(self._notes.get(goal_id, Note(goal_id, resident_id)), sounding=True), now)

    def ended(self, goal_id: str, outcome: int, later_s: int, said: str, now: datetime) -> None:
        """It has ended so; nothing where it had not begun to sound. Errors: KithError."""
        known = self._notes.get(goal_id)
        if known is not None:
            self._write(replace(known, outcome=outcome, later_s=later_s, said=said), now)

    def _write(self, note: Note, now: datetime) -> None:
        self._notes[note.goal_id] = note
        while len(self._notes) > _MOST_IN_MEMORY:
            self._notes.pop(next(iter(self._notes)))
        if self._file is not None:
            with self._file.change() as db:
                db.execute(
                    "INSERT OR REPLACE INTO prompts (goal_id, sounding, outcome, later_s, said, at, resident_id) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [
                        note.goal_id, note.sounding, note.outcome, note.later_s, note.said, now.isoformat(),
                        note.resident_id,
                    ],
                )  # fmt: skip
                db.execute("DELETE FROM prompts WHERE at < ?", [(now - _KEPT_FOR).isoformat()])

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
