"""Which signs together are an emergency, despair or a refusal: the same rules for every language, from `rules.yaml`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from behaviours.understanding.languages import LevelName, SafetyName
from behaviours.understanding.reading import Safety
from behaviours.understanding.signs.lexicon import HARMLESS, Lexicon, Span, load_all
from behaviours.understanding.text import normalise, sentences
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

FOLDER = Path(__file__).parent
_APOSTROPHE = re.compile("['’‘`´ʼ]")
_NOUN_IS = re.compile(
    r"(?<=\w\w\w)(?<!\b[st]he)(?<!\bthat)(?<!\bhere)(?<!\bthere)(?<!\bwhat)(?<!\bwhere)(?<!\blet)(?<!\bwho)(?<!else)['’‘`´ʼ]s\b",
    re.IGNORECASE,
)
"""Edna's on the floor: "is" after a name or a thing. With he, it and the like it is one word for everybody."""
_STEP = re.compile(r"([+>])(\d*)")
_MOSTLY = 0.33
_SHORTEST_PROOF = 3
_AFTERTHOUGHT = 6  # words of "years ago, that was"
_NEAR = 3  # words between two signs that belong together


class _RuleText(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    class_: SafetyName = Field(alias="class")
    level: LevelName
    when: list[str]
    unless: list[str] = Field(default_factory=list)
    unless_anywhere: list[str] = Field(default_factory=list)
    """Signs that speak against it in any sentence of what was said: "come quickly, the film is starting"."""
    alone: bool = False
    """Only where nothing else is said, apart from the signs in `beside`."""


class _RulesText(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    told: list[str]
    """Signs that something is told rather than happening; a sign in `happening` outweighs them."""
    told_of_despair: list[str] = Field(default_factory=list)
    """The same for self-harm: what was done last night is despair still."""
    happening: list[str]
    beside: list[str]
    rules: list[_RuleText]


@dataclass(frozen=True)
class Combination:
    """Signs that mean something together: `slots` of alternatives, how far apart, and whether in this order."""

    slots: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]
    ordered: tuple[bool, ...]

    def may_stand_in(self, signs: frozenset[str]) -> bool:
        """Whether every slot has one of these signs: the quick look before the exact one."""
        return all(slot & signs for slot in self.slots)

    def find(self, spans: Sequence[Span], wide: bool) -> tuple[Span, ...] | None:
        """The first place where they stand together. `wide`: the units are characters."""
        return next(self._continue((), spans, wide), None)

    def _continue(self, found: tuple[Span, ...], spans: Sequence[Span], wide: bool) -> Iterator[tuple[Span, ...]]:
        place = len(found)
        if place == len(self.slots):
            if place == 1 or any(each.exact for each in found):
                yield found
            return
        for span in spans:
            if span.sign in self.slots[place] and (place == 0 or self._near(found, span, place - 1, wide)):
                yield from self._continue((*found, span), spans, wide)

    def _near(self, found: tuple[Span, ...], span: Span, step: int, wide: bool) -> bool:
        if any(span.start < each.end and each.start < span.end for each in found):
            return False
        last = found[-1]
        if self.ordered[step] and span.start < last.end:
            return False
        apart = min(max(span.start - each.end, each.start - span.end) for each in found)
        gap = self.gaps[step]
        return apart <= (2 + 2 * gap if wide else gap)


@dataclass(frozen=True)
class Rule:
    """One meaning: any of its combinations, unless a sign speaks against it."""

    id: str
    name: SafetyName
    level: LevelName
    when: tuple[Combination, ...]
    unless: tuple[Combination, ...]
    unless_anywhere: frozenset[str]
    alone: bool


class Signs:
    """Reads calls for help, despair and refusals from the signs of every language."""

    def __init__(self, source: _RulesText, folder: Path) -> None:
        self._told, self._happening = frozenset(source.told), frozenset(source.happening)
        self._told_of_despair = frozenset(source.told_of_despair)
        self._beside = frozenset(source.beside)
        self._rules = tuple(map(_rule, source.rules))
        self._by_class: dict[str, tuple[Rule, ...]] = {}
        for each in self._rules:
            self._by_class[each.name] = (*self._by_class.get(each.name, ()), each)
        self._maskable = {
            sign
            for rule in self._rules
            if rule.level == "emergency" or rule.name == "consent"
            for each in rule.when
            for slot in each.slots
            for sign in slot
        }
        used = {sign for rule in self._rules for each in rule.when for slot in each.slots for sign in slot}
        used |= {sign for rule in self._rules for each in rule.unless for slot in each.slots for sign in slot}
        used |= (
            {sign for rule in self._rules for sign in rule.unless_anywhere}
            | self._told
            | self._happening
            | self._beside
        )
        self._lexicons = load_all(folder, used | {HARMLESS})
        self._unseparated = {each.language for made in self._lexicons.values() for each in made if not each.spaced}

    @property
    def languages(self) -> frozenset[str]:
        """The languages that have words for the signs."""
        return frozenset(self._lexicons)

    def read(self, text: str, language: str, looks_like: str = "") -> "Heard":
        """The signs in an utterance, in every language.

        `language`: the one of the talk; `looks_like`: the one that the little words are of. In another language of the
        same letters a few words prove nothing; most of the utterance must be signs.
        """
        text = _NOUN_IS.sub(" is", text)
        whole = normalise(text)
        together = list(dict.fromkeys([whole, *sentences(text)]))
        spread = _APOSTROPHE.sub(" ", text)
        apart = list(dict.fromkeys([normalise(spread), *sentences(spread)])) if spread != text else together
        order = sorted(self._lexicons, key=lambda code: (code != language, code != "en", code))
        lexicons = [
            each
            for code in order
            for each in self._lexicons[code]
            if each.may_be(whole, proven=code == language or language not in self._unseparated)
        ]
        # What is harmless in the language that is spoken is no loan word of another: "a stroke of luck".
        masks: dict[str, list[Span]] = {part: [] for part in (*together, *apart)}
        parts_of = {apart[0]: apart[1:], whole: together[1:]}
        found = []
        for lexicon in lexicons:
            native = lexicon.language == language
            masking = lexicon.spaced and (native or lexicon.language == "en")
            before: _Part | None = None
            for part in masks if masking and spread != text else apart if lexicon.elided else together:
                units = lexicon.units(part)
                spans = lexicon.find(units, misspelt=native)
                harmless = [each for each in spans if each.sign == HARMLESS]
                if masking:
                    masks[part] += harmless
                    for each in parts_of.get(part, ()):
                        masks[each] += _reaching_into(each, part, harmless)
                masked = masks[part] if lexicon.spaced else harmless
                if lexicon.spaced and not masking:
                    masked = [*masked, *harmless]
                if part not in (apart if lexicon.elided else together):
                    continue
                spans = [each for each in spans if each.sign not in self._maskable or not _inside(each, masked)]
                known = native or lexicon.language in ("en", looks_like) or not lexicon.spaced
                if spans and (known or _share(spans, units) >= _MOSTLY):
                    made = _Part(lexicon, units, spans)
                    if part != whole and before is not None and self._only_told(made):
                        before.told_after = True
                    found.append(made)
                    before = made if part != whole else None
                else:
                    before = None
        return Heard(self, found)

    def _only_told(self, part: "_Part") -> bool:
        """Whether a few words only say when it was: "my brother fell in the canal, 1947 that was"."""
        short = len(part.units) <= (_AFTERTHOUGHT if part.lexicon.spaced else 2 * _AFTERTHOUGHT)
        return short and bool(self._told & part.signs) and not self._happening & part.signs

    def rules_of(self, names: Iterable[str]) -> Iterator[Rule]:
        """The rules of these classes, in their order."""
        wanted = frozenset(names)
        return (each for each in self._rules if each.name in wanted)

    def applies(self, rule: Rule, part: "_Part") -> tuple[Span, ...] | None:
        """The signs that a rule applies to in a part of what was said, or None."""
        wide = not part.lexicon.spaced
        if any(each.may_stand_in(part.signs) and each.find(part.spans, wide) for each in rule.unless):
            return None
        told = self._told_of_despair if rule.name == "self_harm" else self._told
        in_the_past = told & part.signs or (part.told_after and rule.name == "emergency")
        if rule.level == "emergency" and in_the_past and not self._happening & part.signs:
            return None
        for each in rule.when:
            found = each.find(part.spans, wide) if each.may_stand_in(part.signs) else None
            if found is not None and (not rule.alone or self._is_all(found, part)):
                return found
        return None

    def _is_all(self, found: tuple[Span, ...], part: "_Part") -> bool:
        said = {place for each in found for place in range(each.start, each.end)}
        said |= {place for each in part.spans if each.sign in self._beside for place in range(each.start, each.end)}
        wanted = set().union(*(slot for rule in self._rules if rule.alone for each in rule.when for slot in each.slots))
        said |= {place for each in part.spans if each.sign in wanted for place in range(each.start, each.end)}
        return len(said) == len(part.units)


class _Part:
    """A sentence, or all of an utterance, with the signs that one language sees in it."""

    def __init__(self, lexicon: Lexicon, units: list[str], spans: list[Span]) -> None:
        self.lexicon = lexicon
        self.units = units
        self.spans = spans
        self.signs = frozenset(each.sign for each in spans)
        self.told_after = False


@dataclass(frozen=True)
class Heard:
    """The signs of one utterance."""

    signs: Signs
    parts: Sequence[_Part]

    def safety(self, *names: str) -> Safety:
        """The first rule of these classes that applies, with the words that say so; harmless where none does."""
        anywhere = frozenset().union(*(part.signs for part in self.parts))
        for rule in self.signs.rules_of(names):
            if rule.unless_anywhere & anywhere:
                continue
            for part in self.parts:
                found = self.signs.applies(rule, part)
                if found is not None:
                    between = " " if part.lexicon.spaced else ""
                    said = [f"{each.sign} '{between.join(part.units[each.start : each.end])}'" for each in found]
                    return Safety(rule.name, rule.level, f"{rule.id} ({part.lexicon.language}): {' + '.join(said)}")
        return Safety()


def _share(spans: Iterable[Span], units: Sequence[str]) -> float:
    """The share of what was said that is signs; words of two letters are words of every language."""
    said = {place for each in spans for place in range(each.start, each.end)}
    proofs = [place for place, unit in enumerate(units) if len(unit) >= _SHORTEST_PROOF]
    return sum(place in said for place in proofs) / max(len(proofs), 1)


def _reaching_into(part: str, whole: str, spans: Iterable[Span]) -> list[Span]:
    """Spans of the whole that a sentence has a piece of: "come quickly, it's starting" goes on after the comma."""
    before = f" {whole} ".find(f" {part} ")
    shift, length = whole[: max(before, 0)].count(" "), part.count(" ") + 1
    moved = (each._replace(start=each.start - shift, end=each.end - shift) for each in spans)
    return [each for each in moved if each.start < length and each.end > 0]


def _inside(span: Span, masked: Iterable[Span]) -> bool:
    """Whether something harmless takes words of a span; not where the span says all of it and more."""
    return any(
        span.start < each.end
        and each.start < span.end
        and not (span.start <= each.start and each.end <= span.end and span.end - span.start > each.end - each.start)
        for each in masked
    )


def _combination(text: str) -> Combination:
    pieces = text.split()
    steps = [_STEP.fullmatch(each) for each in pieces[1::2]]
    if not all(steps):
        raise KithError(f"rules.yaml: {text!r} must be signs joined by + or >")
    return Combination(
        slots=tuple(frozenset(each.split("|")) for each in pieces[::2]),
        gaps=tuple(int(each[2]) if each[2] else _NEAR for each in steps if each),
        ordered=tuple(each[1] == ">" for each in steps if each),
    )


def _rule(text: _RuleText) -> Rule:
    when = tuple(map(_combination, text.when))
    return Rule(
        text.id,
        text.class_,
        text.level,
        when,
        tuple(map(_combination, text.unless)),
        frozenset(text.unless_anywhere),
        text.alone,
    )


def load(rules: Path = FOLDER / "rules.yaml", words: Path = FOLDER / "words") -> Signs:
    """The rules and every language's words. Errors: KithError naming the file and the first mistake."""
    try:
        source = _RulesText.model_validate(yaml.safe_load(rules.read_text(encoding="utf-8")))
    except ValidationError as problem:
        raise KithError(f"{rules.name}: {first_problem(problem)}") from None
    except yaml.YAMLError as problem:
        raise KithError(f"{rules.name}: {str(problem).splitlines()[0]}") from None
    return Signs(source, words)


@cache
def signs() -> Signs:
    """The signs that are shipped."""
    return load()
