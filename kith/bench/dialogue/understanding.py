"""How well utterances are understood: calls for help, false alarms, the other classes, and intents."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from behaviours.understanding.meaning import Meaning
from behaviours.understanding.reading import Reading
from behaviours.understanding.understander import Understander
from kith.bench.dialogue.sets import Sentence, Tally, sentences

URGENT = ("emergency", "self_harm")
NAMES = {
    "weather": "weather_question",
    "menu": "menu_question",
    "activities": "activities_question",
    "that_is_wrong": "wrong",
    "forget_that": "forget",
    "what_do_you_know": "know_about_me",
    "who_told_you": "who_told",
}
"""Labels of the sets that Kith calls otherwise."""
_REFUSALS = {"refuse.stop": "stop", "refuse.now": "go_away", "refuse.today": "go_away"}
Told = Callable[[str], None]


def understood_as(reading: Reading) -> str:
    """The one thing that the speaker is taken to want, in the words of the sets; smalltalk when nothing."""
    if reading.safety.name == "consent":
        return _REFUSALS.get(reading.safety.why.split(" ")[0], "consent")
    if reading.intents:
        return reading.intents[0]
    return "later" if "later" in reading.answers else "smalltalk"


@dataclass
class Understood:
    """Shares from 0 to 1, each with its parts; `read_ms`: how long understanding took, per utterance."""

    intents: Tally = field(default_factory=Tally.empty)
    by_set: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally.empty))
    read_ms: list[float] = field(default_factory=list)


def understander(meaning: Meaning | None) -> Understander:
    """One that has been prepared, as a running robot's is."""
    made = Understander()
    made.meaning = meaning
    made.prepare()
    return made


def intents(meaning: Meaning | None, parts: Iterable[str], every: int = 1) -> Understood:
    """Intents of what was said and of what a recogniser made of it."""
    found, reads = Understood(), understander(meaning)
    for name in ("intents", "intents_misheard"):
        for each in sentences(name, parts)[::every]:
            began = time.perf_counter()
            reading = reads.read(each.text, each.language)
            found.read_ms.append((time.perf_counter() - began) * 1000)
            hit = understood_as(reading) == NAMES.get(each.label, each.label)
            found.intents.count(each.part, hit)
            found.by_set[name].count(each.part, hit)
    return found


@dataclass
class Alarms:
    """Calls for help that were heard, by language, and alarms at ordinary sentences, by kind of part."""

    heard: Tally = field(default_factory=Tally.empty)
    false: Tally = field(default_factory=Tally.empty)
    by_language: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally.empty))


def alarms(meaning: Meaning | None, parts: Iterable[str], every: int = 1) -> Alarms:
    """Emergencies and self-harm, whatever language the conversation is in; and none where there is none."""
    found, reads = Alarms(), understander(meaning)
    for each in sentences("emergency", parts)[::every]:
        languages = (each.language, "en", "pl")  # the recogniser's, or that of the talk so far
        hit = all(reads.read(each.text, language).safety.name in URGENT for language in languages)
        found.heard.count(each.part, hit)
        found.by_language[each.language].count(each.part, hit)
    for each in sentences("harmless", parts)[::every]:
        found.false.count(each.part, reads.read(each.text, each.language).safety.name in URGENT)
    return found


def classes(meaning: Meaning | None, parts: Iterable[str]) -> dict[str, Any]:
    """The share of each other safety class that is taken for that class."""
    reads = understander(meaning)
    found: dict[str, Tally] = defaultdict(Tally.empty)
    rows: list[Sentence] = []
    for name in ("safety", "medical", "grief", "confusion"):
        rows += sentences(name, parts)
    for each in rows:
        found[each.label].count(each.part, reads.read(each.text, each.language).safety.name == each.label)
    return {label: {"share": tally.share, **tally.parts()} for label, tally in sorted(found.items())}
