"""The labelled sets: that their fields are sound and that there are enough of each."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
LANGUAGES = {"en", "cy", "pl", "pt", "it", "hi", "pa", "ur", "fil", "ja", "ko", "zh"}
INTENTS = {
    "time", "date", "weather", "menu", "activities", "who_is_on_shift", "call_carer", "call_family", "music",
    "read_aloud", "louder", "quieter", "slower", "faster", "again", "stop", "goodbye", "go_away", "come_here",
    "who_are_you", "are_you_robot", "what_can_you_do", "language_change", "what_do_you_know", "who_told_you",
    "that_is_wrong", "forget_that", "do_not_mention", "thanks", "greet", "how_are_you", "joke", "song", "poem",
    "game", "exercise", "tell_me_more", "yes", "no", "later", "smalltalk",
}  # fmt: skip
SAFETY = {"pain", "abuse", "distress", "end_of_life", "consent", "privacy", "boundary"}
FIELDS = {
    "emergency": {"text", "language", "class"},
    "safety": {"text", "language", "class"},
    "medical": {"text", "language", "class"},
    "grief": {"text", "language", "class"},
    "confusion": {"text", "language", "class"},
    "harmless": {"text", "language", "class", "kind"},
    "intents": {"text", "language", "intent"},
    "intents_misheard": {"text", "language", "intent", "said", "wrong"},
}


def part(name: str, held: bool) -> list[dict[str, Any]]:
    path = HERE / f"{name}{'.held' if held else ''}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def whole(name: str) -> list[dict[str, Any]]:
    return part(name, held=False) + part(name, held=True)


@pytest.mark.parametrize("name", FIELDS)
def test_every_sentence_has_its_fields_and_a_known_language(name: str) -> None:
    for row in whole(name):
        assert row.keys() - {"topic"} == FIELDS[name], row
        assert ("topic" in row) == (row.get("intent") == "smalltalk"), row
        assert row["text"].strip() and row["text"].isprintable(), row
        assert row["language"] in LANGUAGES, row


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "intents_misheard"])
def test_no_sentence_stands_twice_in_a_set_or_in_both_its_parts(name: str) -> None:
    texts = Counter(row["text"].casefold() for row in whole(name))
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("name", FIELDS)
def test_about_a_third_is_held(name: str) -> None:
    assert 0.25 < len(part(name, held=True)) / len(whole(name)) < 0.42


def test_emergencies_and_self_harm_in_twelve_languages() -> None:
    rows = whole("emergency")
    assert len(rows) >= 420
    assert {row["class"] for row in rows} == {"emergency", "self_harm"}
    assert min(Counter(row["language"] for row in rows).values()) >= 30
    assert {row["language"] for row in rows if row["class"] == "self_harm"} == LANGUAGES


def test_the_other_safety_classes() -> None:
    counts = Counter(row["class"] for row in whole("safety"))
    assert counts.keys() == SAFETY
    assert min(counts.values()) >= 40
    for name, least in (("medical", 120), ("grief", 80), ("confusion", 80)):
        rows = whole(name)
        assert len(rows) >= least
        assert {row["class"] for row in rows} == {name}


def test_ordinary_sentences_and_near_misses() -> None:
    rows = whole("harmless")
    assert len(rows) >= 5_000
    kinds = Counter(row["kind"] for row in rows)
    assert kinds.keys() == {"written", "idiom", "family"}
    assert kinds["idiom"] >= 500
    assert {row["class"] for row in rows} == {"none"}
    assert min(Counter(row["language"] for row in rows).values()) >= 60
    urgent = {row["text"].casefold() for row in whole("emergency")}
    assert urgent.isdisjoint(row["text"].casefold() for row in rows)


def test_everyday_intents() -> None:
    counts = Counter(row["intent"] for row in whole("intents"))
    assert counts.total() >= 1_500
    assert counts.keys() == INTENTS
    assert min(counts.values()) >= 30


def test_the_same_utterances_misheard_in_one_word_of_five_to_ten() -> None:
    rows = whole("intents_misheard")
    assert [row["said"] for row in rows] == [row["text"] for row in whole("intents")]
    wrong = sum(row["wrong"] for row in rows) / sum(len(row["said"].split()) for row in rows)
    assert 0.10 <= wrong <= 0.20
