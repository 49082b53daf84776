"""Seated exercises by voice: one step at a time, and over at the first sign of tiredness or pain."""

import random
import re

from behaviours.games.game import Move
from behaviours.games.material import Exercise, game_sentences, material
from behaviours.understanding.reading import Reading

_EXERCISES = 3
_WORD_ALONE = 24  # letters: what is longer is talk
_ENOUGH = re.compile(
    r"\b(?:tired|weary|enough|stop|dizzy|breath|breathless|hurts?|sore|aches?|pain|cant|cannot|too (?:much|fast|hard)|"
    r"stiff|exhausted|rest|faint|no more|finished|done)\b"
)


class Exercises:
    """A few seated exercises. Nothing is counted and nobody is urged on (care rules 6, 20)."""

    name = "game:exercise"

    def __init__(self, language: str, rng: random.Random) -> None:
        """In a language whose material has exercises."""
        self._says = game_sentences(language)
        self.title = self._says["exercise.title"][0]
        self._rng = rng
        known = material(language).exercises
        chosen: list[Exercise] = rng.sample(known, min(_EXERCISES, len(known)))
        self._steps = [step for each in chosen for step in each.steps]
        self._at = 0

    def begin(self) -> Move:
        """The first step, or the one that was left."""
        return Move(self._one("exercise.begin", step=self._steps[self._at]))

    def again(self) -> str:
        """The open step."""
        return self._steps[self._at]

    def hear(self, reading: Reading) -> Move | None:
        """The next step, unless the words say that it is enough."""
        if self.is_enough(reading):
            return Move(self._one("exercise.stop"), over=True)
        if len(reading.normalised) > (_WORD_ALONE if reading.normalised.isascii() else _WORD_ALONE // 2):
            return None  # that is talk, not "done" or "next"
        self._at += 1
        if self._at >= len(self._steps):
            return Move(self._one("exercise.over"), over=True)
        return Move(self._one("exercise.next", step=self._steps[self._at]))

    @staticmethod
    def is_enough(reading: Reading) -> bool:
        """Whether the words show that the person wants to stop, or should."""
        return _ENOUGH.search(reading.normalised) is not None or reading.has("no")

    def _one(self, key: str, **values: str) -> str:
        return self._rng.choice(self._says[key]).format(**values)
