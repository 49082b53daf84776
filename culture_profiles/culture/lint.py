"""Checks packs before they ship: every mistake is told by file, line and field."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from culture_profiles.culture import calendar
from culture_profiles.culture.document import Document, Place
from culture_profiles.culture.loader import Mistake, Packs, mistake, read_pack
from culture_profiles.culture.pack import Facet, Implies, Pack
from culture_profiles.culture.preferences import preferences
from culture_profiles.culture.when import Clock as ClockTime
from culture_profiles.culture.when import During, Easter, Hijri, PublicHoliday, Sun
from culture_profiles.culture.words import says_any
from culture_profiles.errors import KithError
from culture_profiles.keys import Sensitivity, keys

YEARS_AHEAD = 5
_ENGLISH = "language:en_GB"
_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX+)\b|lorem ipsum|\?\?\?|\bplaceholder\b|\bchangeme\b|example\.(?:com|org)"
)
_FIELD = re.compile(r"\{(\w+)\}")
_STATEMENTS = ("priors", "manner", "gestures", "food_rules", "times", "festivals", "painful", "topics")
_FAITH_WORDS = (
    "advent", "allah", "ash wednesday", "assumption", "baisakhi", "baptism", "bible", "buddha", "buddhist", "candlemas",
    "catholic", "chapel", "christian", "christmas", "church", "corpus christi", "diwali", "easter", "eid", "epiphany",
    "faith", "god", "good friday", "gurdwara", "gurpurab", "hanukkah", "hindu", "holi", "hymns", "islam", "islamic",
    "jesus", "jewish", "koran", "lent", "mawlid", "mosque", "muslim", "navratri", "orthodox", "palm sunday", "passover",
    "pentecost", "pilgrimage", "prayer", "prayers", "quran", "ramadan", "religion", "religious", "rosh hashanah",
    "sikh", "sukkot", "synagogue", "temple", "three kings", "vaisakhi", "vesak", "yom kippur",
)  # fmt: skip
_OTHER_SENSITIVE_WORDS = (
    "caste", "communist", "death", "deaths", "disease", "divorce", "election", "elections", "funeral", "funerals",
    "illness", "income", "marriage", "money", "party politics", "pension", "pensions", "political", "politics",
    "salary", "sex", "sexual", "strike", "strikes", "trade union", "trade unions", "war", "wars",
)  # fmt: skip


@dataclass
class Findings:
    """What lint found. `mistakes` keep a pack from shipping; `warnings` do not."""

    packs: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)
    unreviewed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Read:
    pack: Pack
    document: Document
    known: Packs
    others: Mapping[str, Pack]
    first_year: int

    def at(self, text: str, *place: str | int) -> Mistake:
        return mistake(self.document, place, text)


def lint(paths: Sequence[Path], known: Packs, first_year: int) -> Findings:
    """Check files; `known` are the packs that they may refer to. Dates are worked out for five years."""
    findings = Findings()
    read: list[tuple[Pack, Document]] = []
    for path in paths:
        try:
            pack, document, wrong = read_pack(path)
        except KithError as problem:
            findings.mistakes.append(_from_error(path, str(problem)))
            continue
        findings.mistakes += wrong
        if pack is not None:
            read.append((pack, document))
    others = {**_readable(known), **{pack.reference: pack for pack, _ in read}}
    for pack, document in read:
        findings.packs.append(pack.reference)
        if not pack.reviewed:
            findings.unreviewed.append(pack.reference)
        one = _Read(pack, document, known, others, first_year)
        findings.mistakes += [each for check in _CHECKS for each in check(one)]
        findings.warnings += [each for check in _REMARKS for each in check(one)]
    return findings


def _from_error(path: Path, text: str) -> Mistake:
    found = re.fullmatch(r".*?, line (\d+): (.*)", text, re.DOTALL)
    return (
        Mistake(path.name, int(found[1]), "", found[2]) if found else Mistake(path.name, 0, "", text.split(": ", 1)[-1])
    )


def _readable(known: Packs) -> dict[str, Pack]:
    found = {}
    for reference in known:
        try:
            found[reference] = known[reference]
        except KithError:
            continue  # told where that file itself is checked
    return found


# Sources ------------------------------------------------------------------------------------------------------------
def _sources(read: _Read) -> Iterator[Mistake]:
    for section, number, statement in _statements(read.pack):
        if statement.source not in read.pack.sources:
            yield read.at(f"{statement.source[:60]!r} is not among the sources", section, number, "source")


def _unused_sources(read: _Read) -> Iterator[Mistake]:
    used = {statement.source for _, _, statement in _statements(read.pack)}
    for name in read.pack.sources:
        if name not in used and read.pack.facet is not Facet.LANGUAGE:
            yield read.at("no statement names this source", "sources", name)


def _statements(pack: Pack) -> Iterator[tuple[str, int, Any]]:
    for section in _STATEMENTS:
        for number, statement in enumerate(getattr(pack, section)):
            yield section, number, statement


# Text ---------------------------------------------------------------------------------------------------------------
def _placeholders(read: _Read) -> Iterator[Mistake]:
    for place, text in _texts(read.document.content, ()):
        if _PLACEHOLDER.search(text):
            yield read.at("holds a placeholder: write what is meant", *place)


def _texts(content: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(content, str):
        yield place, content
    elif isinstance(content, dict):
        for name, value in content.items():
            yield from _texts(value, (*place, name))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _texts(value, (*place, number))


def _phrase_values(read: _Read) -> Iterator[Mistake]:
    english = read.others.get(_ENGLISH)
    if english is None:
        return
    for key, options in read.pack.phrases.items():
        if key not in english.phrases:
            yield read.at("en_GB has no such phrase", "phrases", key)
            continue
        known = {name.lower() for option in english.phrases[key] for name in _FIELD.findall(option)}
        for number, option in enumerate(options):
            for name in _FIELD.findall(option):
                if name.lower() not in known:
                    yield read.at(f"{{{name}}} is not a value of this phrase", "phrases", key, number)


def _missing_phrases(read: _Read) -> Iterator[Mistake]:
    english = read.others.get(_ENGLISH)
    if read.pack.facet is not Facet.LANGUAGE or english is None:
        return
    for section in ("phrases", "grammar", "address"):
        own, wanted = getattr(read.pack, section), getattr(english, section)
        missing = [key for key in wanted if key not in own]
        if missing:
            yield read.at(f"{len(missing)} that en_GB has are missing: {', '.join(missing)}", section)


# Contradictions -----------------------------------------------------------------------------------------------------
def _twice(read: _Read) -> Iterator[Mistake]:
    names: dict[str, Callable[[Any], str]] = {
        "priors": lambda each: each.preference,
        "manner": lambda each: f"{each.key}: {each.value}",
        "gestures": lambda each: each.gesture,
        **dict.fromkeys(("food_rules", "times", "festivals", "painful", "topics"), lambda each: each.id),
    }
    for section, name in names.items():
        seen: dict[str, int] = {}
        for number, statement in enumerate(getattr(read.pack, section)):
            text = name(statement)
            if text in seen:
                first = read.document.line((section, seen[text]))
                yield read.at(f"{text} is there twice, first in line {first}", section, number)
            seen.setdefault(text, number)
    both = {each.id for each in read.pack.festivals} & {each.id for each in read.pack.times}
    for number, time in enumerate(read.pack.times):
        if time.id in both:
            yield read.at(f"{time.id} is the id of a festival, too", "times", number, "id")


def _preferences(read: _Read) -> Iterator[Mistake]:
    for number, prior in enumerate(read.pack.priors):
        key = keys().get(prior.preference)
        if key is not None and key.sensitivity is not Sensitivity.NONE:
            yield read.at(f"{prior.preference} is sensitive: no prior may speak of it", "priors", number, "preference")
        elif prior.preference not in preferences():
            text = f"{prior.preference[:60]!r} is not in preferences.yaml"
            yield read.at(text, "priors", number, "preference")


def _within(read: _Read) -> Iterator[Mistake]:
    for number, region in enumerate(read.pack.within):
        if region not in read.others and region not in read.known:
            yield read.at(f"there is no pack {region}", "within", number)
    if read.pack.facet is Facet.NATION and not read.pack.within:
        yield read.at("a nation needs the regions that it lives in or comes from", "within")


# Calendar -----------------------------------------------------------------------------------------------------------
def _dates(read: _Read) -> Iterator[Mistake]:
    for section in ("festivals", "times"):
        for number, each in enumerate(getattr(read.pack, section)):
            if isinstance(each.when, Sun | ClockTime):
                continue
            if isinstance(each.when, During):
                if calendar.during(each.when, read.pack) is None:
                    text = f"{each.when.during} is no festival or time of this pack with days of its own"
                    yield read.at(text, section, number, "when", "during")
                continue
            try:
                found = [calendar.spans(each.when, read.first_year + ahead) for ahead in range(YEARS_AHEAD)]
            except KithError as problem:
                yield read.at(str(problem), section, number, "when")
                continue
            if not any(found):
                yield read.at(f"is on no day of {YEARS_AHEAD} years", section, number, "when")


# What must not be assumed or raised ---------------------------------------------------------------------------------
def _painful_topics(read: _Read) -> Iterator[Mistake]:
    around = [read.pack, *(read.others[region] for region in read.pack.within if region in read.others)]
    painful = {word: time.id for pack in around for time in pack.painful for word in time.words}
    for number, topic in enumerate(read.pack.topics):
        text = f"{topic.id.replace('_', ' ')} {topic.name}"
        for word, time in painful.items():
            if says_any(text, (word,)):
                yield read.at(f"{word!r} would raise the painful time {time}", "topics", number, "name")


def _sensitive_topics(read: _Read) -> Iterator[Mistake]:
    words = _OTHER_SENSITIVE_WORDS if read.pack.facet is Facet.FAITH else (*_FAITH_WORDS, *_OTHER_SENSITIVE_WORDS)
    for number, topic in enumerate(read.pack.topics):
        text = f"{topic.id.replace('_', ' ')} {topic.name}"
        for word in words:
            if says_any(text, (word,)):
                yield read.at(f"{word!r} makes it a sensitive topic: leave it to the person", "topics", number, "name")


def _implied_faith(read: _Read) -> Iterator[Mistake]:
    if read.pack.facet is Facet.FAITH:
        return
    religious = {each.id for pack in read.others.values() if pack.facet is Facet.FAITH for each in pack.festivals}
    for number, festival in enumerate(read.pack.festivals):
        if festival.implies is Implies.FAITH:
            continue
        reason = _religious(festival.id, festival.name, festival.when, religious)
        if reason:
            yield read.at(f"{reason}: needs `implies: faith`", "festivals", number, "implies")
    for number, time in enumerate(read.pack.times):
        if time.kind != "rest" and read.pack.facet is not Facet.NATION:
            yield read.at(f"{time.kind} belongs into a faith pack: {read.pack.facet} implies no faith", "times", number)
    for number, gesture in enumerate(read.pack.gestures):
        if gesture.gesture in ("namaste", "hand_on_heart") and gesture.implies is Implies.NONE:
            text = f"{gesture.gesture} is read as a sign of faith or standing: needs `implies: faith` or `status`"
            yield read.at(text, "gestures", number, "implies")


def _religious(name_id: str, name: str, when: Any, religious: set[str]) -> str:
    if name_id in religious:
        return "a faith pack has this festival"
    if isinstance(when, Hijri):
        return "a day of the Islamic calendar implies faith"
    if isinstance(when, Easter):
        return "a day counted from Easter implies faith"
    words = f"{name_id.replace('_', ' ')} {name} {when.holiday.name if isinstance(when, PublicHoliday) else ''}"
    found = next((word for word in _FAITH_WORDS if says_any(words, (word,))), "")
    return f"{found!r} implies faith" if found else ""


_Check = Callable[[_Read], Iterator[Mistake]]
_CHECKS: tuple[_Check, ...] = (
    _sources,
    _placeholders,
    _phrase_values,
    _twice,
    _preferences,
    _within,
    _dates,
    _painful_topics,
    _sensitive_topics,
    _implied_faith,
)
_REMARKS: tuple[_Check, ...] = (_unused_sources, _missing_phrases)
