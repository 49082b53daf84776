"""The audit log: who looked at what and who wrote what, in rows that each hold the hash of the one before.

Rows hold ids and key names, never values or words (care rule 25). A changed, removed or inserted row breaks the chain;
rows cut off at the end are told by comparing with a head hash that was noted elsewhere.
"""

import hashlib
import json
from collections import deque
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

from culture_profiles.errors import KithError
from culture_profiles.store import sealing
from nodes.base.durable import DurableFile, told_clearly
from nodes.tablet.records import stamp

BEGINNING = "0" * 64
ABOUT = "about:"
"""Among a row's keys: one of several residents whom a page showed at once."""
_COLUMNS = "sequence, at, who, role, what, resident_id, keys, previous, hash"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the log. `at` in UTC, ISO 8601; `keys`: names of profile keys or ids, separated by spaces."""

    sequence: int
    at: str
    who: str
    role: str
    what: str
    resident_id: str
    keys: str
    previous: str
    hash: str

    def sealed(self) -> str:
        """The hash that its content asks for: SHA-256 over the fields as JSON, the previous hash among them."""
        fields = [self.sequence, self.at, self.who, self.role, self.what, self.resident_id, self.keys, self.previous]
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


@dataclass
class Entry:
    """What is to be recorded. `at`: aware; `keys`: names of profile keys or ids."""

    at: datetime
    who: str
    role: str
    what: str
    resident_id: str = ""
    keys: tuple[str, ...] = ()
    written: bool = False
    problem: str = ""


class AuditLog:
    """Appends to an open file, on the file's thread."""

    def __init__(self, file: DurableFile) -> None:
        self._file = file
        last = file.db.execute("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1").fetchone()
        self._sequence: int = last[0] if last else 0
        self._head: str = last[1] if last else BEGINNING

    def add(
        self, at: datetime, who: str, role: str, what: str, resident_id: str = "", keys: Iterable[str] = ()
    ) -> None:
        """Append a row, on the disk when this returns. Errors: KithError; then nothing may be shown or written."""
        self.add_all([Entry(at, who, role, what, resident_id, tuple(keys))])

    def add_all(self, entries: Iterable["Entry"]) -> None:
        """Append rows, all or none. Errors: as of `add`."""
        sequence, head, rows = self._sequence, self._head, []
        for each in entries:
            sequence += 1
            keys = " ".join(each.keys)
            bare = Row(sequence, stamp(each.at), each.who, each.role, each.what, each.resident_id, keys, head, "")
            head = bare.sealed()
            rows.append([*astuple(bare)[:-1], head])
        with self._file.change() as db:
            for row in rows:
                db.execute(f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
        self._sequence, self._head = sequence, head

    def newest(self, count: int, resident_id: str = "", since: datetime | None = None, what: str = "") -> list[Row]:
        """The newest rows, newest first, about one resident, also among others, or (empty) about everything.

        `what`: of one act alone.
        """
        rows = self._file.db.execute(
            f"SELECT {_COLUMNS} FROM audit WHERE (? = '' OR resident_id = ? "  # noqa: S608 - fixed names
            "OR instr(' ' || keys || ' ', ?)) AND at >= ? AND ? IN ('', what) ORDER BY sequence DESC LIMIT ?",
            [resident_id, resident_id, f" {ABOUT}{resident_id} ", stamp(since) if since else "", what, count],
        ).fetchall()
        return [Row(*row) for row in rows]

    def every(self) -> list[Row]:
        """All of it, oldest first."""
        return [Row(*row) for row in self._file.db.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY sequence")]  # noqa: S608


class Recorder:
    """Puts what many devices record at the same moment on the disk together: each waits for the disk, once for all."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self._waiting: deque[Entry] = deque()

    def put(self, entry: Entry) -> None:
        """It is written with the next `write`. From any thread."""
        self._waiting.append(entry)

    def write(self, entry: Entry) -> None:
        """It is on the disk when this returns, with all that wait. On the file's thread. Errors: KithError."""
        if not entry.written and not entry.problem:
            together = [self._waiting.popleft() for _ in range(len(self._waiting))]
            try:
                self._log.add_all(together)
            except KithError as problem:
                for each in together:
                    each.problem = str(problem)
            else:
                for each in together:
                    each.written = True
        if entry.problem:
            raise KithError(entry.problem)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of checking a log. `broken_at`: sequence of the first row that does not fit; 0: none."""

    rows: int
    head: str
    broken_at: int
    why: str

    @property
    def whole(self) -> bool:
        """Whether nothing was changed."""
        return not self.why


def read_rows(path: Path) -> list[Row]:
    """Every row of a log, oldest first, also while the home runs. Errors: KithError where there is none."""
    if not path.exists():
        raise KithError(f"{path}: there is no audit log yet: it begins when somebody first signs in on the tablet")
    with told_clearly(path), closing(sealing.reader(path)) as db:
        return [Row(*row) for row in db.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY sequence")]  # noqa: S608


def verify(rows: Iterable[Row], expect: str = "") -> Verdict:
    """Whether each row holds its own hash and that of the one before, and `expect`, a head noted earlier, is there."""
    head, count, seen = BEGINNING, 0, not expect
    for row in rows:
        count += 1
        if row.sequence != count:
            return Verdict(count, head, row.sequence, f"row {count} is missing")
        if row.previous != head:
            return Verdict(count, head, row.sequence, f"row {row.sequence} does not follow the one before")
        if row.hash != row.sealed():
            return Verdict(count, head, row.sequence, f"row {row.sequence} was changed")
        head = row.hash
        seen = seen or head == expect
    if not seen:
        return Verdict(count, head, 0, "the head that was noted is not in the log: rows were cut off or rewritten")
    return Verdict(count, head, 0, "")
