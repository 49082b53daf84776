"""What is seen and heard while a scenario plays, in one list that one thread fills and another waits on.

Times are seconds since the epoch, from the messages' own stamps: when it happened, not when we were told.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar


class Sound(Enum):
    """What the loudspeaker did with an utterance."""

    STARTED = "started"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Captioned:
    """The robot's words, as it begins to say them."""

    at: float
    utterance_id: str
    locale: str
    text: str


@dataclass(frozen=True)
class Played:
    """The loudspeaker's word on an utterance."""

    at: float
    utterance_id: str
    sound: Sound
    played_s: float


@dataclass(frozen=True)
class Heard:
    """What the recogniser made of somebody's words."""

    at: float
    text: str
    confidence: float
    locale: str


@dataclass(frozen=True)
class Floor:
    """Whether the robot's mind has something to say."""

    at: float
    speaking: bool
    person_id: str


@dataclass(frozen=True)
class ReminderMoved:
    """An occurrence of a routine is in a new state (`closed`, `later`, …)."""

    resident_id: str
    routine_id: str
    state: str


@dataclass(frozen=True)
class FactChanged:
    """A fact was stored."""

    at: float
    resident_id: str
    key: str


Event = Captioned | Played | Heard | Floor | ReminderMoved | FactChanged
E = TypeVar("E", bound=Event)
Result = TypeVar("Result")


class Log:
    """All events so far, oldest first."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._changed = threading.Condition()

    def add(self, event: Event) -> None:
        """Append one and wake who waits."""
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def mark(self) -> int:
        """A place in the list, for `since`."""
        with self._changed:
            return len(self._events)

    def since(self, mark: int, kind: type[E]) -> list[E]:
        """The events of one kind after a mark."""
        with self._changed:
            return [event for event in self._events[mark:] if isinstance(event, kind)]

    def wait(self, check: Callable[[], Result | None], within_s: float, again_s: float = 0.25) -> Result | None:
        """What `check` gives as soon as it gives something; None when time is up.

        It is asked at every event, and every `again_s` for what only time brings about.
        """
        deadline = time.monotonic() + within_s
        while True:
            seen = self.mark()
            result = check()
            if result is not None:
                return result
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            with self._changed:
                if len(self._events) == seen:
                    self._changed.wait(min(left, again_s))
