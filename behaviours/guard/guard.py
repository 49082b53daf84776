"""The guard: one sentence in, spoken or not, and why. It knows what the person said and what their profile holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from behaviours.understanding.text import normalise
from culture_profiles.culture.approach import says_avoided
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

FOLDER = Path(__file__).parent
_LONGEST = 30  # words: what is longer is not for a loudspeaker
_NUMBER = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHORTEST_STEM = 4


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    never: str


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    rules: list[_Rule]
    about_you: str
    question: str
    small_words: list[str]


@dataclass(frozen=True)
class Rules:
    """What is never said in one language."""

    language: str
    never: tuple[tuple[str, re.Pattern[str]], ...]
    about_you: re.Pattern[str]
    question: re.Pattern[str]
    small_words: frozenset[str]


@dataclass(frozen=True)
class Known:
    """What may be spoken of: what the person just said, facts of theirs that may be used, and topic knowledge.

    `others`: names of the other residents; `avoid`: words this person does not want to hear.
    """

    said: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence may be spoken; `why` names the rule that forbids it."""

    allowed: bool
    why: str = field(default="")


@cache
def rules(language: str) -> Rules | None:
    """The rules of a language; None where there are none, and then nothing made up is spoken. Errors: KithError."""
    path = FOLDER / f"{language}.yaml"
    if not path.is_file():
        return None
    try:
        source = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        return Rules(
            source.language,
            tuple((each.id, re.compile(each.never)) for each in source.rules),
            re.compile(source.about_you),
            re.compile(source.question),
            frozenset(source.small_words),
        )
    except ValidationError as problem:
        raise KithError(f"guard/{path.name}: {first_problem(problem)}") from None
    except (yaml.YAMLError, re.error) as problem:
        raise KithError(f"guard/{path.name}: {str(problem).splitlines()[0]}") from None


def check(sentence: str, known: Known, language: str = "en") -> Verdict:
    """Whether this sentence may be said to this person now."""
    found = rules(language)
    text = normalise(sentence)
    words = text.split()
    if found is None:
        return Verdict(False, f"no rules for {language}")
    if not words or len(words) > _LONGEST or not sentence.isprintable():
        return Verdict(False, "not a sentence to be spoken")
    for name, never in found.never:
        if never.search(text) or never.search(sentence):
            return Verdict(False, name)
    if _mentions(words, known.others):
        return Verdict(False, "another resident")
    if says_avoided(sentence, known.avoid):
        return Verdict(False, "not to be brought up")
    allowed = _stems((*known.said, *known.facts, *known.knowledge))
    if _NUMBER.search(sentence) and not set(re.findall(r"\d+", sentence)) <= allowed:
        return Verdict(False, "a number from nowhere")
    if strange := _strange_names(sentence, allowed, found):
        return Verdict(False, f"a name from nowhere ({len(strange)})")
    if found.about_you.search(text) and not (found.question.search(text) and sentence.rstrip().endswith("?")):
        own = _stems((*known.said, *known.facts))
        told = [word for word in words if word not in found.small_words and _stem(word) not in own]
        if told:
            return Verdict(False, "told of the person without having heard it")
    return Verdict(True)


def _mentions(words: list[str], names: Iterable[str]) -> bool:
    wanted = {word for name in names for word in normalise(name).split()}
    return any(word in wanted or word.removesuffix("s") in wanted for word in words)


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "ers", "ies", "ed", "er", "es", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM - 1:
            return word.removesuffix(ending)
    return word


def _stems(texts: Iterable[str]) -> frozenset[str]:
    words = [word for text in texts for word in normalise(text).split()]
    return frozenset(words) | frozenset(map(_stem, words))


def _strange_names(sentence: str, allowed: frozenset[str], found: Rules) -> list[str]:
    """Words with a capital inside a sentence that nobody has said before."""
    words = _WORD.findall(sentence)[1:]
    names = [word for word in words if word[0].isupper() and normalise(word) not in ("i", "im", "ive", "id", "ill")]
    return [
        word for word in names if _stem(normalise(word)) not in allowed and normalise(word) not in found.small_words
    ]
