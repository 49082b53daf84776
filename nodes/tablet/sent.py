"""Messages to residents: kept until they are read, and asked about before (care rule 22). On the file's thread.

What was written is forgotten a day after its end; who sent something when, and what became of it, stays.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from behaviours.routines import circumstances
from behaviours.routines.circumstances import Circumstances
from behaviours.routines.occurrence import Occurrence, Outcome
from culture_profiles.errors import KithError
from culture_profiles.fact import plain_text
from culture_profiles.profile import Profile
from nodes.base.durable import DurableFile
from nodes.tablet.records import stamp

LONGEST_TEXT = 600
LONGEST_SENDER = 80
_KEPT = timedelta(days=7)
_WORDS_KEPT = timedelta(days=1)
_AGAIN = timedelta(minutes=10)
_TOMORROW = timedelta(hours=18)
_MOST_NOES = 2
_COLUMNS = "id, resident_id, sender, text, created_by, created_at, state, noes, next_at, ended_at, maybe_asked"


class Standing(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    ASKING = "asking"
    READ = "read"
    DECLINED = "declined"
    STOPPED = "stopped"  # taken back, its sender barred, or the resident has died
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Message:
    """`noes`: how often the resident did not want it. `maybe_asked`: it may have been asked about unrecorded."""

    id: str
    resident_id: str
    sender: str
    text: str
    created_by: str
    created_at: datetime
    state: Standing
    noes: int = 0
    next_at: datetime | None = None
    ended_at: datetime | None = None
    maybe_asked: bool = False

    @property
    def open(self) -> bool:
        """Whether it may still be read."""
        return self.state in (Standing.WAITING, Standing.ASKING)


class SentMessages:
    """The messages of one home."""

    def __init__(self, file: DurableFile) -> None:
        self._file = file
        with file.change() as db:  # what an earlier life was asking about may have been heard
            db.execute("UPDATE messages SET state = 'waiting', maybe_asked = 1 WHERE state = 'asking'")

    def add(self, resident_id: str, sender: str, text: str, by: str, now: datetime) -> Message:
        """Keep one. Errors: KithError for a sender or words that cannot be spoken."""
        sender, text = checked(sender, text)
        made = Message(f"m-{secrets.token_hex(6)}", resident_id, sender, text, by, now, Standing.WAITING, next_at=now)
        with self._file.change() as db:
            db.execute(
                f"INSERT INTO messages ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, NULL, 0)",  # noqa: S608
                [made.id, resident_id, sender, text, by, stamp(now), str(made.state), stamp(now)],
            )
        return made

    def all(self, resident_id: str = "", count: int = 100) -> list[Message]:
        """The newest first, to one resident or (empty) to everybody."""
        rows = self._file.db.execute(
            f"SELECT {_COLUMNS} FROM messages WHERE ? IN ('', resident_id) ORDER BY created_at DESC LIMIT ?",  # noqa: S608
            [resident_id, count],
        )
        return [_message(row) for row in rows.fetchall()]

    def due(self, now: datetime) -> list[Message]:
        """What may be asked about now, the oldest first; what is too old ends, and old words are forgotten."""
        with self._file.change() as db:
            db.execute(
                "UPDATE messages SET state = 'expired', ended_at = ? WHERE state = 'waiting' AND created_at < ?",
                [stamp(now), stamp(now - _KEPT)],
            )
            db.execute("UPDATE messages SET text = '' WHERE ended_at < ?", [stamp(now - _WORDS_KEPT)])
        rows = self._file.db.execute(
            f"SELECT {_COLUMNS} FROM messages WHERE state = 'waiting' AND next_at <= ? ORDER BY created_at",  # noqa: S608
            [stamp(now)],
        )
        return [_message(row) for row in rows.fetchall()]

    def not_now(self, message_id: str, now: datetime) -> None:
        """Quiet hours, care, hospital: looked at again in a while."""
        with self._file.change() as db:
            db.execute("UPDATE messages SET next_at = ? WHERE id = ?", [stamp(now + _AGAIN), message_id])

    def asking(self, message_id: str) -> bool:
        """A robot is about to ask. False: it was taken back meanwhile."""
        with self._file.change() as db:
            done = db.execute("UPDATE messages SET state = 'asking' WHERE id = ? AND state = 'waiting'", [message_id])
            return bool(done.rowcount)

    def came_to(self, message_id: str, outcome: Outcome, later_s: int, now: datetime) -> None:
        """What the resident said to it."""
        if outcome is Outcome.ACCEPTED:
            self.end(message_id, Standing.READ, now)
            return
        no = outcome is Outcome.DECLINED
        wait = timedelta(seconds=later_s) if later_s else _TOMORROW if no else _AGAIN
        with self._file.change() as db:
            db.execute(
                "UPDATE messages SET state = 'waiting', noes = noes + ?, next_at = ?, maybe_asked = 0 "
                "WHERE id = ? AND state = 'asking'",
                [int(no), stamp(now + wait), message_id],
            )
            db.execute(
                "UPDATE messages SET state = 'declined', ended_at = ? WHERE id = ? AND noes >= ?",
                [stamp(now), message_id, _MOST_NOES],
            )

    def end(self, message_id: str, state: Standing, now: datetime) -> None:
        """It is over. Harmless for one that is over already."""
        with self._file.change() as db:
            db.execute(
                "UPDATE messages SET state = ?, ended_at = ? WHERE id = ? AND state IN ('waiting', 'asking')",
                [str(state), stamp(now), message_id],
            )

    def residents(self) -> set[str]:
        """Of whom there is any."""
        return {row[0] for row in self._file.db.execute("SELECT DISTINCT resident_id FROM messages").fetchall()}

    def forget(self, resident_ids: Iterable[str]) -> None:
        """Everything about residents who are erased, also from free pages and the log.

        Errors: KithError, also while somebody else reads the file: then the rest is to be forgotten again.
        """
        with self._file.change() as db:
            for resident_id in resident_ids:
                db.execute("DELETE FROM messages WHERE resident_id = ?", [resident_id])
        if not self._file.scrub():
            raise KithError(f"{self._file.path.name}: somebody reads it just now: the rest goes in a minute")


def checked(sender: str, text: str) -> tuple[str, str]:
    """Both as they are spoken. Errors: KithError."""
    sender, text = " ".join(sender.split()), " ".join(text.split())
    if not sender:
        raise KithError("Write from whom it is: a message is never read without its sender.")
    if not text:
        raise KithError("Write the message.")
    if len(sender) > LONGEST_SENDER or len(text) > LONGEST_TEXT:
        raise KithError("The message is too long to be read aloud: shorten it.")
    try:
        plain_text(sender)
        plain_text(text)
    except ValueError:
        raise KithError("The message holds signs that cannot be read aloud.") from None
    return sender, text


def barred(profile: Profile, sender: str) -> bool:
    """Whether staff have said that this sender's messages are not passed on."""
    wanted = sender.casefold().split()
    for key in ("safety.barred_sender", "safety.barred_contact"):
        for name in profile.values(key):
            words = name.casefold().split()
            if words and all(each in wanted for each in words):
                return True
    return False


def may_bring(message: Message, profile: Profile, now: datetime, zone: ZoneInfo) -> bool | None:
    """Whether it may be asked about now; None: never any more."""
    if barred(profile, message.sender) or (profile.value("state_of_life") == circumstances.DIED):
        return None
    asked = Occurrence(message.id, "", message.resident_id, "message", message.sender, now, now + timedelta(hours=1))
    return circumstances.hindrance(asked, Circumstances(now, profile), now, zone) is None


def _message(row: tuple[str, str, str, str, str, str, str, int, str | None, str | None, int]) -> Message:
    def when(text: str | None) -> datetime | None:
        return datetime.fromisoformat(text) if text else None

    return Message(
        row[0], row[1], row[2], row[3], row[4], datetime.fromisoformat(row[5]), Standing(row[6]), row[7],
        when(row[8]), when(row[9]), bool(row[10]),
    )  # fmt: skip
