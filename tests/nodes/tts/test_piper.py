"""Piper speaks for simulated residents: clearly, repeatably, at the speed asked."""

from pathlib import Path

import numpy as np
import pytest

from culture_profiles.errors import KithError
from nodes.base.models import default_models_dir
from nodes.tts.piper import Piper, PiperVoice
from nodes.tts.synthesiser import Manner


def test_the_same_text_is_the_same_sound_and_slower_is_longer() -> None:
    voice = PiperVoice(default_models_dir() / "piper-en-joe")
    text = "I would like to call my daughter."
    sound = voice.render(text)
    assert np.array_equal(sound.samples, voice.render(text).samples)
    assert sound.samples.dtype == np.int16
    assert sound.rate == 22_050
    assert voice.render(text, length_scale=1.5).seconds == pytest.approx(1.5 * sound.seconds, rel=0.15)
    higher = voice.render(text, pitch=1.2)
    assert higher.seconds == pytest.approx(sound.seconds, rel=0.2)
    assert not np.array_equal(higher.samples[:10_000], sound.samples[:10_000])


def test_as_the_robots_engine_it_says_which_languages_it_lacks(tmp_path: Path) -> None:
    engine = Piper(default_models_dir())
    assert engine.speaks("en_GB")
    assert not engine.speaks("pl_PL")
    assert engine.render("Hello.", Manner("en_GB")).seconds > 0.2
    with pytest.raises(KithError, match="no Piper voice for 'pl_PL'"):
        engine.render("Dzień dobry.", Manner("pl_PL"))
    with pytest.raises(KithError, match="kith models install piper-en-joe"):
        PiperVoice(tmp_path)
