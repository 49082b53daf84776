"""Two games with words: a chain in which each begins with the last letter, and a basket that has to be remembered."""

import random

from behaviours.games.game import Move
from behaviours.games.material import game_sentences, material
from behaviours.understanding.reading import Reading

_MOST_THINGS = 8
_LITTLE = frozenset(
    {"i", "went", "to", "market", "and", "bought", "a", "an", "the", "some", "of", "then", "say", "my", "is", "it"}
    | {"well", "oh", "um", "er", "with", "next", "one", "have", "got", "will"}
)


class Chain:
    """The animal chain: the robot's word must begin with the last letter of the person's, and the other way round."""

    name = "game:chain"
    title = "the animal chain"

    def __init__(self, rng: random.Random) -> None:
        self._says = game_sentences("en")
        self._rng = rng
        self._words = material("en").animals
        self._word = rng.choice([each for each in self._words if each[-1] in "egnrt"])
        self._used = {self._word}

    def begin(self) -> Move:
        """The rule and the first word, or the last one again."""
        return Move(self._one("chain.begin", word=self._word))

    def again(self) -> str:
        """The robot's last word and the letter that is wanted."""
        word = self._word[:1].upper() + self._word[1:]
        return self._one("chain.next", Word=word, word=self._word, letter=self._word[-1].upper())

    def hear(self, reading: Reading) -> Move | None:
        """The person's word, then the robot's."""
        said = [each for each in reading.normalised.split() if each not in _LITTLE]
        fitting = [each for each in said if each[0] == self._word[-1] and each not in self._used]
        if not fitting:
            return Move(self._one("chain.wrong", letter=self._word[-1].upper())) if len(said) <= 3 else None
        theirs = fitting[-1]
        self._used.add(theirs)
        letter = theirs[-1]
        answers = [each for each in self._words if each[0] == letter and each not in self._used]
        if not answers:
            return Move(self._one("chain.over", letter=letter.upper()), over=True)
        self._word = self._rng.choice(answers)
        self._used.add(self._word)
        word = self._word[:1].upper() + self._word[1:]
        return Move(self._one("chain.next", Word=word, word=self._word, letter=self._word[-1].upper()))

    def _one(self, key: str, **values: str) -> str:
        return self._rng.choice(self._says[key]).format(**values)


class Market:
    """The market basket: each says all that was bought and adds one thing."""

    name = "game:market"
    title = "the market basket"

    def __init__(self, rng: random.Random) -> None:
        self._says = game_sentences("en")
        self._rng = rng
        self._stock = rng.sample(material("en").market, len(material("en").market))
        self._basket = [self._stock.pop()]

    def begin(self) -> Move:
        """The rule and the first thing, or all that is in the basket."""
        return Move(self._one("market.begin", thing=_listed(self._basket)))

    def again(self) -> str:
        """All that is in the basket."""
        return self._one("market.next", things=_listed(self._basket))

    def hear(self, reading: Reading) -> Move | None:
        """Kind about what was missed; a new thing is what is left of the person's words."""
        words = set(reading.normalised.split())
        if len(words) < 2 and len(self._basket) > 1:
            return None
        missed = [each for each in self._basket if each.split()[-1] not in words]
        if missed:
            count = str(len(self._basket) - len(missed))
            return Move(self._one("market.missed", thing=missed[0], count=count), over=True)
        known = {word for each in self._basket for word in each.split()}
        new = [each for each in reading.normalised.split() if each not in known and each not in _LITTLE]
        if new:
            self._basket.append(new[-1])
        if len(self._basket) >= _MOST_THINGS or not self._stock:
            return Move(self._one("market.over", count=str(len(self._basket))), over=True)
        self._basket.append(self._stock.pop())
        return Move(self._one("market.next", things=_listed(self._basket)))

    def _one(self, key: str, **values: str) -> str:
        return self._rng.choice(self._says[key]).format(**values)


def _listed(things: list[str]) -> str:
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)
