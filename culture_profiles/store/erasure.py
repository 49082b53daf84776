"""Erasing what was kept of a person, wherever copies of it lie, and the receipts that say how far that has come.

An erasure takes a number in the home's history, like a fact; what is numbered before it is gone. So the list of
erasures also tells what must not come back out of an older backup or a robot's snapshot. It holds ids and numbers,
no values.

`holder`: who holds copies. "store" is the file itself until nothing of it can be read from free pages and the log any
more, "backups" the home's backups, every other a robot with snapshots on its own disk, or who keeps records of its own
about residents (reminders, alerts, a robot's notes). Records hold no facts and are reported with sequence 0: only the
erasure of everything concerns them.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from culture_profiles.errors import KithError

STORE, BACKUPS = "store", "backups"
RECORDS = 0
"""The sequence of what is no copy of a profile."""


@dataclass(frozen=True)
class Receipt:
    """That something was erased: ids and numbers alone."""

    id: str
    resident_id: str
    key: str
    """Empty: everything of the resident."""
    sequence: int
    erased_at: datetime
    decided_by: str
    facts: int
    """How many entries of the history went."""
    pending: tuple[str, ...]
    """Who still holds a copy."""

    @property
    def state(self) -> str:
        """done, or pending until nobody holds a copy."""
        return "pending" if self.pending else "done"


@dataclass(frozen=True)
class Hold:
    """A legal hold: nothing of the resident is erased while it stands."""

    resident_id: str
    reason_code: str
    placed_by: str
    placed_at: datetime


@dataclass(frozen=True)
class Records:
    """What outlives a restored backup: erasures, holds and the numbering, as rows."""

    erasures: Sequence[tuple[str, str, str, int, str, str, int]]
    holds: Sequence[tuple[str, str, str, str, str, str]]
    last_sequence: int


def holds(db: Database, resident_id: str | None = None) -> list[Hold]:
    """The holds that stand, oldest first."""
    sql = "SELECT resident_id, reason_code, placed_by, placed_at FROM holds WHERE released_at = ''"
    found = [
        Hold(resident, reason_code, placed_by, datetime.fromisoformat(placed_at))
        for resident, reason_code, placed_by, placed_at in db.execute(f"{sql} ORDER BY rowid")
    ]
    return [hold for hold in found if resident_id in (None, hold.resident_id)]


def refuse_under_hold(db: Database, resident_id: str) -> None:
    """Errors: KithError while a legal hold stands."""
    for hold in holds(db, resident_id):
        raise KithError(
            f"{resident_id} is under a legal hold ({hold.reason_code}, since {hold.placed_at:%Y-%m-%d}, by "
            f"{hold.placed_by or 'unknown'}): nothing was erased; `kith profiles release` ends the hold"
        )


def place_hold(db: Database, resident_id: str, reason_code: str, by: str, when: datetime) -> None:
    """Place a hold; the same one twice is one."""
    if any(hold.reason_code == reason_code for hold in holds(db, resident_id)):
        return
    db.execute("INSERT INTO holds VALUES (?, ?, ?, ?, '', '')", [resident_id, reason_code, by, when.isoformat()])


def release_holds(db: Database, resident_id: str, by: str, when: datetime) -> int:
    """End all holds of a resident; returns how many stood."""
    ended = db.execute(
        "UPDATE holds SET released_by = ?, released_at = ? WHERE resident_id = ? AND released_at = ''",
        [by, when.isoformat(), resident_id],
    )
    return int(ended.rowcount)


def erase(
    db: Database,
    resident_id: str,
    key: str,
    sequence: int,
    by: str,
    when: datetime,
    keep_records: Collection[str] = (),
) -> str:
    """Write the receipt, then remove the facts; returns the receipt's id. Inside the caller's transaction.

    `keep_records`: who may keep records of their own about any resident.
    """
    receipt = secrets.token_hex(8)
    row = [receipt, resident_id, key, sequence, when.isoformat(), by, 0]
    db.execute("INSERT INTO erasures VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    removed = _remove(db, resident_id, key, sequence)
    # The count is known only now, and the trigger needs the receipt before.
    db.execute("UPDATE erasures SET facts = ? WHERE id = ?", [removed, receipt])
    copies = db.execute(
        "SELECT holder FROM copies WHERE resident_id = ? AND sequence < ? AND (sequence > ? OR ? = '')",
        [resident_id, sequence, RECORDS, key],
    )
    holders = {STORE, BACKUPS, *(() if key else keep_records), *(row[0] for row in copies.fetchall())}
    for holder in holders:
        db.execute("INSERT INTO erasures_pending VALUES (?, ?)", [receipt, holder])
    return receipt


def _remove(db: Database, resident_id: str, key: str, before: int) -> int:
    of_key, parameters = ("AND key = ?", [key]) if key else ("", [])
    db.execute(f"DELETE FROM staff_questions WHERE resident_id = ? {of_key}", [resident_id, *parameters])  # noqa: S608
    gone = db.execute(
        f"DELETE FROM facts WHERE resident_id = ? AND sequence < ? {of_key}",  # noqa: S608
        [resident_id, before, *parameters],
    )
    return int(gone.rowcount)


def scrub(db: Database) -> bool:
    """Leave nothing of what was removed in free pages and the log; False while a reader keeps the log in use."""
    # Overwriting what is deleted (secure_delete) is not enough: pages that were split keep remains between their cells.
    db.execute("VACUUM")
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        return False
    with db.atomic():
        db.execute("DELETE FROM erasures_pending WHERE holder = ?", [STORE])
    return True


def is_unscrubbed(db: Database) -> bool:
    """Whether an erasure was cut short before the file itself was clean."""
    return db.execute("SELECT 1 FROM erasures_pending WHERE holder = ?", [STORE]).fetchone() is not None


def receipts(db: Database) -> list[Receipt]:
    """All receipts, oldest first."""
    pending: dict[str, list[str]] = {}
    for receipt, holder in db.execute("SELECT erasure_id, holder FROM erasures_pending ORDER BY holder"):
        pending.setdefault(receipt, []).append(holder)
    return [
        Receipt(
            receipt, resident, key, sequence, datetime.fromisoformat(at), by, facts, tuple(pending.get(receipt, ()))
        )
        for receipt, resident, key, sequence, at, by, facts in db.execute("SELECT * FROM erasures ORDER BY sequence")
    ]


def report_copies(db: Database, holder: str, held: Mapping[str, int], known: Iterable[str]) -> list[str]:
    """Take note of the snapshots or records that a holder has, by resident and number; returns those it must remove.

    What it no longer holds, or holds in a later state, is done as far as it goes. Inside the caller's transaction.
    """
    db.execute("DELETE FROM copies WHERE holder = ?", [holder])
    for resident_id, sequence in held.items():
        db.execute("INSERT INTO copies VALUES (?, ?, ?)", [holder, resident_id, sequence])
    latest = dict(db.execute("SELECT resident_id, max(sequence) FROM erasures GROUP BY resident_id").fetchall())
    waiting = db.execute(
        "SELECT id, resident_id, key, sequence FROM erasures JOIN erasures_pending ON id = erasure_id WHERE holder = ?",
        [holder],
    ).fetchall()
    for receipt, resident_id, _, sequence in waiting:
        if held.get(resident_id, sequence) >= sequence:
            db.execute("DELETE FROM erasures_pending WHERE erasure_id = ? AND holder = ?", [receipt, holder])
    residents = set(known)
    owed = {resident_id for _, resident_id, key, _ in waiting if not key}
    whole = {row[0] for row in db.execute("SELECT DISTINCT resident_id FROM erasures WHERE key = ''")}

    def must_go(resident_id: str, sequence: int) -> bool:
        if sequence == RECORDS:  # a store that is new or damaged knows nobody: that alone erases no records
            return resident_id in owed or resident_id in whole - residents
        return resident_id not in residents or sequence < latest.get(resident_id, 0)

    return [resident_id for resident_id, sequence in held.items() if must_go(resident_id, sequence)]


def records(db: Database) -> Records:
    """What must outlive a restored backup."""
    return Records(
        db.execute("SELECT * FROM erasures").fetchall(),
        db.execute("SELECT * FROM holds").fetchall(),
        int(db.execute("SELECT last_sequence FROM numbering").fetchone()[0]),
    )


def take_over(db: Database, of: Records) -> int:
    """Bring another store's erasures and holds into this one and carry them out here; returns the facts removed."""
    removed = 0
    known = {row[0] for row in db.execute("SELECT id FROM erasures")}
    for row in of.erasures:
        if row[0] not in known:
            db.execute("INSERT INTO erasures VALUES (?, ?, ?, ?, ?, ?, ?)", list(row))
        # Carried out again even where it is known: a copy may have been cut short.
        removed += _remove(db, row[1], row[2], row[3])
    db.execute("DELETE FROM holds")
    for hold in of.holds:
        db.execute("INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?)", list(hold))
    db.execute("UPDATE numbering SET last_sequence = max(last_sequence, ?)", [of.last_sequence])
    return removed
