"""Who may sign in on the tablet: a name, a role and a PIN each, kept as an Argon2 hash. On the file's thread."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from behaviours.calling.alert import person as named
from culture_profiles.errors import KithError
from nodes.base.durable import DurableFile
from nodes.tablet.records import stamp
from nodes.tablet.roles import NAMED, Role, Scope, may

SHORTEST_PIN, LONGEST_PIN = 6, 12
_FREE_TRIES = 3
_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(minutes=15)
_COLUMNS = "id, name, role, resident_id, ends_at, active, language, scope"
WRONG = "That name and PIN do not fit together."


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in. `resident_id`: whom a family member, attorney, advocate or resident is named for.

    `language`: code of the language in which they read the pages; empty: as the device says. `scope`: of an attorney's
    power.
    """

    id: str
    name: str
    role: Role
    resident_id: str = ""
    ends_at: datetime | None = None
    active: bool = True
    language: str = ""
    scope: Scope | None = None

    def may(self, action: str, resident_id: str = "") -> bool:
        """Whether they may do something, about a resident if given."""
        return may(self.role, action, self.resident_id, resident_id, self.scope)


class TooManyTriesError(KithError):
    """Too many wrong PINs: nobody gets in with this name for a while."""


def check_pin(pin: str) -> str:
    """`pin` if it can be one. Errors: KithError for one that is too short, too long or too easy."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        raise KithError("A PIN has 6 to 12 digits.")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise KithError("That PIN is too easy to guess: not one digit again and again, not 123456.")
    return pin


class People:
    """The people and devices of one home."""

    def __init__(self, file: DurableFile, hasher: PasswordHasher | None = None) -> None:
        self._file = file
        self._hasher = hasher if hasher is not None else PasswordHasher()
        # A name that nobody has takes as long as one with a wrong PIN.
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def all(self) -> list[Person]:
        """Everybody, by name; those who may no longer sign in too."""
        rows = self._file.db.execute(f"SELECT {_COLUMNS} FROM people ORDER BY name COLLATE NOCASE")  # noqa: S608
        return [_person(row) for row in rows.fetchall()]

    def add(
        self,
        name: str,
        role: Role,
        pin: str,
        resident_id: str = "",
        ends_at: datetime | None = None,
        scope: Scope | None = None,
    ) -> Person:
        """Somebody new. Errors: KithError for a name that is taken, a PIN that is none, a role without its resident."""
        named(name)
        if role in NAMED and not resident_id:
            raise KithError("Say for which resident this person is named.")
        if role is Role.AGENCY_CARER and ends_at is None:
            raise KithError("An agency carer's code needs an end.")
        if role is not Role.ATTORNEY:
            scope = None
        about = resident_id if role in NAMED else ""
        made = Person(f"p-{secrets.token_hex(4)}", name.strip(), role, about, ends_at, scope=scope)
        if any(made.name.casefold() == other.name.casefold() for other in self.all()):
            raise KithError("Somebody has that name already: add a letter or a second name.")
        with self._file.change() as db:
            db.execute(
                "INSERT INTO people (id, name, role, pin_hash, resident_id, ends_at, scope) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    made.id,
                    made.name,
                    str(role),
                    self._hasher.hash(check_pin(pin)),
                    made.resident_id,
                    ends_at and stamp(ends_at),
                    scope or "",
                ],
            )
        return made

    def end(self, person_id: str) -> None:
        """This person may no longer sign in. Errors: KithError when no manager would be left."""
        left = [each for each in self.all() if each.active and each.role is Role.MANAGER and each.id != person_id]
        if not left:
            raise KithError("Somebody must stay manager.")
        with self._file.change() as db:
            db.execute("UPDATE people SET active = 0 WHERE id = ?", [person_id])

    def review(self, person_id: str, ends_at: datetime | None, scope: Scope | None) -> None:
        """Somebody named for a resident may sign in until then, with this scope."""
        with self._file.change() as db:
            db.execute(
                "UPDATE people SET ends_at = ?, scope = ? WHERE id = ?",
                [ends_at and stamp(ends_at), scope or "", person_id],
            )

    def set_language(self, person_id: str, language: str) -> None:
        """In which language somebody reads the pages from now on."""
        with self._file.change() as db:
            db.execute("UPDATE people SET language = ? WHERE id = ?", [language, person_id])

    def set_pin(self, person_id: str, pin: str) -> None:
        """A new PIN, and no waiting any more. Errors: KithError for one that is none."""
        hashed = self._hasher.hash(check_pin(pin))
        with self._file.change() as db:
            db.execute("UPDATE people SET pin_hash = ?, wrong = 0, wait_until = NULL WHERE id = ?", [hashed, person_id])

    def sign_in(self, name: str, pin: str, now: datetime) -> Person:
        """The person with this name and PIN. Errors: TooManyTriesError; KithError for anything not right."""
        row = self._file.db.execute(
            f"SELECT {_COLUMNS}, pin_hash, wrong, wait_until FROM people WHERE name = ? COLLATE NOCASE",  # noqa: S608
            [name.strip()],
        ).fetchone()
        if row is not None and row[10] and (until := datetime.fromisoformat(row[10])) > now:
            raise TooManyTriesError(f"Too many wrong PINs: wait {_span(until - now)}.")
        try:
            self._hasher.verify(row[8] if row else self._nobody, pin[:200])
        except VerificationError:
            if row is not None:
                self._note_wrong(row[0], int(row[9]) + 1, now)
            raise KithError(WRONG) from None
        found = _person(row)
        if not found.active or (found.ends_at is not None and found.ends_at <= now):
            raise KithError("This code has ended: ask the manager for a new one.")
        if row[9]:
            with self._file.change() as db:
                db.execute("UPDATE people SET wrong = 0, wait_until = NULL WHERE id = ?", [found.id])
        return found

    def _note_wrong(self, person_id: str, wrong: int, now: datetime) -> None:
        wait = None
        if wrong >= _FREE_TRIES:
            wait = stamp(now + min(_FIRST_WAIT * 2 ** min(wrong - _FREE_TRIES, 10), _LONGEST_WAIT))
        with self._file.change() as db:
            db.execute("UPDATE people SET wrong = ?, wait_until = ? WHERE id = ?", [wrong, wait, person_id])

    # Devices: one that somebody has signed in on may show the names for a quick switch -------------------------------
    def knows_device(self, token: str) -> bool:
        """Whether somebody of the home has signed in on this device before."""
        found = self._file.db.execute("SELECT 1 FROM devices WHERE token_hash = ?", [_digest(token)]).fetchone()
        return bool(token) and found is not None

    def new_device(self, now: datetime) -> str:
        """Remember a device; returns what it must show next time."""
        token = secrets.token_urlsafe(32)
        with self._file.change() as db:
            db.execute("INSERT INTO devices (token_hash, since) VALUES (?, ?)", [_digest(token), stamp(now)])
        return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _person(row: tuple[str, str, str, str, str | None, int, str, str]) -> Person:
    ends_at = datetime.fromisoformat(row[4]) if row[4] else None
    return Person(
        row[0], row[1], Role(row[2]), row[3], ends_at, bool(row[5]), row[6], Scope(row[7]) if row[7] else None
    )


def _span(left: timedelta) -> str:
    seconds = int(left.total_seconds()) + 1
    return f"{seconds} seconds" if seconds < 90 else f"{seconds // 60 + 1} minutes"
