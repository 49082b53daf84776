"""Spotting the words that must always get through: stop, and calls for help."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from nodes.asr.recogniser import Heard

_PHRASES = Path(__file__).with_name("urgent.yaml")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# How sure the engine must be of each word, while the robot's own voice may be in the sound.
LEAST_CONFIDENCE = {"stop": 0.25, "help": 0.1}
_UNSPACED = frozenset({"ja", "ko", "zh"})  # recognisers write their words apart as they like
_LETTERS = 3  # and shorter phrases must stand alone there


@dataclass(frozen=True)
class Urgent:
    """`kind` is stop or help; `words` as they are listed."""

    kind: str
    words: tuple[str, ...]


def words_of(text: str) -> list[str]:
    """The words of a text, small letters, straight apostrophes."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


_more: dict[str, dict[str, tuple[str, ...]]] = {}


def learn(language: str, kind: str, texts: Iterable[str]) -> None:
    """Take in phrases of a language beside those listed here; `kind` is stop or help."""
    known = _more.setdefault(language, {})
    known[kind] = tuple(dict.fromkeys((*known.get(kind, ()), *texts)))
    phrases.cache_clear()


@cache
def phrases(language: str) -> tuple[Urgent, ...]:
    """All urgent phrases of a language, the longest first; none for a language that has no list."""
    listed: dict[str, list[str]] = yaml.safe_load(_PHRASES.read_text(encoding="utf-8")).get(language, {})
    for kind, texts in _more.get(language, {}).items():
        listed[kind] = [*listed.get(kind, []), *texts]
    found = [Urgent(kind, tuple(words_of(phrase))) for kind, texts in listed.items() for phrase in texts]
    return tuple(sorted(found, key=lambda urgent: -len(urgent.words)))


def spot(heard: Heard, language: str, own_words: frozenset[str] = frozenset()) -> list[Urgent]:
    """The urgent phrases in what was heard, each kind once, in the order of `phrases`.

    `own_words`: what the robot itself is saying: a phrase made only of those is its own. Words of which the engine is
    unsure do not count.
    """
    said = words_of(heard.text)
    sure = {words_of(word.word)[0]: word.confidence for word in heard.words if words_of(word.word)}
    found: dict[str, Urgent] = {}
    for urgent in phrases(language):
        length = len(urgent.words)
        there = any(tuple(said[start : start + length]) == urgent.words for start in range(len(said) - length + 1))
        if language in _UNSPACED:
            letters, wanted = "".join(said), "".join(urgent.words)
            there = letters == wanted or (len(wanted) >= _LETTERS and wanted in letters)
        if not there or urgent.kind in found or own_words.issuperset(urgent.words):
            continue
        if min((sure.get(word, 1.0) for word in urgent.words), default=1.0) >= LEAST_CONFIDENCE[urgent.kind]:
            found[urgent.kind] = urgent
    return list(found.values())
