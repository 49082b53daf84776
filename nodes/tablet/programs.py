"""The home's own programs that may use the API: a name, a role, a token kept as a hash. On the file's thread."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from culture_profiles.errors import KithError
from culture_profiles.fact import plain_text
from nodes.base.durable import DurableFile
from nodes.tablet.people import Person
from nodes.tablet.records import stamp
from nodes.tablet.roles import Role

LONGEST = timedelta(days=366)
ROLES = (Role.MANAGER, Role.SENIOR_CARER, Role.CARER, Role.TECHNICIAN)
"""What a program may be given: never the role of one resident, or of somebody who is named for one."""
_COLUMNS = "id, name, role, ends_at, active"


@dataclass(frozen=True, slots=True)
class Program:
    """A program. `active`: false once it was ended."""

    id: str
    name: str
    role: Role
    ends_at: datetime
    active: bool = True

    def as_person(self) -> Person:
        """As whom its acts are recorded."""
        return Person(self.id, self.name, self.role, ends_at=self.ends_at, active=self.active)


class Programs:
    """The programs of one home."""

    def __init__(self, file: DurableFile) -> None:
        self._file = file

    def all(self) -> list[Program]:
        """Each of them, by name; those that were ended too."""
        rows = self._file.db.execute(f"SELECT {_COLUMNS} FROM programs ORDER BY name COLLATE NOCASE, id")  # noqa: S608
        return [_program(row) for row in rows.fetchall()]

    def add(self, name: str, role: Role, ends_at: datetime, now: datetime) -> tuple[Program, str]:
        """A new program, and its token, which is kept nowhere. Errors: KithError for a bad name, role or end."""
        name = " ".join(name.split())
        try:
            plain_text(name)
        except ValueError:
            raise KithError("The name must be one line without control characters.") from None
        if not 0 < len(name) <= 100:
            raise KithError("Write the program's name, up to 100 characters.")
        if role not in ROLES:
            raise KithError("A program cannot have this role.")
        if not now < ends_at <= now + LONGEST:
            raise KithError("A token ends within a year.")
        token = f"kith_{secrets.token_urlsafe(32)}"
        made = Program(f"t-{secrets.token_hex(4)}", name, role, ends_at)
        with self._file.change() as db:
            db.execute(
                "INSERT INTO programs (id, name, role, token_hash, ends_at) VALUES (?, ?, ?, ?, ?)",
                [made.id, made.name, str(role), _digest(token), stamp(ends_at)],
            )
        return made, token

    def end(self, program_id: str) -> None:
        """Its token opens nothing any more."""
        with self._file.change() as db:
            db.execute("UPDATE programs SET active = 0 WHERE id = ?", [program_id])

    def find(self, token: str, now: datetime) -> Program | None:
        """Whose token it is, unless it has ended."""
        row = self._file.db.execute(
            f"SELECT {_COLUMNS} FROM programs WHERE token_hash = ?",  # noqa: S608 - fixed names
            [_digest(token)],
        ).fetchone()
        found = _program(row) if row is not None else None
        return found if found is not None and found.active and now < found.ends_at else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _program(row: tuple[str, str, str, str, int]) -> Program:
    return Program(row[0], row[1], Role(row[2]), datetime.fromisoformat(row[3]), bool(row[4]))
