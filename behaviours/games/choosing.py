"""Which game or piece is asked for, and what there is in a language."""

import random
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from behaviours.games.exercise import Exercises
from behaviours.games.game import Game
from behaviours.games.guessing import Guessing
from behaviours.games.material import material
from behaviours.games.proverbs import Proverbs
from behaviours.games.words import Chain, Market
from behaviours.understanding.text import fold_script
from culture_profiles.culture.document import read_document
from culture_profiles.errors import KithError

_FILE = Path(__file__).with_name("asked.yaml")
_ENGLISH: dict[str, Callable[[random.Random], Game]] = {
    "game:guessing": Guessing,
    "game:chain": Chain,
    "game:market": Market,
}
INTENTS = ("joke", "poem", "song", "exercise", "read_aloud", "music", "game")
"""Intents that ask for entertainment, the narrower before the wider."""
_OFFERED = ("game:proverbs", "game:guessing", "game:chain", "game:market")


def asked_for(normalised: str) -> str:
    """What entertainment the words ask for: `game:…`, joke, poem, song, game (any); "" for none."""
    return next((what for what, pattern in _asked().items() if pattern.search(normalised)), "")


def make(name: str, language: str, rng: random.Random) -> Game | None:
    """A game by name, if there is one in the language."""
    if name == "game:exercise":
        return Exercises(language, rng) if material(language).exercises else None
    if name == "game:proverbs":
        return Proverbs(language, rng) if material(language).proverbs else None
    if language == "en" and name in _ENGLISH:
        return _ENGLISH[name](rng)
    return None


def offered(language: str) -> tuple[str, ...]:
    """The games that may be offered in a language. Exercises only when somebody asks for them."""
    if language == "en":
        return _OFFERED
    return ("game:proverbs",) if material(language).proverbs else ()


@cache
def _asked(path: Path = _FILE) -> Mapping[str, re.Pattern[str]]:
    """By what is asked for. Errors: KithError with file, line and field."""
    document = read_document(path)
    found = {}
    for what, lines in document.content.items():
        try:
            found[what] = re.compile("|".join(fold_script(line) for line in lines))
        except (re.error, TypeError):
            line = document.line((what,))
            raise KithError(f"{path.name}, line {line}: {what}: must be a list of regular expressions") from None
    return found
