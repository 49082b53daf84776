"""What is to be said, one after the other: the more urgent first, and what is less urgent gives way."""

from collections import deque
from dataclasses import dataclass, field, replace

from behaviours.acts import Speak
from behaviours.floor import Priority

_STALE_S = 15.0  # an answer that late answers nothing any more


@dataclass
class Utterance:
    """One sentence on its way. `tries`: how often it was handed to the voice."""

    speak: Speak
    asked_at: float
    tries: int = 0


@dataclass
class Utterances:
    """The queue. Times are steady seconds."""

    current: Utterance | None = None
    _waiting: deque[Utterance] = field(default_factory=deque)

    def add(self, speak: Speak, now_s: float) -> bool:
        """Queue a sentence. True: what sounds now must be silenced for it."""
        later = [each for each in self._waiting if each.speak.priority < speak.priority]
        sooner = [each for each in self._waiting if each.speak.priority >= speak.priority]
        self._waiting = deque([*sooner, Utterance(speak, now_s), *later])
        current = self.current
        return current is not None and speak.priority >= Priority.EMERGENCY and current.speak.priority < speak.priority

    def hush(self, priority: Priority) -> tuple[bool, list[Speak]]:
        """Drop what is less urgent: (whether what sounds now is among it, what was dropped unsaid)."""
        dropped = [each.speak for each in self._waiting if each.speak.priority < priority]
        self._waiting = deque(each for each in self._waiting if each.speak.priority >= priority)
        return self.current is not None and self.current.speak.priority < priority, dropped

    def next(self) -> Utterance | None:
        """Begin the next one; None while one is under way or nothing waits."""
        if self.current is not None or not self._waiting:
            return None
        self.current = self._waiting.popleft()
        self.current.tries += 1
        return self.current

    def end(self) -> Utterance | None:
        """What was under way is over."""
        ended, self.current = self.current, None
        return ended

    def again(self) -> None:
        """What was under way did not sound: it is the next one again."""
        if self.current is not None:
            # Another object: what the voice still tells of the first try is not about this one.
            self._waiting.appendleft(replace(self.current))
            self.current = None

    def drop(self, utterance_id: str) -> None:
        """Take one out that has not begun."""
        self._waiting = deque(each for each in self._waiting if each.speak.id != utterance_id)

    def stale(self, now_s: float) -> list[Speak]:
        """Take out what has waited too long to make sense; calls for people never go stale."""
        old = [
            each
            for each in self._waiting
            if now_s - each.asked_at > _STALE_S and each.speak.priority < Priority.EMERGENCY
        ]
        self._waiting = deque(each for each in self._waiting if each not in old)
        return [each.speak for each in old]

    @property
    def empty(self) -> bool:
        """Whether nothing is being said or waits to be."""
        return self.current is None and not self._waiting
