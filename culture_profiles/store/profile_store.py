"""The store of a home's profiles: an append-only history in SQLite with one writer.

A write that returned is on the disk (WAL, synchronous=FULL). The file is encrypted, and for its owner alone (0600 in
0700).
"""

import os
import secrets
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from culture_profiles import precedence
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.importing import canonical
from culture_profiles.keys import spec
from culture_profiles.profile import Profile
from culture_profiles.store import erasure, opening, rows, schema, sealing
from culture_profiles.store.erasure import Hold, Receipt, Records
from culture_profiles.store.problems import told_clearly

NO_SUCH_RESIDENT = "no such resident: `kith profiles list` shows those there are"
_HELD_PROFILES = 128  # more, and the garbage collector pauses for tens of milliseconds now and then
_DECIDE_WRITING = ("state_of_life", "consent.memory")
_QUESTION = f"INSERT INTO staff_questions (id, {', '.join(schema.FACT_FIELDS)}) VALUES (?, {', '.join('?' * 9)})"  # noqa: S608


class StaffMustDecide(KithError):  # noqa: N818 - not a failure: the word was kept as a question
    """Somebody else's word on a key that is staff's: not a change, kept as a question to staff."""


@dataclass(frozen=True)
class Question:
    """What somebody said about a key that is staff's, for staff to decide."""

    id: str
    fact: Fact
    told: bool
    """Whether an alert has brought it to staff."""


@dataclass(frozen=True)
class Change:
    """A stored fact and the sequence of the change before it for the same resident (0: none)."""

    fact: Fact
    previous_sequence: int


class ProfileStore:
    """Facts of all residents of one home. For one thread; holds the writer's lock until `close`."""

    def __init__(self, path: Path, *, held: int = _HELD_PROFILES, key_of: Path | None = None) -> None:
        """Open the store, or make an empty one where there is none; a plain one is encrypted first.

        `held`: how many profiles stay in memory. `key_of`: the store whose key it is, for a copy.

        Errors: KithError when another process writes it, a newer version of Kith made it, it is damaged, its key is
        missing or it cannot be read; then the file has not been touched.
        """
        self.path = path
        self._key_of = key_of or path
        self._may_hold = held
        self._held: OrderedDict[str, Profile] = OrderedDict()
        self._lock = opening.take_writers_lock(path)
        try:
            self._db = opening.open_for_writing(path, self._key_of)
            try:
                with told_clearly(path):
                    if erasure.is_unscrubbed(self._db):
                        erasure.scrub(self._db)
                    self._residents = set(_resident_ids(self._db))
                    self._last = int(self._db.execute("SELECT last_sequence FROM numbering").fetchone()[0])
                    self._note_erasures()
            except BaseException:
                self._db.close()
                raise
        except BaseException:
            os.close(self._lock)
            raise

    # Writing --------------------------------------------------------------------------------------------------------
    def set_fact(self, fact: Fact) -> Fact:
        """Append a fact; returns it with its sequence, value in canonical form, once it is on the disk.

        Errors: StaffMustDecide for anybody else's word on a key of staff (kept as a question); KithError for an
        unknown key, a value that does not fit, a source that may not write this key, a full disk: nothing changed.
        """
        (outcome,) = self.set_facts([fact])
        if isinstance(outcome, KithError):
            raise outcome
        return outcome.fact

    def set_facts(self, facts: Sequence[Fact]) -> list[Change | KithError]:
        """Append many facts with one write to the disk: what became of each, in order; one refusal stops no other.

        Errors: KithError when nothing could be written, such as on a full disk; then nothing changed.
        """
        last = self._last
        latest: dict[str, int] = {}
        outcomes: list[Change | KithError] = []
        with told_clearly(self.path), self._db.atomic():
            for fact in facts:
                try:
                    fact = canonical(fact)
                    self._refuse_what_may_not_be(fact)
                except KithError as refusal:
                    outcomes.append(refusal)
                    continue
                last += 1
                previous = latest.get(fact.resident_id) or self._latest(fact.resident_id)
                latest[fact.resident_id] = last
                self._db.execute(rows.INSERT, [last, *rows.row_of(fact)])
                outcomes.append(Change(fact.model_copy(update={"sequence": last}), previous))
            if last != self._last:
                self._db.execute("UPDATE numbering SET last_sequence = ?", [last])
        self._last = last
        for outcome in outcomes:
            if isinstance(outcome, Change):
                self._residents.add(outcome.fact.resident_id)
                held = self._held.get(outcome.fact.resident_id)
                if held is not None:
                    self._hold(held.with_fact(outcome.fact))
        return outcomes

    def question_told(self, question_id: str) -> None:
        """An alert has brought the question to staff."""
        with told_clearly(self.path), self._db.atomic():
            self._db.execute("UPDATE staff_questions SET told = 1 WHERE id = ?", [question_id])

    # Reading --------------------------------------------------------------------------------------------------------
    def snapshot(self, resident_id: str) -> Profile:
        """What is known now; an empty profile with sequence 0 for somebody unknown."""
        held = self._held.get(resident_id)
        if held is not None:
            self._held.move_to_end(resident_id)
            return held
        with told_clearly(self.path):
            found = self._db.execute(f"{rows.SELECT} WHERE resident_id = ? ORDER BY sequence", [resident_id]).fetchall()
        sequence = max(found[-1][0] if found else 0, self._erased_at.get(resident_id, 0))
        profile = Profile.of_rows(resident_id, sequence, rows.by_key(found), rows.fact_of)
        if found:
            self._hold(profile)
        return profile

    def history(self, resident_id: str, key: str | None = None) -> list[Fact]:
        """Every fact ever kept of a resident, oldest first, retractions and superseded ones included."""
        sql, parameters = f"{rows.SELECT} WHERE resident_id = ?", [resident_id]
        if key:
            sql, parameters = f"{sql} AND key = ?", [resident_id, key]
        with told_clearly(self.path):
            return [rows.fact_of(row) for row in self._db.execute(f"{sql} ORDER BY sequence", parameters)]

    def residents(self) -> list[str]:
        """The ids of all residents of whom anything is kept, sorted."""
        return sorted(self._residents)

    def names(self) -> dict[str, Profile]:
        """Of each resident a profile of the facts about names alone, by id. Reads nothing else of anybody."""
        sql = f"{rows.SELECT} WHERE key IN {schema.NAME_KEYS} ORDER BY resident_id, sequence"
        found: dict[str, list[rows.Row]] = {resident_id: [] for resident_id in self.residents()}
        with told_clearly(self.path):
            for row in self._db.execute(sql):
                found[row[1]].append(row)
        return {name: Profile.of_rows(name, 0, rows.by_key(of), rows.fact_of) for name, of in found.items()}

    def count(self) -> int:
        """Of how many residents anything is kept."""
        return len(self._residents)

    def knows(self, resident_id: str) -> bool:
        """Whether anything is kept of the resident."""
        return resident_id in self._residents

    def require(self, resident_id: str) -> None:
        """Errors: KithError for an id of whom nothing is kept."""
        if resident_id not in self._residents:
            raise KithError(NO_SUCH_RESIDENT)

    def questions(self, resident_id: str | None = None) -> list[Question]:
        """What others said about keys of staff, oldest first."""
        with told_clearly(self.path):
            return _questions(self._db, resident_id)

    # Erasing --------------------------------------------------------------------------------------------------------
    def erase(
        self, resident_id: str, by: str, when: datetime, key: str = "", *, keep_records: Collection[str] = ()
    ) -> Receipt:
        """Erase everything of a resident, or of one key, from this file: history, free pages and log.

        The receipt is pending until backups and robots have done the same, and with everything also `keep_records`:
        who may keep records of their own about any resident. Errors: KithError for an unknown resident,
        a key of which nothing is kept, or under a legal hold: nothing changed.
        """
        self.require(resident_id)
        with told_clearly(self.path):
            erasure.refuse_under_hold(self._db, resident_id)
            if key and not self._is_kept(resident_id, key):
                raise KithError(f"nothing is kept under {key}: nothing was erased")
            with self._db.atomic():
                receipt = erasure.erase(self._db, resident_id, key, self._last + 1, by, when, keep_records)
                self._db.execute("UPDATE numbering SET last_sequence = ?", [self._last + 1])
            self._last += 1
            self._after_erasing()
            erasure.scrub(self._db)
        return next(found for found in self.receipts() if found.id == receipt)

    def receipts(self) -> list[Receipt]:
        """All erasures, oldest first, each with who still holds a copy."""
        with told_clearly(self.path):
            return erasure.receipts(self._db)

    def report_copies(self, holder: str, held: Mapping[str, int]) -> list[str]:
        """A holder says whose snapshots it keeps, and of when, or whose records (0); returns what must go."""
        with told_clearly(self.path), self._db.atomic():
            return erasure.report_copies(self._db, holder, held, self._residents)

    def place_hold(self, resident_id: str, reason_code: str, by: str, when: datetime) -> None:
        """Keep everything of a resident from being erased. Errors: KithError for an unknown resident."""
        self.require(resident_id)
        with told_clearly(self.path), self._db.atomic():
            erasure.place_hold(self._db, resident_id, reason_code, by, when)

    def release_holds(self, resident_id: str, by: str, when: datetime) -> None:
        """End the legal holds of a resident. Errors: KithError where there is none."""
        with told_clearly(self.path), self._db.atomic():
            if not erasure.release_holds(self._db, resident_id, by, when):
                raise KithError("no legal hold stands for this resident: nothing was changed")

    def holds(self, resident_id: str | None = None) -> list[Hold]:
        """The legal holds that stand."""
        with told_clearly(self.path):
            return erasure.holds(self._db, resident_id)

    def records(self) -> Records:
        """The erasures and holds, for a copy that is to replace this store."""
        with told_clearly(self.path):
            return erasure.records(self._db)

    def take_over(self, of: Records) -> int:
        """Carry another store's erasures and holds out in this one; returns how many facts went."""
        with told_clearly(self.path):
            with self._db.atomic():
                removed = erasure.take_over(self._db, of)
            self._last = max(self._last, of.last_sequence)
            self._after_erasing()
            erasure.scrub(self._db)
        return removed

    # The file -------------------------------------------------------------------------------------------------------
    def backup(self, to: Path) -> None:
        """Copy the store to the new file `to`, encrypted with the same key, while it is in use. Errors: KithError."""
        opening.copy(self._db, to, sealing.need_key(self._key_of))

    def verify(self) -> int:
        """Examine the whole file and every fact in it; returns the number of facts. Errors: KithError when damaged."""
        with told_clearly(self.path):
            return opening.verify(self._db, self.path)

    def close(self) -> None:
        """Close the file and let the next writer in."""
        self._db.close()
        os.close(self._lock)

    def __enter__(self) -> "ProfileStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _latest(self, resident_id: str) -> int:
        found = self._db.execute("SELECT max(sequence) FROM facts WHERE resident_id = ?", [resident_id]).fetchone()[0]
        return max(found or 0, self._erased_at.get(resident_id, 0))

    def _is_kept(self, resident_id: str, key: str) -> bool:
        for table in ("facts", "staff_questions"):
            sql = f"SELECT 1 FROM {table} WHERE resident_id = ? AND key = ? LIMIT 1"  # noqa: S608
            if self._db.execute(sql, [resident_id, key]).fetchone() is not None:
                return True
        return False

    def _after_erasing(self) -> None:
        self._held.clear()
        self._residents = set(_resident_ids(self._db))
        self._note_erasures()

    def _note_erasures(self) -> None:
        sql = "SELECT resident_id, max(sequence) FROM erasures GROUP BY resident_id"
        self._erased_at: dict[str, int] = dict(self._db.execute(sql).fetchall())

    def _refuse_what_may_not_be(self, fact: Fact) -> None:
        if not precedence.allowed(fact):
            if not spec(fact.key).for_staff_only:
                raise KithError(f"{fact.key}: is never assumed and not for {fact.source} to say: ask the person")
            self._ask_staff(fact)
            raise StaffMustDecide(f"{fact.key} is for staff to decide: kept as a question to them, nothing changed")
        if fact.status is Status.LOCKED:
            about = {fact.key, spec(fact.key).opposite or fact.key}
            precedence.refuse_contradictory_lock(fact, self._in_force(fact.resident_id, about).about(fact))
        if fact.source is Source.CARER:
            return
        profile = self._in_force(fact.resident_id, _DECIDE_WRITING)
        if profile.value("state_of_life") == "died":
            raise KithError("this profile is sealed: only staff may add to it")
        if profile.value("consent.memory") == "no" and not _may_be_kept_without_memory(fact):
            raise KithError("the person does not want to be remembered: nothing was kept")

    def _in_force(self, resident_id: str, keys: Collection[str]) -> Profile:
        """What is known under some keys, written in this transaction included."""
        places = ", ".join("?" * len(keys))
        sql = f"{rows.SELECT} WHERE resident_id = ? AND key IN ({places}) ORDER BY sequence"
        found = self._db.execute(sql, [resident_id, *keys]).fetchall()
        return Profile.of_rows(resident_id, 0, rows.by_key(found), rows.fact_of)

    def _ask_staff(self, fact: Fact) -> None:
        for asked in _questions(self._db, fact.resident_id):
            if _same_question(asked.fact, fact):
                return
        self._db.execute(_QUESTION, [secrets.token_hex(8), *rows.row_of(fact)])

    def _hold(self, profile: Profile) -> None:
        self._held[profile.resident_id] = profile
        self._held.move_to_end(profile.resident_id)
        if len(self._held) > self._may_hold:
            self._held.popitem(last=False)


# Reading what another process may be writing ------------------------------------------------------------------------
def questions_in(path: Path, resident_id: str | None = None) -> list[Question]:
    """The questions to staff in a store that another process may be writing. Errors: KithError."""
    with told_clearly(path):
        opening.examine(path)
        with closing(sealing.reader(path)) as db:
            return _questions(db, resident_id)


def receipts_in(path: Path) -> list[Receipt]:
    """The receipts in a store that another process may be writing. Errors: KithError."""
    with told_clearly(path):
        opening.examine(path)
        with closing(sealing.reader(path)) as db:
            return erasure.receipts(db)


def holds_in(path: Path) -> list[Hold]:
    """The legal holds in a store that another process may be writing. Errors: KithError."""
    with told_clearly(path):
        opening.examine(path)
        with closing(sealing.reader(path)) as db:
            return erasure.holds(db)


def records_in(path: Path, key_of: Path | None = None) -> Records:
    """What must outlive a restored backup; a store of a version without erasures has nothing. Errors: KithError."""
    with told_clearly(path):
        opening.examine(path, key_of)
        with closing(sealing.reader(path, key_of)) as db:
            if schema.version(Database(db)) < 2:
                return Records((), (), 0)
            return erasure.records(db)


def verify_file(path: Path) -> int:
    """Examine a store that another process may be writing; returns the number of facts. Errors: KithError."""
    with told_clearly(path):
        opening.examine(path)
        with closing(sealing.reader(path)) as db:
            return opening.verify(db, path)


def values_of(path: Path, keys: Iterable[str]) -> set[str]:
    """All values ever kept under these keys, of nobody in particular. Errors: KithError."""
    wanted = list(keys)
    with told_clearly(path), closing(sealing.reader(path)) as db:
        sql = f"SELECT DISTINCT value FROM facts WHERE key IN ({', '.join('?' * len(wanted))})"  # noqa: S608
        return {str(row[0]) for row in db.execute(sql, wanted) if row[0]}


def _questions(db: Any, resident_id: str | None) -> list[Question]:
    sql = f"SELECT id, told, 0, {', '.join(schema.FACT_FIELDS)} FROM staff_questions"  # noqa: S608
    parameters = []
    if resident_id is not None:
        sql, parameters = f"{sql} WHERE resident_id = ?", [resident_id]
    found = db.execute(f"{sql} ORDER BY rowid", parameters)
    return [Question(id=row[0], told=bool(row[1]), fact=rows.fact_of(row[2:])) for row in found]


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


def _resident_ids(db: Database) -> Iterator[str]:
    # One step of the table per resident: a plain DISTINCT reads every fact of the home.
    sql = "SELECT resident_id FROM facts WHERE resident_id > ? ORDER BY resident_id LIMIT 1"
    last = ""
    while (row := db.execute(sql, [last]).fetchone()) is not None:
        last = str(row[0])
        yield last
