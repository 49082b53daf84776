"""What the mind asks its body, its memory and its people to do. Plain values; nodes/dialogue carries them out."""

from dataclasses import dataclass
from enum import StrEnum

from behaviours.floor import Priority
from culture_profiles.fact import Fact


@dataclass(frozen=True)
class Manner:
    """How a sentence is spoken: rate in words per minute, pitch and volume as factors (1.0 and 0..1)."""

    rate: float
    pitch: float
    volume: float


@dataclass(frozen=True)
class Speak:
    """One utterance. A higher ``priority`` silences a lower one that is sounding; equal ones queue."""

    id: str
    text: str
    locale: str
    manner: Manner
    act: str
    person_id: str = ""
    priority: Priority = Priority.CONVERSATION
    why: str = ""

    @property
    def confidential(self) -> bool:
        """Never captioned or shown: the answer to a disclosure is for this person's ears alone (care rule 5)."""
        return self.act == "safeguard"


@dataclass(frozen=True)
class Hush:
    """Be silent at once and drop what is still to be said below ``priority``."""

    priority: Priority = Priority.EMERGENCY


@dataclass(frozen=True)
class StoreFact:
    """Write one fact durably (or retract one: see its status)."""

    fact: Fact
    why: str


class AlertLevel(StrEnum):
    """How soon a person is needed."""

    INFORM = "inform"
    ATTEND = "attend"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class RaiseAlert:
    """Call a person. Raising the same id again is harmless. ``text`` is for staff and holds none of the words said."""

    id: str
    kind: str
    level: AlertLevel
    text: str
    resident_id: str = ""
    why: str = ""


@dataclass(frozen=True)
class Gesture:
    """A gesture every body knows, for example nod. Right after a sentence it begins with that one's first sound."""

    name: str


@dataclass(frozen=True)
class Approach:
    """Go to somebody. ``distance_m`` 0: the usual. ``side``: front, left or right of them; empty: front.

    ``follow``: and go along with them until told to stand still.
    """

    person_id: str
    distance_m: float = 0.0
    side: str = ""
    may_enter_private: bool = False
    """Also into a bedroom (care rule 20)."""
    follow: bool = False


@dataclass(frozen=True)
class StandStill:
    """Stop travelling, at once."""


class Outcome(StrEnum):
    """How a reminder ended; names are those of kith_msgs/Remind."""

    ACCEPTED = "accepted"
    LATER = "later"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    INTERRUPTED = "interrupted"
    ABSENT = "absent"
    HINT_TAKEN = "hint_taken"


@dataclass(frozen=True)
class ReminderPrompted:
    """The prompt of this occurrence has sounded; the answer is awaited."""

    occurrence_id: str


@dataclass(frozen=True)
class ReminderOutcome:
    """One reminder is over. ``later_s``: when to come back, 0 if not said. ``said``: understanding, for staff."""

    occurrence_id: str
    outcome: Outcome
    said: str
    later_s: int = 0


@dataclass(frozen=True)
class RememberState:
    """The mind's small durable state has changed: write it down."""


Act = (
    Speak
    | Hush
    | StoreFact
    | RaiseAlert
    | Gesture
    | Approach
    | StandStill
    | ReminderPrompted
    | ReminderOutcome
    | RememberState
)
