"""The person thinks of an animal; the robot asks yes-or-no questions, each the one that halves what is left."""

import random

from behaviours.games.game import Move
from behaviours.games.material import game_sentences, material
from behaviours.understanding.reading import Reading

_MOST_GUESSES = 3


class Guessing:
    """One round of guessing."""

    name = "game:guessing"
    title = "guessing animals"

    def __init__(self, rng: random.Random) -> None:
        found = material("en").guess
        assert found is not None  # a test reads the material
        self._says = game_sentences("en")
        self._rng = rng
        self._questions = found.questions
        self._left = dict(found.things)
        self._asked: set[int] = set()
        self._open: int | None = None
        self._guess = ""
        self._guesses = 0
        self._lost = False
        self._asked_last = ""

    def begin(self) -> Move:
        """The rule and the first question, or the open one again."""
        return Move(f"{self._one('guess.begin')} {self.again()}")

    def again(self) -> str:
        """The open question or guess."""
        self._asked_last = self._asked_last or self._next()
        return self._asked_last

    def hear(self, reading: Reading) -> Move | None:
        """A yes or a no; anything else is no move, but for the name of the animal after the robot lost."""
        if self._lost:
            return Move(self._one("guess.after"), over=True)
        yes, no = reading.has("yes"), reading.has("no")
        if yes == no:
            return None
        if self._guess:
            if yes:
                return Move(self._one("guess.won"), over=True)
            self._left.pop(self._guess, None)
            self._guess = ""
        elif self._open is not None:
            wanted = "1" if yes else "0"
            self._left = {name: answers for name, answers in self._left.items() if answers[self._open] == wanted}
        if not self._left or self._guesses >= _MOST_GUESSES:
            self._lost = True
            return Move(self._one("guess.lost"))
        self._asked_last = self._next()
        return Move(self._asked_last)

    def _next(self) -> str:
        splits = {
            number: abs(2 * sum(answers[number] == "1" for answers in self._left.values()) - len(self._left))
            for number in range(len(self._questions))
            if number not in self._asked
        }
        best = min(splits, key=lambda number: splits[number], default=None)
        if best is None or splits[best] == len(self._left):
            self._guess = self._rng.choice(sorted(self._left))
            self._guesses += 1
            article = "an" if self._guess[0] in "aeiou" else "a"
            return self._one("guess.try", thing=self._guess).replace(" a ", f" {article} ")
        self._asked.add(best)
        self._open = best
        return self._one("guess.ask", question=self._questions[best])

    def _one(self, key: str, **values: str) -> str:
        return self._rng.choice(self._says[key]).format(**values)
