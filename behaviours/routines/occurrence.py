"""One time that a routine is due, and what has become of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class State(IntEnum):
    """Where an occurrence stands; the numbers are those of kith_msgs/Occurrence."""

    WAITING = 0
    PROMPTING = 1
    ACCEPTED = 2
    LATER = 3
    DECLINED = 4
    NO_ANSWER = 5
    TOLD_STAFF = 6
    CLOSED = 7
    MISSED = 8
    APPROACHING = 9


class Outcome(IntEnum):
    """How a prompt ended; the numbers are those of kith_msgs/Remind."""

    ACCEPTED = 1
    LATER = 2
    DECLINED = 3
    NO_ANSWER = 4
    INTERRUPTED = 5
    ABSENT = 6
    HINT_TAKEN = 7


MAY_BE_PROMPTED = frozenset({State.WAITING, State.LATER, State.NO_ANSWER})
"""States in which the robot still has something to do."""
OWNED = frozenset({State.APPROACHING, State.PROMPTING})
"""States in which one robot has it, by lease, and nobody else may say it."""


def occurrence_id(routine_id: str, due: datetime) -> str:
    """The same time of the same routine always has the same id: expanding twice is expanding once."""
    return f"{routine_id}@{due:%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """All times aware, in UTC."""

    id: str
    routine_id: str
    resident_id: str
    kind: str
    title: str
    due: datetime
    window_end: datetime
    state: State = State.WAITING
    next_at: datetime | None = None  # when the ladder looks at it again; None: only a person or an answer moves it
    prompts: int = 0  # how often it was said
    unanswered: int = 0  # how often without any answer
    uncertain: bool = False  # it may have been said once more than `prompts`
    may_have_asked: bool = False  # the next prompt must say so
    robot: str = ""
    lease_until: datetime | None = None
    said: str = ""  # how the answer was understood, or why nothing was said; for staff
    told: bool = False  # staff were told of it
    closed_by: str = ""
    place: str = ""
    by: str = "robot"  # robot, or tablet: staff say it, and the robot nothing
    asked_for: bool = False  # asked for this very time a short while before: not of the robot's own accord
    lost_goal: str = ""  # with `may_have_asked`: the prompt of which nobody learnt how it ended
    lost_robot: str = ""  # ... and who had it

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state is not State.CLOSED
