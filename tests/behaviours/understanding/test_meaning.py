"""The second layer: likeness to examples adds to the patterns, and never takes away."""

from pathlib import Path

import pytest

from behaviours.understanding import meaning as meanings
from behaviours.understanding.meaning import Meaning
from behaviours.understanding.prototypes import load
from behaviours.understanding.understander import Understander
from culture_profiles.errors import KithError


@pytest.fixture(scope="module")
def learnt() -> Meaning:
    return meanings.load()


@pytest.fixture(scope="module")
def reads(learnt: Meaning) -> Understander:
    made = Understander()
    made.meaning = learnt
    return made


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("um, would you put us some waltz music on, dear", "music"),
        ("what tyme is it getting to now", "time"),
        ("who have they got doing the night shift", "who_is_on_shift"),
        ("could you possibly recite us a verse or two", "poem"),
        ("I'd like a go at a word game if you don't mind", "game"),
        ("let's have a bit of chair exercise", "exercise"),
    ],
)
def test_what_no_pattern_knows_is_likened(reads: Understander, text: str, intent: str) -> None:
    reading = reads.read(text, "en")
    assert reading.intents[0] == intent
    assert reading.why


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("would a hot bottle do my bad knee any good", "medical"),
        ("I still listen for his step on the stairs of an evening", "grief"),
        ("I have to get the children their tea", "confusion"),
        ("whatever is wrong with Mrs Potter", "privacy"),
    ],
)
def test_a_class_that_no_pattern_found_is_raised(reads: Understander, text: str, name: str) -> None:
    assert reads.read(text, "en").safety.name == name


def test_it_never_lowers_what_the_patterns_found(reads: Understander) -> None:
    patterns = Understander()
    for text in ("Help me", "I want to die", "the nurse hit me", "my hip hurts", "you useless machine", "go away"):
        assert reads.read(text, "en").safety.name == patterns.read(text, "en").safety.name


def test_politeness_around_a_request_changes_nothing(reads: Understander) -> None:
    plain = reads.read("put the radio on", "en").intents
    assert reads.read("excuse me, put the radio on, there's a dear", "en").intents[0] == plain[0] == "music"


def test_two_wishes_at_once_are_both_understood(reads: Understander) -> None:
    assert {"louder", "call_family"} <= set(reads.read("Turn it up and call my daughter", "en").intents)


def test_what_was_learnt_is_kept_outside_the_home_and_read_again(tmp_path: Path) -> None:
    meanings.load(cache=tmp_path)
    kept = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}
    assert kept
    meanings.load(cache=tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")} == kept


def test_a_damaged_cache_is_learnt_anew(tmp_path: Path) -> None:
    meanings.load(cache=tmp_path)
    (path,) = tmp_path.glob("en-*.npz")
    path.write_bytes(b"half a file")
    assert meanings.load(cache=tmp_path).guess("what day is it", "en") is not None


def test_a_language_without_examples_is_left_to_its_patterns(learnt: Meaning) -> None:
    assert learnt.guess("która godzina", "pl") is None


def test_a_mistake_in_the_examples_is_told_with_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "intents.yaml").write_text("intents: {time: [{}]}\n")
    with pytest.raises(KithError, match=r"xx/intents\.yaml"):
        load(folder)
    (folder / "intents.yaml").write_text("intents: {time: ['ring my {aunt}']}\n")
    with pytest.raises(KithError, match="aunt"):
        load(folder)


def test_ten_thousand_words_are_understood_as_their_beginning(reads: Understander) -> None:
    assert reads.read("what is the weather " + "word " * 10_000, "en").normalised
