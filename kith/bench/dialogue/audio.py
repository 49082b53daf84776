"""Calls for help through sound: as each installed recogniser hears them, plain, quiet and slurred."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from culture_profiles.errors import KithError
from kith.bench.dialogue.sets import OPEN, sentences
from kith.bench.dialogue.understanding import URGENT, understander
from kith.bench.speech.material import RATE, Voices
from kith.bench.speech.word_errors import slowed
from nodes.asr import engines
from nodes.asr.recording import transcribe
from nodes.base.audio import Pcm, resample, to_float, to_int16
from nodes.base.models import default_models_dir
from nodes.base.wav import Recording
from nodes.tts.espeak import ESpeak
from nodes.tts.synthesiser import Manner

_LOCALES = {
    "en": "en_GB", "cy": "cy_GB", "pl": "pl_PL", "pt": "pt_PT", "it": "it_IT", "hi": "hi_IN", "pa": "pa_IN",
    "ur": "ur_PK", "fil": "fil_PH", "ja": "ja_JP", "ko": "ko_KR", "zh": "zh_CN",
}  # fmt: skip
_SLOWER = 1.3
_DULL_HZ = 2200.0


def _slurred(sound: Pcm) -> Pcm:
    """Slow and without the sharp consonants, somewhat as after a stroke; no recording of a person."""
    spectrum = np.fft.rfft(to_float(slowed(sound, _SLOWER)))
    frequencies = np.fft.rfftfreq(2 * len(spectrum) - 2, 1 / RATE)
    spectrum[: len(frequencies)] /= 1 + (frequencies[: len(spectrum)] / _DULL_HZ) ** 4
    return to_int16(np.fft.irfft(spectrum).astype(np.float32))


def _quiet(sound: Pcm) -> Pcm:
    return to_int16(to_float(sound) * 0.1)


_CONDITIONS: dict[str, Callable[[Pcm], Pcm]] = {"plain": lambda sound: sound, "quiet": _quiet, "slurred": _slurred}


def _said(language: str, count: int) -> Iterator[Pcm]:
    texts = [each.text for each in sentences("emergency", (OPEN,)) if each.language == language]
    texts = texts[:: max(1, len(texts) // count)][:count]
    if language == "en":
        voices = Voices()
        try:
            for number, text in enumerate(texts):
                yield voices.resident(text, number)
        finally:
            voices.close()
        return
    espeak = ESpeak()
    try:
        for text in texts:
            sound = espeak.render(text, Manner(_LOCALES[language], rate=130.0, pitch=1.0, volume=0.9))
            yield to_int16(resample(to_float(sound.samples), sound.rate, RATE))
    finally:
        espeak.close()


def heard(count: int, told: Callable[[str], None]) -> dict[str, Any]:
    """Spoken calls for help that are understood, per recogniser, language and condition; and what is missing."""
    found: dict[str, Any] = {}
    missing = []
    reads = understander(None)
    for language, locale in _LOCALES.items():
        model = engines.choose(default_models_dir(), locale)
        if model is None or language not in {each.split("_")[0] for each in model.languages}:
            missing.append(language)
            continue
        try:
            recogniser = engines.load(model, locale)
            sounds = list(_said(language, count))
        except KithError as problem:
            missing.append(f"{language}: {problem}")
            continue
        for name, change in _CONDITIONS.items():
            told(f"{model.name} {name}")
            hits = 0
            for sound in sounds:
                text = transcribe(Recording(to_float(change(sound)), RATE), recogniser).text
                hits += reads.read(text, locale).safety.name in URGENT
            found.setdefault(model.name, {}).setdefault(language, {})[name] = {"n": len(sounds), "heard": hits}
    return {"by_recogniser": found, "no_recogniser": missing}
