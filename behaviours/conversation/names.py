"""The names in a person's life as they are heard in talk: never taken for a topic, and known as family or as lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from behaviours.person import Person
from behaviours.topics import topics
from behaviours.understanding.reading import Reading
from behaviours.understanding.text import normalise
from behaviours.understanding.understander import Understander
from culture_profiles.culture.document import read_document
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

_FILE = Path(__file__).with_name("names.yaml")
_KIN = ("family.", "friends.")
_OTHER = ("animals.name",)
_LOST = "lifestory.losses"
_CAPITALISED = re.compile(r"(?<![.!?…]\s)(?<=\s)(?:the )?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+(?: [A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+)*")
_ENDINGS = r"\w{0,3}"
_SHORTEST = 2
_BY_NAME_ONLY = ("grief", "confusion")


class _Words(BaseModel):
    """Of one language. `kin`, `lost`: whom a name may stand for; `inflected`: names change their endings.

    `no_names`: words with a capital that name nobody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kin: str
    lost: str
    no_names: frozenset[str] = frozenset()
    inflected: bool = False
    spaced: bool = True


@dataclass(frozen=True)
class Names:
    """Normalised first names and whole names; somebody lost is in `lost` only."""

    kin: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def names(person: Person) -> Names:
    """The names in a person's profile."""
    if person.profile is None:
        return Names()
    kin, lost, others = [], [], []
    for fact in person.profile.known():
        if fact.key.startswith(_KIN):
            kin += _forms(fact.value)
        elif fact.key == _LOST:
            lost += [form for each in _CAPITALISED.findall(fact.value) for form in _forms(each.removeprefix("the "))]
        elif fact.key in _OTHER:
            others += _forms(fact.value)
    return Names(tuple(each for each in kin if each not in lost), tuple(lost), tuple(others))


def without_names(person: Person, normalised: str, language: str) -> str:
    """The words without the names: Nesta is no nest, and Rose no flower."""
    known = names(person)
    pattern = _pattern((*known.kin, *known.lost, *known.others), language)
    return normalised if pattern is None else " ".join(pattern.sub(" ", normalised).split())


def understood(understander: Understander, person: Person, reading: Reading) -> Reading:
    """The reading of words that name somebody: "Ring Sian" asks for the family, "I miss Nesta" is grief."""
    if reading.safety.name != "none":
        return reading
    reading = _without_topic_of_a_name(person, reading)
    known, words = names(person), _words().get(reading.language)
    for whom, meant in ((known.lost, words and words.lost), (known.kin, words and words.kin)):
        pattern = _pattern(whom, reading.language)
        if pattern is None or not meant or not pattern.search(reading.normalised):
            continue
        by_role = understander.read(pattern.sub(f" {meant} ", reading.normalised), reading.language)
        why = (*reading.why, "somebody of their life is named")
        if by_role.safety.name in _BY_NAME_ONLY:
            return replace(reading, safety=by_role.safety, why=why)
        if whom is known.kin and by_role.has("call_family") and not reading.has("call_family"):
            return replace(reading, intents=("call_family", *reading.intents), why=why)
    return reading


def _without_topic_of_a_name(person: Person, reading: Reading) -> Reading:
    """Rose, a daughter, is no flower."""
    talk = topics().get(reading.language) if reading.topic else None
    if talk is None or talk.heard(reading.normalised)[0] != reading.topic:
        return reading
    stripped = without_names(person, reading.normalised, reading.language)
    return replace(reading, topic=talk.heard(stripped)[0]) if stripped != reading.normalised else reading


def new_name(person: Person, reading: Reading) -> str:
    """A name in the words that stands in no profile yet, to be asked about; English alone tells names by capitals."""
    if reading.language != "en":
        return ""
    known, no_names = names(person), _words()["en"].no_names
    for each in _CAPITALISED.findall(reading.text):
        name = re.sub(r"['’]s$", "", each)
        words = normalise(name.removeprefix("the ")).split()
        if len(name) > _SHORTEST and words and not {*known.kin, *known.lost, *known.others, *no_names} & set(words):
            return name
    return ""


def _forms(value: str) -> list[str]:
    whole = normalise(value)
    first = whole.split(" ")[0] if whole else ""
    return [each for each in dict.fromkeys((whole, first)) if len(each) >= _SHORTEST]


@lru_cache(maxsize=512)
def _pattern(known: tuple[str, ...], language: str) -> re.Pattern[str] | None:
    if not known:
        return None
    words = _words().get(language)
    forms = [re.escape(each) for each in sorted(known, key=len, reverse=True)]
    if words is not None and not words.spaced:
        return re.compile("|".join(forms))
    if words is not None and words.inflected:
        forms = [(form[:-1] if form[-1] in "aeiouy" else form) + _ENDINGS for form in forms]
    return re.compile(rf"\b(?:{'|'.join(forms)})s?\b")


@cache
def _words(path: Path = _FILE) -> Mapping[str, _Words]:
    """By language. Errors: KithError with file, line and field."""
    document = read_document(path)
    found = {}
    for language, content in document.content.items():
        try:
            found[language] = _Words.model_validate(content)
        except ValidationError as problem:
            where = f"{path.name}, line {document.line((language,))}: {language}"
            raise KithError(f"{where}: {first_problem(problem)}") from None
    return found
