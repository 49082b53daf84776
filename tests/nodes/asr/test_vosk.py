"""Vosk on the one model that there is, Korean, where it is installed: spotting, and words that are expected."""

from collections.abc import Iterator

import numpy as np
import pytest

from nodes.asr import engines, words
from nodes.asr.recogniser import RATE, Heard, Recogniser
from nodes.asr.urgent import spot
from nodes.base.audio import Mono, resample, to_float
from nodes.base.models import default_models_dir
from nodes.tts.espeak import ESpeak
from nodes.tts.synthesiser import Manner


@pytest.fixture(scope="module")
def korean() -> list[Recogniser]:
    model = engines.choose(default_models_dir(), "ko_KR", "vosk")
    if model is None:
        pytest.skip("no Vosk model is installed: `kith models install vosk-ko`")
    return words.recognisers(model, "ko")


@pytest.fixture(scope="module")
def espeak() -> Iterator[ESpeak]:
    made = ESpeak()
    yield made
    made.close()


def said(espeak: ESpeak, text: str, locale: str = "ko_KR") -> Mono:
    sound = espeak.render(text, Manner(locale, rate=130.0, pitch=1.0, volume=0.9))
    quiet = np.zeros(RATE // 5, np.float32)
    return np.concatenate((quiet, resample(to_float(sound.samples), sound.rate, RATE), quiet, quiet))


def heard(recogniser: Recogniser, sound: Mono) -> Heard:
    utterance = recogniser.begin()
    utterance.feed(sound)
    return utterance.hear(final=True)


@pytest.mark.parametrize(("text", "kind"), [("도와줘", "help"), ("도와주세요", "help"), ("멈춰", "stop")])
def test_calls_are_spotted_by_the_recogniser_that_always_listens(
    text: str, kind: str, korean: list[Recogniser], espeak: ESpeak
) -> None:
    spotter = korean[1]
    assert spotter.spots
    found = heard(spotter, said(espeak, text))
    assert kind in {urgent.kind for urgent in spot(found, "ko")}


def test_other_languages_are_no_calls_in_this_one(korean: list[Recogniser], espeak: ESpeak) -> None:
    for text in (
        "Good morning.",
        "I don't eat eggs any more.",
        "Could you call my daughter, please?",
        "No, thank you.",
    ):
        assert heard(korean[1], said(espeak, text, "en_US")).text == ""


def test_what_is_expected_is_heard_where_the_whole_language_mishears_it(
    korean: list[Recogniser], espeak: ESpeak
) -> None:
    full, sound = korean[0], said(espeak, "도와주세요")
    full.expect(())  # type: ignore[attr-defined]
    assert "도와주" not in heard(full, sound).text
    words.expect(full, ("지수",))
    assert heard(full, sound).text.replace(" ", "") == "도와주세요"
