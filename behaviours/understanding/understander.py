"""Words to meaning: patterns first, in every language at once for what must never be missed; then likeness."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from behaviours.understanding.combining import WIDER, answers, as_safety, liken, rank
from behaviours.understanding.languages import Language, languages
from behaviours.understanding.meaning import Guess, Meaning
from behaviours.understanding.reading import Reading, Safety, Statement
from behaviours.understanding.signs.rules import signs
from behaviours.understanding.text import normalise, sentences

_NEVER_MISSED = ("emergency", "self_harm")
_LESS_URGENT = ("medical", "pain", "end_of_life", "confusion", "privacy")
"""Signs of these count where no pattern of the language tells."""
_IN_EVERY_LANGUAGE = ("pain", "abuse", "boundary")
_LEAVES_OUT = re.compile(
    r"^(?:(?:the|a|an|any|some|my|to|of|eating|drinking|having) )+|(?: (?:any|now|it|please|really|myself))+$"
)
_LONGEST_VALUE = 40
_LATIN = re.compile("[a-z]")
_ACCENTED = re.compile("[\u00c0-\u024f]")
_LITTLE_WORDS = 2
"""So many words of another language are a change of language; "import os" is none. With accents one is enough."""


@dataclass(frozen=True)
class Topic:
    """Words that show what somebody is talking about, per language; used to follow, never to classify safety."""

    name: str
    heard: Mapping[str, re.Pattern[str]] = field(default_factory=dict)


class Understander:
    """Understands utterances. The same words always mean the same, once `meaning` has been loaded.

    `meaning`: the second layer, None while it loads or where it is not wanted. It may raise what the patterns found.
    """

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        self._languages = languages()
        self._signs = signs()
        self._topics = tuple(topics)
        self.meaning: Meaning | None = None

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
        words = set(normalise(text).split())
        needed = 1 if len(words) == 1 or _ACCENTED.search(text) else _LITTLE_WORDS
        counts = {
            code: sum(word in language.function_words for word in words)
            for code, language in self._languages.items()
            if language.function_words
        }
        best = max(counts, key=lambda code: (counts[code], code == expected), default=expected)
        if counts.get(best, 0) >= max(needed, counts.get(expected, 0) + 1):
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
        guess = self.meaning.guess(whole, code) if self.meaning is not None else None
        core = guess.core if guess is not None else whole
        safety = self._raised(self._safety(text, whole, parts, spoken), guess)
        clauses = self.meaning.fillers_left_out(parts, code) if self.meaning is not None else parts
        forms = spoken.forms([whole, core, *clauses])
        matched = [name for name, each in spoken.intents.items() if _any(each.find, forms)]
        intents = liken(matched, guess) if guess is not None else _wider(matched)
        if self.meaning is not None and guess is not None and safety.name == "none":
            safety = as_safety(guess, intents, self.meaning)
        heard = frozenset(name for name, each in spoken.answers.items() if each.find(forms[0]))
        if guess is not None and not heard:
            heard = answers(guess)
        statements = tuple(self._statements(parts, spoken, text))
        topic = self._topic(whole, code)
        why = [f"{safety.name}: {safety.why}"] if safety.why else []
        why += [f"intent {name}" for name in intents[:3]]
        if self.meaning is not None and guess is not None and intents and intents[0] not in matched:
            why.append(f"most like: {self.meaning.nearest(guess, 'intent:' + intents[0])}")
        why += [f"states {each.key}: {each.why}" for each in statements]
        if topic:
            why.append(f"topic {topic}")
        return Reading(
            text=text,
            normalised=whole,
            language=code,
            safety=safety,
            intents=intents,
            answers=heard,
            statements=statements,
            topic=topic,
            is_question=text.rstrip().endswith(("?", "？", "؟")) or bool(spoken.question.match.search(parts[-1])),
            duration_s=_duration(whole, spoken),
            wants_language=_wanted_language(whole, spoken),
            why=tuple(why) or ("no pattern matched",),
        )

    def _safety(self, text: str, whole: str, parts: list[str], spoken: Language) -> Safety:
        sounds_like = self.language_of(text, spoken.code)
        heard = self._signs.read(text, spoken.code, sounds_like)
        urgent = heard.safety(*_NEVER_MISSED)
        if urgent.name != "none":
            return urgent
        others = [each for each in self._languages.values() if each is not spoken]
        for language in (spoken, *others):
            forms = language.forms([*parts, whole])
            for each in language.safety_for(whole):
                if language is not spoken and language.code != sounds_like and each.name not in _IN_EVERY_LANGUAGE:
                    continue
                if _any(each.pattern.find, forms):
                    return Safety(each.name, each.level, f"{each.pattern.id} ({language.code})")
        refused = heard.safety("consent")
        return refused if refused.name != "none" else heard.safety(*_LESS_URGENT)

    def _raised(self, found: Safety, guess: Guess | None) -> Safety:
        """The class that the words are like, where that is graver than what the patterns found."""
        if guess is None or self.meaning is None:
            return found
        liked = rank(guess, found.name, self.meaning.with_model)
        if liked is None:
            return found
        name, level = liked
        label = guess.safety_label(name)
        return Safety(name, level, f"{label.replace('safety:', 'like.')}: {self.meaning.nearest(guess, label)}")

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


def _wider(names: Iterable[str]) -> tuple[str, ...]:
    """Intents with those that they are a kind of."""
    return tuple(dict.fromkeys(each for name in names for each in (name, *WIDER.get(name, ()))))


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
