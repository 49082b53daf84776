"""Which game or piece is asked for, and what there is in a language."""

import random
import re
from collections.abc import Callable

from behaviours.games.exercise import Exercises
from behaviours.games.game import Game
from behaviours.games.guessing import Guessing
from behaviours.games.material import material
from behaviours.games.proverbs import Proverbs
from behaviours.games.words import Chain, Market

_ENGLISH: dict[str, Callable[[random.Random], Game]] = {
    "game:guessing": Guessing,
    "game:chain": Chain,
    "game:market": Market,
    "game:exercise": Exercises,
}
_ASKED = (
    (
        "game:proverbs",
        re.compile(
            r"\bproverbs?\b|\bsayings?\b|przyslow|proverbi|prover(?:b|v)io|ことわざ|속담|谚语|कहावत|کہاوت|ਅਖਾਣ|"
            r"salawikain|dihareb"
        ),
    ),
    ("game:guessing", re.compile(r"twenty questions|guess(?:ing)?(?: game| an animal)?|20 questions")),
    ("game:chain", re.compile(r"word chain|chain|word game")),
    ("game:market", re.compile(r"memory game|market|remember(?:ing)? game")),
    ("game:exercise", re.compile(r"\bexercis\w+|\bgymnastics\b|\bstretch\w*|move a (?:bit|little)|keep fit")),
    ("joke", re.compile(r"\bjokes?\b|something funny|make me laugh|\briddle\b")),
    ("poem", re.compile(r"\bpoems?\b|poetry|\bverse\b|recite")),
    ("song", re.compile(r"\bsongs?\b|\bsing\b|\btune\b|\blyrics\b")),
    ("game", re.compile(r"\bgames?\b|play (?:something|with me|a game)|lets play")),
)  # fmt: skip
_OFFERED = ("game:proverbs", "game:guessing", "game:chain", "game:market")


def asked_for(normalised: str) -> str:
    """What entertainment the words ask for: `game:…`, joke, poem, song, game (any); "" for none."""
    return next((what for what, pattern in _ASKED if pattern.search(normalised)), "")


def make(name: str, language: str, rng: random.Random) -> Game | None:
    """A game by name, if there is one in the language."""
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
