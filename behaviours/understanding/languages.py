"""The patterns of each language, read from `patterns/*.yaml`, each compiled when it is first needed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from behaviours.understanding.text import MARKS, fold_script
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

FOLDER = Path(__file__).with_name("patterns")
_LATIN = re.compile("[a-z]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there
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
    letters: str = ""
    not_with: str = ""
    function_words: list[str]
    language_names: dict[str, str] = Field(default_factory=dict)
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
    """One pattern, compiled when first needed. It matches unless its exception matches as well."""

    id: str
    match_text: str
    unless_text: str = ""

    @cached_property
    def match(self) -> re.Pattern[str]:
        """What the pattern looks for."""
        return re.compile(self.match_text)

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        """Its exception."""
        return re.compile(self.unless_text) if self.unless_text else None

    def find(self, normalised: str) -> re.Match[str] | None:
        """The match in a normalised text, or None."""
        found = self.match.search(normalised)
        if found is None or (self.unless is not None and self.unless.search(normalised)):
            return None
        return found


@dataclass(frozen=True)
class SafetyPattern:
    """A pattern of a safety class, with the level of alarm that it means. `native`: in the language's own script."""

    name: SafetyName
    level: LevelName
    pattern: Pattern
    native: bool


@dataclass(frozen=True)
class FactPattern:
    """A pattern whose group `value` (or `value2`) is the value of a fact."""

    key: str
    pattern: Pattern
    name: bool
    choices: Mapping[str, str]


@dataclass(frozen=True)
class Language:
    """All patterns of one language.

    `script` are characters that only this language is written in here, `letters` all of its own script (None: Latin),
    `not_with` characters that show another language. Without `spaced` the words stand without spaces.
    """

    code: str
    spaced: bool
    script: re.Pattern[str] | None
    letters: re.Pattern[str] | None
    not_with: re.Pattern[str] | None
    function_words: frozenset[str]
    language_names: Mapping[str, str]
    safety: tuple[SafetyPattern, ...]
    intents: Mapping[str, Pattern]
    answers: Mapping[str, Pattern]
    numbers: Mapping[str, int]
    durations: tuple[tuple[Pattern, int, int], ...]
    question: Pattern
    facts: tuple[FactPattern, ...]

    def forms(self, texts: Iterable[str]) -> list[str]:
        """Normalised texts as the patterns expect them, each once."""
        if not self.spaced:
            texts = (text.replace(" ", "") for text in texts)
        return list(dict.fromkeys(texts))

    def safety_for(self, text: str) -> Iterable[SafetyPattern]:
        """The safety patterns that words in these letters can match at all, in their order."""
        if self.not_with is not None and self.not_with.search(text):
            return ()
        if self.letters is None:
            return self.safety if _LATIN.search(text) else ()
        native, latin = self.letters.search(text) is not None, _LATIN.search(text) is not None
        return (each for each in self.safety if (native if each.native else latin))

    def everything(self) -> Iterable[Pattern]:
        """Every pattern there is, for a check of all."""
        yield from (each.pattern for each in self.safety)
        yield from (*self.intents.values(), *self.answers.values(), self.question)
        yield from (pattern for pattern, _, _ in self.durations)
        yield from (each.pattern for each in self.facts)


class _Composer:
    """Makes whole patterns of one language from what its file says."""

    def __init__(self, source: _LanguageText) -> None:
        self._source = source
        self.letters = re.compile(source.letters or source.script) if source.letters or source.script else None

    def native(self, text: str) -> bool:
        """Whether a pattern is in the language's own script."""
        return self.letters is not None and self.letters.search(text) is not None

    def text(self, text: str) -> str:
        source = self._source
        for name, words in source.vocabulary.items():
            text = text.replace("{" + name + "}", words)
        text = text.replace("{languages}", "|".join(source.language_names))
        text = text.replace("{food}", f"(?:{source.food_words})\\b").replace("{topic}", f"(?:{source.topic_words})\\b")
        if not source.spaced:
            return text
        if not self.native(text):
            return f"\\b(?:{text})(?!\\w)"
        word = f"\\w{MARKS}"
        text = fold_script(text).replace("[\\w ]", "\0").replace("\\w", f"[{word}]").replace("\0", f"[{word} ]")
        return f"(?<![{word}])(?:{text})(?![{word}])"

    def pattern(self, item: _PatternText) -> Pattern:
        return Pattern(item.id, self.text(item.match), self.text(item.unless) if item.unless else "")


def load(path: Path) -> Language:
    """One language file. Errors: KithError naming the file and the first mistake."""
    try:
        source = _LanguageText.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER))  # noqa: S506
    except ValidationError as problem:
        raise KithError(f"{path.name}: {first_problem(problem)}") from None
    except yaml.YAMLError as problem:
        raise KithError(f"{path.name}: {str(problem).splitlines()[0]}") from None
    composer = _Composer(source)
    return Language(
        code=source.language,
        spaced=source.spaced,
        script=re.compile(source.script) if source.script else None,
        letters=composer.letters,
        not_with=re.compile(source.not_with) if source.not_with else None,
        function_words=frozenset(map(fold_script, source.function_words)),
        language_names={fold_script(name): locale for name, locale in source.language_names.items()},
        safety=tuple(
            SafetyPattern(group.class_, group.level, composer.pattern(item), composer.native(item.match))
            for group in source.safety
            for item in group.patterns
        ),
        intents={name: Pattern(name, composer.text(text)) for name, text in source.intents.items()},
        answers={name: Pattern(name, composer.text(text)) for name, text in source.answers.items()},
        numbers={fold_script(name): number for name, number in source.numbers.items()},
        durations=tuple((Pattern("", composer.text(item.match)), item.seconds, item.unit) for item in source.durations),
        question=Pattern("question", fold_script(source.question)),
        facts=tuple(FactPattern(item.key, composer.pattern(item), item.name, item.choices) for item in source.facts),
    )


def check(language: Language, name: str) -> None:
    """Compile every pattern. Errors: KithError naming the file and the pattern that is no regular expression."""
    for pattern in language.everything():
        try:
            assert pattern.match is not None
            _ = pattern.unless
        except re.error as problem:
            raise KithError(f"{name}: {pattern.id}: {str(problem).splitlines()[0]}") from None


@cache
def languages() -> Mapping[str, Language]:
    """Every language there is a file for, by code; English first, the others by name."""
    paths = sorted(FOLDER.glob("*.yaml"), key=lambda path: (path.stem != "en", path.stem))
    return {language.code: language for language in map(load, paths)}
