"""Copies of some residents' profiles, kept equal to the home's by snapshots and numbered changes. No ROS here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from culture_profiles.fact import Fact
from culture_profiles.profile import Profile


class Outcome(Enum):
    """What came of a change."""

    APPLIED = auto()
    IGNORED = auto()  # nobody follows this resident, or the change is held already
    GAP = auto()  # something was missed: a snapshot is wanted


@dataclass
class _Copy:
    profile: Profile | None = None
    as_of: datetime | None = None
    wanted: bool = True  # a snapshot should be asked for
    asked: bool = False  # and was, without an answer yet
    since_asked: list[tuple[int, Fact]] = field(default_factory=list)


class ProfileReplica:
    """Holds the residents that were asked for, and knows when a copy cannot be trusted to be whole."""

    def __init__(self) -> None:
        self._copies: dict[str, _Copy] = {}

    def follow(self, resident_id: str) -> None:
        """Hold this resident from now on. Harmless when held already."""
        self._copies.setdefault(resident_id, _Copy())

    def unfollow(self, resident_id: str) -> None:
        """Forget the copy."""
        self._copies.pop(resident_id, None)

    def followed(self) -> tuple[str, ...]:
        """The ids that are held or wanted."""
        return tuple(self._copies)

    def profile(self, resident_id: str) -> Profile | None:
        """The copy, or None where none has arrived or the home knows no such resident."""
        copy = self._copies.get(resident_id)
        return copy.profile if copy else None

    def as_of(self, resident_id: str) -> datetime | None:
        """When the home last confirmed the copy with a snapshot."""
        copy = self._copies.get(resident_id)
        return copy.as_of if copy else None

    def restore(self, profile: Profile, at: datetime) -> None:
        """A state from the robot's own disk, while the home cannot be asked; the next snapshot replaces it."""
        copy = self._copies.get(profile.resident_id)
        if copy is not None and copy.profile is None:
            copy.profile, copy.as_of = profile, at

    def told(self, fact: Fact) -> Profile | None:
        """A fact that the home does not have yet: it stands after all others until the next snapshot."""
        copy = self._copies.get(fact.resident_id)
        if copy is None or copy.profile is None:
            return None
        copy.profile = copy.profile.with_fact(fact)
        return copy.profile

    def refresh(self) -> None:
        """Want every snapshot again: the home may have come back as another, or it is time."""
        for copy in self._copies.values():
            copy.wanted = True

    def wanted(self) -> Iterator[str]:
        """The ids whose snapshot is to be asked for now."""
        return iter([name for name, copy in self._copies.items() if copy.wanted and not copy.asked])

    def asked(self, resident_id: str) -> None:
        """A snapshot was asked for. Changes from now on are kept until it arrives: the two may overtake each other."""
        copy = self._copies.get(resident_id)
        if copy is not None:
            copy.asked, copy.wanted = True, False
            copy.since_asked.clear()

    def unanswered(self, resident_id: str) -> None:
        """The request failed or was lost: ask again."""
        copy = self._copies.get(resident_id)
        if copy is not None:
            copy.asked, copy.wanted = False, True

    def unknown(self, resident_id: str, at: datetime) -> None:
        """The home knows no such resident (any more)."""
        copy = self._copies.get(resident_id)
        if copy is not None:
            copy.profile, copy.as_of, copy.asked = None, at, False

    def snapshot(self, profile: Profile, at: datetime) -> Outcome:
        """A snapshot arrived. It replaces the copy, even with an older one: the home decides.

        `at` is the time of the request, since changes may have been missed right after.
        """
        copy = self._copies.get(profile.resident_id)
        if copy is None:
            return Outcome.IGNORED
        copy.profile, copy.as_of, copy.asked = profile, at, False
        outcome = Outcome.APPLIED
        for previous, fact in copy.since_asked:
            if self._apply(copy, fact, previous) is Outcome.GAP:
                outcome = Outcome.GAP
        copy.since_asked.clear()
        return outcome

    def change(self, fact: Fact, previous_sequence: int) -> Outcome:
        """A change arrived; `previous_sequence` is of the change before it for the same resident."""
        copy = self._copies.get(fact.resident_id)
        if copy is None:
            return Outcome.IGNORED
        if copy.asked:
            copy.since_asked.append((previous_sequence, fact))
        if copy.profile is None and copy.asked:
            return Outcome.IGNORED
        return self._apply(copy, fact, previous_sequence)

    def _apply(self, copy: _Copy, fact: Fact, previous_sequence: int) -> Outcome:
        held = copy.profile
        if held is not None and fact.sequence <= held.sequence:
            return Outcome.IGNORED
        if held is None or previous_sequence != held.sequence:
            copy.wanted = True
            return Outcome.GAP
        copy.profile = held.with_fact(fact)
        return Outcome.APPLIED
