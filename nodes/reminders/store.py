"""The reminder file: routines, their occurrences, intents and completions, and what staff are still to be told."""

import secrets
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from behaviours.routines import ladder
from behaviours.routines.occurrence import Occurrence, State, occurrence_id
from behaviours.routines.policy import Policies, Tell
from behaviours.routines.routine import Routine, zone
from culture_profiles.errors import KithError
from culture_profiles.store import sealing
from nodes.base.durable import FINISH, DurableFile, told_clearly
from nodes.reminders import schema

AHEAD = timedelta(hours=48)
_OCCURRENCE_FIELDS = (
    "id", "routine_id", "resident_id", "kind", "title", "due", "window_end", "state", "next_at", "prompts",
    "unanswered", "uncertain", "may_have_asked", "robot", "lease_until", "said", "told", "closed_by",
    "place", "by", "asked_for", "lost_goal", "lost_robot",
)  # fmt: skip
_TIMES = ("due", "window_end", "next_at", "lease_until")
_FLAGS = ("uncertain", "may_have_asked", "told", "asked_for")
_ASKED_FOR_WITHIN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Prompt:
    """An intent: `robot` was about to ask, under the goal `goal_id` (hex)."""

    goal_id: str
    occurrence_id: str
    robot: str
    intended_at: datetime
    lease_until: datetime
    may_have_asked: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Something staff are to be told; the alert's id never changes, so that telling twice is telling once."""

    alert_id: str
    occurrence_id: str
    resident_id: str
    kind: str
    raised_at: datetime
    robot: str
    level: Tell
    text: str
    stored: bool


def _text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _row(occurrence: Occurrence) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(occurrence, name) for name in _OCCURRENCE_FIELDS}
    for name in _TIMES:
        row[name] = _text(row[name]) if row[name] else None
    for name in _FLAGS:
        row[name] = int(row[name])
    row["state"] = int(row["state"])
    return row


def _occurrence(row: dict[str, Any]) -> Occurrence:
    fields = {name: row[name] for name in _OCCURRENCE_FIELDS}
    for name in _TIMES:
        fields[name] = _time(fields[name])
    for name in _FLAGS:
        fields[name] = bool(fields[name])
    fields["state"] = State(fields["state"])
    return Occurrence(**fields)


def read_routines(path: Path, resident_id: str) -> list[Routine]:
    """A resident's routines that may be due again, by start; readable beside the node that has the file open.

    Errors: KithError.
    """
    if not path.exists():
        return []
    with told_clearly(path), closing(sealing.reader(path)) as db:
        rows = Database(db).query(
            "SELECT * FROM routines WHERE resident_id = ? AND ended = 0 ORDER BY start, id", [resident_id]
        )
        return [_routine(row) for row in rows]


def _routine(row: dict[str, Any]) -> Routine:
    return Routine(
        row["id"], row["resident_id"], row["kind"], row["title"], row["place"],
        datetime.fromisoformat(row["start"]), row["rrule"], timedelta(seconds=row["window_s"]),
        row["created_by"], row["time_zone"], row["by"],
    )  # fmt: skip


class ReminderStore:
    """For one thread of one process. Every method that writes returns when it is on the disk; errors: KithError."""

    def __init__(self, path: Path, policies: Policies | None = None, *, key_of: Path | None = None) -> None:
        """Open or make the file, encrypted; `key_of`: the file whose key it is, for a copy. Errors: KithError."""
        self.policies = policies or Policies()
        self._file = DurableFile(path, schema.APPLICATION_ID, schema.MIGRATIONS, encrypted=True, key_of=key_of)
        self._zones: dict[str, str] = {}

    def stand_alone(self) -> None:
        """For a copy that is done: no write-ahead log beside it. Errors: KithError."""
        self._file.stand_alone()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def residents(self) -> set[str]:
        """Of whom anything is kept. Errors: KithError."""
        return {row["resident_id"] for row in self._rows("SELECT DISTINCT resident_id FROM routines")}

    def erase(self, resident_id: str) -> int:
        """Erase everything of a resident, also from free pages and the log; returns how many rows went.

        Errors: KithError, also while somebody else reads the file: then the rest of it is to be erased again.
        """
        ours = "(SELECT id FROM occurrences WHERE resident_id = :resident)"
        prompts = f"(SELECT goal_id FROM prompts WHERE occurrence_id IN {ours})"  # noqa: S608 - no value in it
        gone = 0
        with self._file.change() as db:
            for where in (
                f"completions WHERE goal_id IN {prompts}",
                f"prompts WHERE occurrence_id IN {ours}",
                f"tellings WHERE occurrence_id IN {ours}",
                f"closings WHERE occurrence_id IN {ours}",
                "occurrences WHERE resident_id = :resident",
                "routines WHERE resident_id = :resident",
            ):
                gone += db.execute(f"DELETE FROM {where}", {"resident": resident_id}).rowcount  # noqa: S608
        if not self._file.scrub():
            raise KithError(f"somebody reads the reminders just now: {FINISH} in a moment")
        return gone

    def _rows(self, sql: str, parameters: Iterable[Any] = ()) -> list[dict[str, Any]]:
        with told_clearly(self._file.path):
            return list(self._file.db.query(sql, list(parameters)))

    # Routines -------------------------------------------------------------------------------------------------------
    def add_routine(self, routine: Routine, now: datetime) -> tuple[Routine, list[Occurrence]]:
        """Keep a routine; an empty id gets a new one, the same routine under the same id is kept once.

        Errors: KithError for one that can never be due, or another one under an id in use.
        """
        routine.check(now)
        if not routine.id:
            routine = replace(routine, id=f"r-{secrets.token_hex(4)}")
        elif len(routine.id) > 64 or not routine.id.isprintable() or "@" in routine.id:
            raise KithError("the routine's id must be up to 64 characters, without @")
        known = self.routine(routine.id)
        if known is not None:
            if known != replace(routine, start=routine.start.astimezone(UTC)):
                raise KithError("there is another routine with this id: leave the id empty for a new one")
            return known, []
        # What was due before it existed is nobody's fault: only windows that are still open count.
        begin = max(routine.start, now - routine.window)
        with self._file.change() as db:
            db.execute(
                "INSERT INTO routines (id, resident_id, kind, title, place, start, rrule, window_s, created_by, "
                "created_at, time_zone, expanded_until, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    routine.id, routine.resident_id, routine.kind, routine.title, routine.place,
                    _text(routine.start), routine.rrule, int(routine.window.total_seconds()), routine.created_by,
                    _text(now), routine.time_zone, _text(begin), routine.by,
                ],
            )  # fmt: skip
            made = self._expand(routine, begin, now + AHEAD, now)
        return routine, made

    def routine(self, routine_id: str) -> Routine | None:
        """One routine by its id."""
        rows = self._rows("SELECT * FROM routines WHERE id = ?", [routine_id])
        return _routine(rows[0]) if rows else None

    def expand(self, now: datetime, *, at_most: int = -1) -> bool:
        """Write down what is due within the next 48 hours, from where the last call ended; whether that was all of it.

        `at_most`: only so many routines, the furthest behind first; call again with the same `now` for more.
        """
        until = now + AHEAD
        rows = self._rows(
            "SELECT * FROM routines WHERE expanded_until < ? AND ended = 0 ORDER BY expanded_until, id LIMIT ?",
            [_text(until), at_most],
        )
        with self._file.change():
            for row in rows:
                self._expand(
                    _routine(row),
                    datetime.fromisoformat(row["expanded_until"]),
                    until,
                    datetime.fromisoformat(row["created_at"]),
                )
        return len(rows) != at_most

    def _expand(self, routine: Routine, after: datetime, until: datetime, written: datetime) -> list[Occurrence]:
        made = []
        for due in routine.due_between(after, until):
            one = Occurrence(
                id=occurrence_id(routine.id, due),
                routine_id=routine.id,
                resident_id=routine.resident_id,
                kind=routine.kind,
                title=routine.title,
                due=due,
                window_end=due + routine.window,
                next_at=due,
                place=routine.place,
                by=routine.by,
                asked_for=not routine.rrule and due - written <= _ASKED_FOR_WITHIN,
            )
            if self._insert(one):
                made.append(one)
        # What can never be due again is never looked at again: a home gathers thousands of them.
        self._file.db.execute(
            "UPDATE routines SET expanded_until = ?, ended = ? WHERE id = ?",
            [_text(until), int(routine.over(until)), routine.id],
        )
        return made

    def _insert(self, occurrence: Occurrence) -> bool:
        names = ", ".join(_OCCURRENCE_FIELDS)
        values = ", ".join(f":{name}" for name in _OCCURRENCE_FIELDS)
        sql = f"INSERT OR IGNORE INTO occurrences ({names}) VALUES ({values})"  # noqa: S608 - our own names
        return self._file.db.execute(sql, _row(occurrence)).rowcount == 1

    # Occurrences ----------------------------------------------------------------------------------------------------
    def occurrence(self, occurrence_id: str) -> Occurrence | None:
        """One occurrence by its id."""
        rows = self._rows("SELECT * FROM occurrences WHERE id = ?", [occurrence_id])
        return _occurrence(rows[0]) if rows else None

    def listed(self, after: datetime | None, before: datetime | None, resident_id: str = "") -> list[Occurrence]:
        """Occurrences with `after` ≤ due < `before`, by time; no resident id means everybody's. At most 5,000."""
        rows = self._rows(
            "SELECT * FROM occurrences WHERE due >= ? AND due < ? AND (? = '' OR resident_id = ?) ORDER BY due, id "
            "LIMIT 5000",
            [_text(after) if after else "", _text(before) if before else "9", resident_id, resident_id],
        )
        return [_occurrence(row) for row in rows]

    def to_look_at(self, now: datetime, limit: int = 100) -> list[Occurrence]:
        """Those whose `next_at` has come, the earliest first."""
        rows = self._rows(
            "SELECT * FROM occurrences WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, id LIMIT ?",
            [_text(now), limit],
        )
        return [_occurrence(row) for row in rows]

    def next_at(self) -> datetime | None:
        """When the next occurrence is to be looked at."""
        sql = "SELECT min(next_at) AS soonest FROM occurrences WHERE next_at IS NOT NULL"
        return _time(self._rows(sql)[0]["soonest"])

    def hasten(self, resident_id: str, now: datetime) -> None:
        """What is known of a resident has changed: look at all that is due and waits, at once. Errors: KithError."""
        with self._file.change() as db:
            db.execute(
                "UPDATE occurrences SET next_at = ? WHERE next_at > ? AND due <= ? AND resident_id = ? AND state = ?",
                [_text(now), _text(now), _text(now), resident_id, int(State.WAITING)],
            )

    # The ladder's steps ---------------------------------------------------------------------------------------------
    def begin(self, occurrence: Occurrence, goal_id: str, robot: str, now: datetime, lease: timedelta) -> Prompt:
        """Write the intent down, before anything is said."""
        late = ladder.is_late(occurrence, self.policies.of(occurrence), now)
        prompt = Prompt(goal_id, occurrence.id, robot, now, now + lease, occurrence.may_have_asked, late)
        with self._file.change() as db:
            db.execute(
                "INSERT INTO prompts VALUES (?, ?, ?, ?, ?, ?, ?)",
                [goal_id, occurrence.id, robot, _text(now), _text(prompt.lease_until), prompt.may_have_asked, late],
            )
            self._update(ladder.begin(occurrence, robot, prompt.lease_until))
        return prompt

    def sounding(self, occurrence_id: str) -> Occurrence | None:
        """The robot has come and says it; None: that was known. Errors: KithError."""
        known = self.occurrence(occurrence_id)
        if known is None or known.state is not State.APPROACHING:
            return None
        with self._file.change():
            self._update(ladder.sounding(known))
        return ladder.sounding(known)

    def open_prompts(self) -> list[Prompt]:
        """Intents without a completion whose occurrence still waits for one."""
        rows = self._rows(
            "SELECT prompts.* FROM occurrences JOIN prompts ON prompts.occurrence_id = occurrences.id "
            "LEFT JOIN completions USING (goal_id) WHERE completions.goal_id IS NULL "
            "AND occurrences.state IN (1, 9)"  # written out, as in the index: State.PROMPTING, State.APPROACHING
        )
        return [
            Prompt(
                row["goal_id"], row["occurrence_id"], row["robot"], datetime.fromisoformat(row["intended_at"]),
                datetime.fromisoformat(row["lease_until"]), bool(row["may_have_asked"]), bool(row["late"]),
            )
            for row in rows
        ]  # fmt: skip

    def keep(self, step: ladder.Step, now: datetime, *, goal_id: str = "", ending: str = "") -> list[Occurrence]:
        """Write down a step, whole or not at all: occurrence, completion of a prompt, what staff are to be told.

        Returns the states that the occurrence went through, the last one first in force.
        """
        trail = [step.occurrence]
        settled = ladder.settle(step.occurrence, self.policies.of(step.occurrence))
        if settled is not None:
            trail.append(settled)
        with self._file.change() as db:
            self._update(trail[-1])
            if goal_id:
                db.execute(
                    "INSERT OR IGNORE INTO completions VALUES (?, ?, ?, ?)",
                    [goal_id, _text(now), ending, step.occurrence.said],
                )
            if step.telling is not None:
                self._tell(step.occurrence, step.telling, now)
            if settled is not None:
                db.execute("INSERT INTO closings VALUES (?, ?, ?, '')", [settled.id, _text(now), settled.closed_by])
        return trail

    def close_occurrence(self, occurrence_id: str, closed_by: str, note: str, now: datetime) -> Occurrence:
        """A named person closes it. Closing twice keeps the first name. Errors: KithError."""
        if not closed_by.strip():
            raise KithError("who closes it is missing: give the person's name")
        if len(closed_by) > 200 or len(note) > 2_000:
            raise KithError("the name or the note is too long: shorten it")
        known = self.occurrence(occurrence_id)
        if known is None:
            raise KithError("there is no such occurrence: `kith reminders list` shows them")
        if not known.open:
            raise KithError("it is closed already")
        closed = ladder.close(known, closed_by.strip())
        with self._file.change() as db:
            self._update(closed)
            db.execute("INSERT INTO closings VALUES (?, ?, ?, ?)", [closed.id, _text(now), closed.closed_by, note])
            db.execute("UPDATE tellings SET settled = 1 WHERE occurrence_id = ? AND stored = 1", [closed.id])
        return closed

    def _update(self, occurrence: Occurrence) -> None:
        changed = ", ".join(f"{name} = :{name}" for name in _OCCURRENCE_FIELDS[1:])
        sql = f"UPDATE occurrences SET {changed} WHERE id = :id"  # noqa: S608 - our own names
        self._file.db.execute(sql, _row(occurrence))

    # What staff are told --------------------------------------------------------------------------------------------
    def _tell(self, occurrence: Occurrence, telling: ladder.Telling, now: datetime) -> None:
        text = ladder.words(occurrence, telling.reason, zone(self._zone_of(occurrence.routine_id)))
        self._file.db.execute(
            "INSERT OR IGNORE INTO tellings VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
            [
                f"{occurrence.id}/{telling.reason}", occurrence.id, _text(now), occurrence.robot, telling.level.value,
                telling.reason.value, text,
            ],
        )  # fmt: skip

    def _zone_of(self, routine_id: str) -> str:
        if routine_id not in self._zones:
            row = self._file.db.execute("SELECT time_zone FROM routines WHERE id = ?", [routine_id]).fetchone()
            self._zones[routine_id] = str(row[0])
        return self._zones[routine_id]

    def tellings(self, *, stored: bool) -> list[Told]:
        """What the alerts node has not written down yet, or (stored) has, but nobody has closed; oldest first."""
        rows = self._rows(
            "SELECT tellings.*, resident_id, kind FROM tellings JOIN occurrences ON occurrences.id = occurrence_id "
            "WHERE settled = 0 AND stored = ? ORDER BY raised_at, alert_id",
            [int(stored)],
        )
        return [
            Told(
                row["alert_id"], row["occurrence_id"], row["resident_id"], row["kind"],
                datetime.fromisoformat(row["raised_at"]), row["robot"], Tell(row["level"]), row["text"],
                bool(row["stored"]),
            )
            for row in rows
        ]  # fmt: skip

    def told(self, alert_id: str) -> None:
        """The alerts node has written it down."""
        with self._file.change() as db:
            db.execute("UPDATE tellings SET stored = 1 WHERE alert_id = ?", [alert_id])

    def alert_closed(self, alert_id: str, closed_by: str, now: datetime) -> Occurrence | None:
        """A named person has closed the alert. Returns the occurrence, if that closed it too."""
        rows = self._rows(
            "SELECT occurrences.* FROM occurrences JOIN tellings ON occurrences.id = occurrence_id WHERE alert_id = ?",
            [alert_id],
        )
        closed = None
        with self._file.change() as db:
            db.execute("UPDATE tellings SET settled = 1, stored = 1 WHERE alert_id = ?", [alert_id])
            if rows and closed_by and ladder.settled_with_alert(_occurrence(rows[0])):
                closed = ladder.close(_occurrence(rows[0]), closed_by)
                self._update(closed)
                db.execute(
                    "INSERT INTO closings VALUES (?, ?, ?, 'with its alert')", [closed.id, _text(now), closed_by]
                )
        return closed
