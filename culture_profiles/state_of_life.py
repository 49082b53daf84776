"""The state of somebody's life, set by staff with one tap, and what it forbids (care rule 23)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from culture_profiles.fact import Source, Status
from culture_profiles.profile import Profile

KEY = "state_of_life"


class StateOfLife(StrEnum):
    """The six states."""

    HERE = "here"
    OUT = "out"
    HOSPITAL = "hospital"
    END_OF_LIFE = "end_of_life"
    ISOLATION = "isolation"
    DIED = "died"


@dataclass(frozen=True)
class Life:
    """What the state of life permits. A profile without one, or with one that cannot be read, is `here`."""

    state: StateOfLife
    sealed: bool
    """Died, and confirmed by senior staff: the profile is closed. Silence begins already with the first word of it."""
    robot_may_enter: bool
    """Whether the robot may go in to the person, and out to others again."""
    care_in_progress: bool
    """Somebody is with the person (care, clergy, doctor, lawyer): microphone and camera are visibly off."""

    @classmethod
    def of(cls, profile: Profile, today: date) -> "Life":
        """From a profile, on the home's `today`."""
        fact = profile.fact(KEY)
        state = StateOfLife(fact.value) if fact is not None and fact.value in list(StateOfLife) else StateOfLife.HERE
        confirmed = fact is not None and fact.status in (Status.CONFIRMED, Status.LOCKED)
        return cls(
            state=state,
            sealed=state is StateOfLife.DIED and confirmed and fact is not None and fact.source is Source.CARER,
            robot_may_enter=state is not StateOfLife.DIED and not _shut_out(profile, state, today),
            care_in_progress=(profile.value("care_in_progress") or "no") != "no",
        )

    @property
    def may_be_prompted(self) -> bool:
        """Whether reminders, messages and greetings of the robot's own may be spoken."""
        return self.state is StateOfLife.HERE and not self.care_in_progress

    @property
    def may_be_answered(self) -> bool:
        """Whether the robot answers when it is spoken to. At the end of life it speaks only when invited so."""
        return self.state is not StateOfLife.DIED and not self.care_in_progress


def _shut_out(profile: Profile, state: StateOfLife, today: date) -> bool:
    """Isolation: the robot stays where staff said, out if they said nothing, until its cleaning is recorded."""
    if not _isolated_until_cleaned(profile, state, today):
        return False
    return state is not StateOfLife.ISOLATION or profile.value("isolation.robot") != "stays_in"


def _isolated_until_cleaned(profile: Profile, state: StateOfLife, today: date) -> bool:
    placed = profile.fact("isolation.robot")
    if state is StateOfLife.ISOLATION:
        return True
    if placed is None or placed.value != "stays_in":
        return False
    # It was in there: until a cleaning on or after that day is recorded, it goes to nobody.
    try:
        cleaned = date.fromisoformat(profile.value("isolation.cleaned") or "")
    except ValueError:
        return True
    return not placed.when.date() <= cleaned <= today
