"""The speech bench counts what it says it counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.bench.speech import word_errors
from kith.bench.speech.material import lines, robot_sentences, through_room
from kith.bench.speech.own_voice import of_robot
from kith.bench.speech.scene import Scene, TimedDecoder
from nodes.asr.recogniser import Heard

WORDS = st.lists(st.sampled_from(["tea", "soup", "the", "garden"]), max_size=8)


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("I don't eat eggs any more.", "I don't eat eggs anymore", 0),
        ("mister Sato came", "Mr. Sato came.", 0),
        ("I want tea", "I want some tea", 1),
        ("I want tea", "", 3),
        ("", "thank you", 2),
        ("one two three", "one too three four", 2),
    ],
)
def test_word_errors(said: str, heard: str, errors: int) -> None:
    assert word_errors.word_errors(said, heard)[0] == errors


@settings(deadline=None)
@given(WORDS, WORDS)
def test_errors_are_a_distance(said: list[str], heard: list[str]) -> None:
    there, _ = word_errors.word_errors(" ".join(said), " ".join(heard))
    back, _ = word_errors.word_errors(" ".join(heard), " ".join(said))
    assert there == back
    assert abs(len(said) - len(heard)) <= there <= max(len(said), len(heard))
    assert (there == 0) == (said == heard)


def test_the_interval_holds_the_value_and_narrows_with_more_recordings() -> None:
    few = word_errors.rate([0, 2, 1, 0, 3] * 2, [10] * 10)
    many = word_errors.rate([0, 2, 1, 0, 3] * 40, [10] * 200)
    assert few.value == many.value == 0.12
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low


def test_slowed_speech_is_longer_and_no_deeper() -> None:
    tone = (np.sin(2 * np.pi * 200 * np.arange(16_000) / 16_000) * 8000).astype(np.int16)
    slow = word_errors.slowed(tone, 1.4)
    assert len(slow) == round(1.4 * len(tone))
    spectrum = np.abs(np.fft.rfft(slow[2000:18_000].astype(float)))
    assert np.argmax(spectrum) == pytest.approx(200, abs=4)


def test_the_material_is_large_enough_and_marked() -> None:
    listed = lines("utterances")
    assert all(text.count("|") == 1 for kind in ("hesitating", "adding") for text in listed[kind])
    assert not any("|" in text for text in listed["plain"])
    assert len(listed["plain"]) + len(listed["hesitating"]) > 80
    assert len(set(robot_sentences(200))) > 100
    assert robot_sentences(8, "ko") != robot_sentences(8)
    far = through_room(np.full(16_000, 1000, np.int16), -12.0, near=False)
    assert len(far) > 16_000


class Echoing:
    name, language, streams, spots = "slow", "en", False, False

    def begin(self) -> "Echoing":
        return self

    def feed(self, samples: object) -> None:
        pass

    def hear(self, *, final: bool, hurried: bool = False) -> Heard:
        return Heard("final" if final else "partial", (), 0.9)


def test_answers_come_as_late_as_the_work_and_only_the_newest_is_worked_on() -> None:
    decoder, answers = TimedDecoder(Echoing(), 0.5), []
    decoder.answered = lambda number, request, heard: answers.append((request, heard.text))
    decoder.hear(1, 1, final=False)
    decoder.hear(1, 2, final=True)
    decoder.advance(0.0)
    decoder.advance(0.4)
    assert answers == []
    decoder.advance(0.5)
    assert answers == [(2, "final")]
    assert decoder.idle


@pytest.mark.parametrize(
    ("heard", "own"),
    [
        ("Shall I call one?", True),
        ("and welcome, a carer can help the programme", True),
        ("Call one.", True),
        ("Heavy rain is expected in the north", False),
        ("can you help", False),
        ("", False),
    ],
)
def test_beside_a_television_the_robots_words_are_told_from_others(heard: str, own: bool) -> None:
    assert of_robot(heard, ["A bit quicker now.", "A carer can help with them. Shall I call one?"]) is own


def test_the_robot_that_is_hushed_is_silent_a_chunk_later() -> None:
    scene = Scene([], lambda *_: None)
    scene.say(np.full(16_000, 9000, np.int16), "words", 0.1)
    scene.run(0.5)
    assert scene.speaking
    scene.hush()
    assert scene.silent_at == pytest.approx(scene.now + 0.02)
    assert not scene.speaking
