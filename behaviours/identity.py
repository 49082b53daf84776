"""Who is speaking, from evidence that expires (care rule 21).

One kind of signal permits public talk. Two different kinds about the same person, and nobody else present, permit
private talk. No evidence, stale evidence or contradicting evidence: unknown.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a piece of evidence is about. Two kinds are independent of each other, two of one kind are not."""

    BODY = "body"
    FACE = "face"
    VOICE = "voice"
    OTHER = "other"  # a tag, a chair, a signed-in carer's "I am with ..."


class Level(StrEnum):
    """What may be talked about."""

    UNKNOWN = "unknown"
    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True)
class Who:
    """A person id ("" when unknown), what may be talked about, and why."""

    person_id: str
    level: Level
    why: str

    @property
    def private(self) -> bool:
        """Whether private content may be spoken and facts may be kept."""
        return self.level is Level.PRIVATE


@dataclass(frozen=True)
class _Evidence:
    person_id: str
    kind: Kind
    transient_id: str
    confidence: float
    seen_at: datetime


@dataclass
class Presence:
    """All evidence about who is near one robot.

    Evidence not renewed within ``expiry`` is gone; a match weaker than ``least_confidence`` (0..1) counts as none.
    How many bodies are in sight must be known and no older than ``bodies_expiry`` for anybody to count as alone.
    """

    expiry: timedelta = timedelta(seconds=30)
    bodies_expiry: timedelta = timedelta(seconds=15)
    least_confidence: float = 0.5
    _evidence: dict[tuple[str, Kind, str], _Evidence] = field(default_factory=dict)
    _bodies: frozenset[str] | None = None
    _bodies_at: datetime | None = None

    def observe(self, person_id: str, kind: Kind, transient_id: str, confidence: float, now: datetime) -> None:
        """Take in one match. A confidence of 0 ends it, also the same voice's, face's or body's match to others."""
        if not person_id:
            return
        key = (person_id, kind, transient_id)
        if confidence < self.least_confidence:
            self._evidence.pop(key, None)
            return
        self._evidence[key] = _Evidence(person_id, kind, transient_id, confidence, now)

    def bodies(self, ids: list[str] | tuple[str, ...], now: datetime) -> None:
        """Take in the list of all bodies in sight."""
        self._bodies, self._bodies_at = frozenset(ids), now

    def _live(self, now: datetime) -> list[_Evidence]:
        for key in [key for key, each in self._evidence.items() if now - each.seen_at >= self.expiry]:
            del self._evidence[key]
        return list(self._evidence.values())

    def next_expiry(self, now: datetime) -> datetime | None:
        """When the next piece of evidence ends unless it is renewed."""
        return min((each.seen_at + self.expiry for each in self._live(now)), default=None)

    def people(self, now: datetime) -> tuple[str, ...]:
        """Ids of everybody there is evidence of, sorted."""
        return tuple(sorted({each.person_id for each in self._live(now)}))

    def crowd(self, now: datetime) -> str:
        """Why somebody else may be present; "" when exactly one person is known to be here."""
        if len(self.people(now)) > 1:
            return "more than one person is known to be here"
        if self._bodies is None or self._bodies_at is None or now - self._bodies_at >= self.bodies_expiry:
            return "nobody can see whether others are here"
        if len(self._bodies) > 1:
            return f"{len(self._bodies)} people are in sight"
        return ""

    def strangers(self, now: datetime) -> int:
        """How many more people are in sight than there is evidence of."""
        return max(0, len(self._bodies or ()) - len(self.people(now)))

    def speaker(self, now: datetime, voice_id: str = "") -> Who:
        """Who speaks with this voice, or, with no voice given, who is here."""
        live = self._live(now)
        by_voice = {each.person_id for each in live if each.kind is Kind.VOICE and each.transient_id == voice_id}
        here = {each.person_id for each in live}
        candidates = by_voice if voice_id and by_voice else here
        if not candidates:
            return Who("", Level.UNKNOWN, "no evidence of who is here")
        if len(candidates) > 1:
            return Who("", Level.UNKNOWN, "the evidence names more than one person")
        (person,) = candidates
        return self.who(person, now)

    def who(self, person_id: str, now: datetime) -> Who:
        """What may be talked about with one person now."""
        kinds = {each.kind for each in self._live(now) if each.person_id == person_id}
        if not kinds:
            return Who("", Level.UNKNOWN, "no evidence of who is here")
        names = " and ".join(sorted(kinds))
        if len(kinds) < 2:
            return Who(person_id, Level.PUBLIC, f"one signal only: {names}")
        if crowd := self.crowd(now):
            return Who(person_id, Level.PUBLIC, crowd)
        return Who(person_id, Level.PRIVATE, f"{names}, alone")
