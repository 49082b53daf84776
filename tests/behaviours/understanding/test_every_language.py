"""Sentences in every language: what must be heard as a call, a refusal, or nothing of the kind."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from behaviours.understanding.languages import check, languages
from behaviours.understanding.understander import Understander

FILES = sorted(Path(__file__).parent.glob("*.yaml"))


@cache
def understander() -> Understander:
    return Understander()


def sentences(kind: str) -> list[tuple[str, str]]:
    said = []
    for path in FILES:
        for text in yaml.safe_load(path.read_text(encoding="utf-8"))[kind]:
            said += [(path.stem, str(text))]
    return said


def test_every_phrase_language_is_understood() -> None:
    assert set(languages()) == {"en", "cy", "pl", "pt", "it", "hi", "pa", "ur", "fil", "ja", "ko", "zh"}
    for code, language in languages().items():
        check(language, code)


def test_everything_can_be_prepared_before_anybody_speaks() -> None:
    understander().prepare()
    assert understander().read("Help!").safety.level == "emergency"


@pytest.mark.parametrize("current", ["", "en", "own"])
def test_calls_for_help_and_despair_are_heard_whatever_the_conversation_is_in(current: str) -> None:
    missed = []
    for code, text in sentences("alarms"):
        reading = understander().read(text, code if current == "own" else current)
        if reading.safety.level != "emergency":
            missed.append((code, text, reading.safety))
    assert not missed


@pytest.mark.parametrize("current", ["en", "own"])
def test_a_refusal_is_heard_whatever_the_conversation_is_in(current: str) -> None:
    missed = []
    for code, text in sentences("refusals"):
        reading = understander().read(text, code if current == "own" else current)
        if reading.safety.name != "consent":
            missed.append((code, text, reading.safety))
    assert not missed


@pytest.mark.parametrize("current", ["", "own"])
def test_ordinary_talk_and_idioms_alarm_nobody(current: str) -> None:
    alarmed = []
    for code, text in sentences("harmless"):
        reading = understander().read(text, code if current == "own" else current)
        if reading.safety.level == "emergency" or reading.safety.name == "consent":
            alarmed.append((code, text, reading.safety))
    assert not alarmed
