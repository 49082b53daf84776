"""The patterns of each language, read from `patterns/*.yaml`, checked and compiled once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

FOLDER = Path(__file__).with_name("patterns")
SafetyName = Literal[
    "emergency", "self_harm", "abuse", "end_of_life", "medical", "pain", "grief", "confusion", "distress", "privacy",
    "boundary", "consent",
]  # fmt: skip
LevelName = Literal["none", "inform", "attend", "emergency"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _PatternText(_Strict):
    id: str
    match: str
    unless: str = ""


class _SafetyText(_Strict):
    class_: SafetyName = Field(alias="class")
    level: LevelName
    patterns: list[_PatternText]


class _FactText(_PatternText):
    key: str
    name: bool = False
    choices: dict[str, str] = Field(default_factory=dict)


class _DurationText(_Strict):
    match: str
    seconds: int = 0
    unit: int = 0


class _LanguageText(_Strict):
    language: str
    spaced: bool = True
    script: str = ""
    function_words: list[str]
    vocabulary: dict[str, str]
    safety: list[_SafetyText]
    intents: dict[str, str]
    answers: dict[str, str]
    numbers: dict[str, int]
    durations: list[_DurationText]
    question: str
    facts: list[_FactText]
    food_words: str = ""
    topic_words: str = ""


@dataclass(frozen=True)
class Pattern:
    """One compiled pattern. It matches unless its exception matches as well."""

    id: str
    match: re.Pattern[str]
    unless: re.Pattern[str] | None

    def find(self, normalised: str) -> re.Match[str] | None:
        """The match in a normalised text, or None."""
        found = self.match.search(normalised)
        if found is None or (self.unless is not None and self.unless.search(normalised)):
            return None
        return found


@dataclass(frozen=True)
class SafetyPattern:
    """A pattern of a safety class, with the level of alarm that it means."""

    name: SafetyName
    level: LevelName
    pattern: Pattern


@dataclass(frozen=True)
class FactPattern:
    """A pattern whose group `value` (or `value2`) is the value of a fact."""

    key: str
    pattern: Pattern
    name: bool
    choices: Mapping[str, str]


@dataclass(frozen=True)
class Language:
    """All patterns of one language, compiled."""

    code: str
    script: re.Pattern[str] | None
    function_words: frozenset[str]
    safety: tuple[SafetyPattern, ...]
    intents: Mapping[str, Pattern]
    answers: Mapping[str, Pattern]
    numbers: Mapping[str, int]
    durations: tuple[tuple[re.Pattern[str], int, int], ...]
    question: re.Pattern[str]
    facts: tuple[FactPattern, ...]


def _compile(text: str, source: _LanguageText) -> re.Pattern[str]:
    for name, words in source.vocabulary.items():
        text = text.replace("{" + name + "}", words)
    text = text.replace("{food}", f"(?:{source.food_words})\\b").replace("{topic}", f"(?:{source.topic_words})\\b")
    return re.compile(f"\\b(?:{text})(?!\\w)" if source.spaced else text)


def _pattern(item: _PatternText, source: _LanguageText) -> Pattern:
    return Pattern(item.id, _compile(item.match, source), _compile(item.unless, source) if item.unless else None)


def load(path: Path) -> Language:
    """One language file. Errors: KithError naming the file and the first mistake."""
    try:
        source = _LanguageText.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        return Language(
            code=source.language,
            script=re.compile(source.script) if source.script else None,
            function_words=frozenset(source.function_words),
            safety=tuple(
                SafetyPattern(group.class_, group.level, _pattern(item, source))
                for group in source.safety
                for item in group.patterns
            ),
            intents={name: Pattern(name, _compile(text, source), None) for name, text in source.intents.items()},
            answers={name: Pattern(name, _compile(text, source), None) for name, text in source.answers.items()},
            numbers=source.numbers,
            durations=tuple((_compile(item.match, source), item.seconds, item.unit) for item in source.durations),
            question=re.compile(source.question),
            facts=tuple(
                FactPattern(item.key, _pattern(item, source), item.name, item.choices) for item in source.facts
            ),
        )
    except ValidationError as problem:
        raise KithError(f"{path.name}: {first_problem(problem)}") from None
    except (re.error, yaml.YAMLError) as problem:
        raise KithError(f"{path.name}: {str(problem).splitlines()[0]}") from None


@cache
def languages() -> Mapping[str, Language]:
    """Every language there is a file for, by code; English first, the others by name."""
    paths = sorted(FOLDER.glob("*.yaml"), key=lambda path: (path.stem != "en", path.stem))
    return {language.code: language for language in map(load, paths)}
