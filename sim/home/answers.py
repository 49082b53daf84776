"""How simulated residents take a reminder: they agree, ask, put it off, decline, have had it, sleep, or answer late."""

import random
from dataclasses import dataclass
from enum import StrEnum


class Mood(StrEnum):
    """What a resident makes of one prompt."""

    AGREES = "agrees"
    LATER = "later"
    DECLINES = "declines"
    HAS_HAD_IT = "has_had_it"
    ASKS = "asks"
    IGNORES = "ignores"
    ANSWERS_LATE = "answers_late"


@dataclass(frozen=True)
class Reaction:
    """What the resident says, one line after each thing the robot says, and how many seconds after it."""

    mood: Mood
    lines: tuple[str, ...] = ()
    after_s: int = 2


_LINES = {
    Mood.AGREES: ("Yes, I'm coming.", "Yes, all right.", "Oh good, yes.", "Yes please.", "Thank you, I'll come."),
    Mood.LATER: ("Later, please.", "In ten minutes.", "Not now, dear.", "Ask me again later."),
    Mood.DECLINES: ("No, thank you.", "I'd rather not.", "No, I don't want to."),
    Mood.HAS_HAD_IT: ("The nurse already came.", "I had it with breakfast.", "I've done that already."),
    Mood.ASKS: ("What is it about?", "Pardon?", "What was that?"),
}
_WEIGHTS = {
    Mood.AGREES: 62,
    Mood.LATER: 8,
    Mood.DECLINES: 8,
    Mood.HAS_HAD_IT: 6,
    Mood.ASKS: 6,
    Mood.IGNORES: 7,
    Mood.ANSWERS_LATE: 3,
}
_TOO_LATE_S = 35  # the robot listens for 20


class Answers:
    """One resident's habits, from the seed: some sleep more, some decline more."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._weights = {mood: weight * rng.uniform(0.5, 1.5) for mood, weight in _WEIGHTS.items()}

    def react(self) -> Reaction:
        """To a prompt that has sounded."""
        (mood,) = self._rng.choices(list(self._weights), list(self._weights.values()))
        after = self._rng.randint(1, 6)
        if mood is Mood.IGNORES:
            return Reaction(mood)
        if mood is Mood.ASKS:
            return Reaction(mood, (self._rng.choice(_LINES[mood]), self._rng.choice(_LINES[Mood.AGREES])), after)
        if mood is Mood.ANSWERS_LATE:
            return Reaction(mood, (self._rng.choice(_LINES[Mood.AGREES]),), _TOO_LATE_S)
        return Reaction(mood, (self._rng.choice(_LINES[mood]),), after)
