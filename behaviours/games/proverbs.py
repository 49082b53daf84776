"""The robot says the beginning of a proverb, the person the end."""

import random

from behaviours.conversation import heard
from behaviours.games.game import Move
from behaviours.games.material import game_sentences, material
from behaviours.understanding.reading import Reading
from behaviours.understanding.text import normalise

_ROUNDS = 4
_FEW_WORDS = 3
_FEW_LETTERS = 8
_ALIKE = 0.5  # share of the ending's words that count as knowing it


class Proverbs:
    """One round of proverbs in a language that has some."""

    name = "game:proverbs"

    def __init__(self, language: str, rng: random.Random) -> None:
        self._says = game_sentences(language)
        self._rng = rng
        known = material(language).proverbs
        self._left = rng.sample(known, min(_ROUNDS, len(known)))
        self._unspaced = language in ("ja", "zh")
        self.title = self._says.get("titles", ("",))[0]

    def begin(self) -> Move:
        """The rule and the first beginning, or the open one again."""
        return Move(f"{self._one('proverbs.begin')} {self._ask()}")

    def again(self) -> str:
        """The open beginning."""
        return self._ask()

    def hear(self, reading: Reading) -> Move | None:
        """Right or nearly so, else the ending as the robot knows it; then the next. None: they tell something else."""
        ending = self._left[0][1]
        known = self._is_known(reading.normalised, normalise(ending))
        if not known and not self._is_attempt(reading.normalised, normalise(ending)):
            return None
        del self._left[0]
        verdict = self._one("proverbs.right" if known else "proverbs.wrong", ending=ending)
        if not self._left:
            return Move(f"{verdict} {self._one('proverbs.over')}", over=True)
        return Move(f"{verdict} {self._ask()}")

    def _is_known(self, said: str, ending: str) -> bool:
        if self._unspaced:
            return ending in said.replace(" ", "")
        words = ending.split()
        return sum(word in said.split() for word in words) >= max(1, _ALIKE * len(words))

    def _is_attempt(self, said: str, ending: str) -> bool:
        """Whether it may be meant for the ending: few words, not of earlier days, or some of the ending's."""
        if self._unspaced:
            return len(said) <= _FEW_LETTERS
        return bool(set(said.split()) & set(ending.split())) or (
            len(said.split()) <= _FEW_WORDS and not heard.says(said, "past")
        )

    def _ask(self) -> str:
        beginning = self._left[0][0]
        return self._one("proverbs.ask", Beginning=beginning[:1].upper() + beginning[1:])

    def _one(self, key: str, **values: str) -> str:
        return self._rng.choice(self._says[key]).format(**values)
