"""Words to meaning, by patterns alone: what must never be missed is looked for in every language at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from behaviours.understanding.languages import Language, languages
from behaviours.understanding.reading import Reading, Safety, Statement
from behaviours.understanding.text import normalise, sentences

_NEVER_MISSED = ("emergency", "self_harm")
_IN_EVERY_LANGUAGE = ("consent", "pain", "abuse")
_LEAVES_OUT = re.compile(
    r"^(?:(?:the|a|an|any|some|my|to|of|eating|drinking|having) )+|(?: (?:any|now|it|please|really|myself))+$"
)
_LONGEST_VALUE = 40
_LATIN = re.compile("[a-z]")


@dataclass(frozen=True)
class Topic:
    """Words that show what somebody is talking about, per language; used to follow, never to classify safety."""

    name: str
    heard: Mapping[str, re.Pattern[str]] = field(default_factory=dict)


class Understander:
    """Understands utterances. Stateless: the same words always mean the same."""

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        self._languages = languages()
        self._topics = tuple(topics)

    def prepare(self) -> None:
        """Compile what any sentence is compared with, so that the first one is answered as fast as the next.

        Takes up to half a second; may run in a thread of its own while the robot starts.
        """
        for language in self._languages.values():
            self.read("a" if language.letters is None else f"a {language.code}", language.code)

    def language_of(self, text: str, expected: str = "en") -> str:
        """The language of some words, by script and little words; `expected` when they do not tell."""
        known = self._languages.get(expected)
        if known is not None and known.letters is not None and known.letters.search(text) and not _foreign(known, text):
            return expected
        for language in self._languages.values():
            if language.script is not None and language.script.search(text) and not _foreign(language, text):
                return language.code
        words = normalise(text).split()
        counts = {
            code: sum(word in language.function_words for word in words)
            for code, language in self._languages.items()
            if language.function_words
        }
        best = max(counts, key=lambda code: (counts[code], code == expected), default=expected)
        if counts.get(best, 0) > counts.get(expected, 0):
            return best
        return expected

    def read(self, text: str, language: str = "") -> Reading:
        """Understand one utterance. `language` is a code such as en or a locale; empty: found from the words."""
        code = language.replace("-", "_").split("_")[0].lower()
        if code not in self._languages or not _LATIN.search(normalise(text)):
            code = self.language_of(text, code or "en")
        spoken = self._languages.get(code) or self._languages["en"]
        whole = normalise(text)
        parts = sentences(text) or [whole]
        if not whole:
            return Reading(text, "", code, why=("nothing was heard",))
        safety = self._safety(whole, parts, spoken)
        forms = spoken.forms([whole, *parts])
        intents = tuple(name for name, each in spoken.intents.items() if _any(each.find, forms))
        answers = frozenset(name for name, each in spoken.answers.items() if each.find(forms[0]))
        statements = tuple(self._statements(parts, spoken, text))
        topic = self._topic(whole, code)
        why = [f"{safety.name}: {safety.why}"] if safety.why else []
        why += [f"intent {name}" for name in intents[:3]]
        why += [f"states {each.key}: {each.why}" for each in statements]
        if topic:
            why.append(f"topic {topic}")
        return Reading(
            text=text,
            normalised=whole,
            language=code,
            safety=safety,
            intents=intents,
            answers=answers,
            statements=statements,
            topic=topic,
            is_question=text.rstrip().endswith(("?", "？", "؟")) or bool(spoken.question.match.search(parts[-1])),
            duration_s=_duration(whole, spoken),
            wants_language=_wanted_language(whole, spoken),
            why=tuple(why) or ("no pattern matched",),
        )

    def _safety(self, whole: str, parts: list[str], spoken: Language) -> Safety:
        others = [each for each in self._languages.values() if each is not spoken]
        for language in (spoken, *others):
            forms = language.forms([*parts, whole])
            for each in language.safety_for(whole):
                # An exception in one sentence ("I fell asleep") must not hide the next one ("Help me").
                if each.name in _NEVER_MISSED and _any(each.pattern.find, forms):
                    return Safety(each.name, each.level, f"{each.pattern.id} ({language.code})")
        for language in (spoken, *others):
            forms = language.forms([*parts, whole])
            for each in language.safety_for(whole):
                if language is not spoken and each.name not in _IN_EVERY_LANGUAGE:
                    continue
                if each.name not in _NEVER_MISSED and _any(each.pattern.find, forms):
                    return Safety(each.name, each.level, f"{each.pattern.id} ({language.code})")
        return Safety()

    def _statements(self, parts: list[str], spoken: Language, text: str) -> Iterable[Statement]:
        seen = set()
        for part in parts:
            for each in spoken.facts:
                found = each.pattern.find(part)
                if found is None:
                    continue
                groups = found.groupdict()
                value = _LEAVES_OUT.sub("", next(filter(None, groups.values()), "").strip()).strip()
                value = each.choices.get(value) or _as_said(value, text)
                if not value or len(value) > _LONGEST_VALUE or (each.key, value) in seen:
                    continue
                if each.name and value.islower():
                    value = value.title()
                seen.add((each.key, value))
                yield Statement(each.key, value, each.pattern.id, denied=each.pattern.id == "no_allergy")
                break

    def _topic(self, whole: str, code: str) -> str:
        for topic in self._topics:
            pattern = topic.heard.get(code)
            if pattern is not None and pattern.search(whole):
                return topic.name
        return ""


def _foreign(language: Language, text: str) -> bool:
    return language.not_with is not None and language.not_with.search(text) is not None


def _any(find: object, texts: list[str]) -> bool:
    return any(find(text) is not None for text in texts)  # type: ignore[operator]


def _as_said(value: str, text: str) -> str:
    """The value as it was spelt, with its accents, capitals and apostrophes, where it can be found again."""
    spelt = text.split()
    plain = [normalise(each) for each in spelt]
    wanted = value.split()
    for place in range(len(plain) - len(wanted) + 1):
        if plain[place : place + len(wanted)] == wanted:
            return " ".join(spelt[place : place + len(wanted)]).strip(" .,!?;:\"'()“”„")
    return value


def _duration(whole: str, spoken: Language) -> int:
    for pattern, seconds, unit in spoken.durations:
        found = pattern.match.search(whole)
        if found is None:
            continue
        if seconds:
            return seconds
        word = found["number"]
        number = int(word) if word.isascii() and word.isdigit() else spoken.numbers.get(word, 0)
        if number:
            return min(number * unit, 24 * 3600)
    return 0


def _wanted_language(whole: str, spoken: Language) -> str:
    pattern = spoken.intents.get("language_change")
    found = pattern.match.search(whole) if pattern is not None else None
    return spoken.language_names.get(found["language"], "") if found else ""
