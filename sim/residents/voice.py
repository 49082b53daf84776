"""How a resident sounds: Piper's speech, made higher or lower by resampling and faster or slower by Piper."""

from collections.abc import Callable

import numpy as np
import soxr

from nodes.base.audio import Pcm
from sim.residents.people import VoiceManner
from sim.room.mixing import gain

_SPEECH_DB = -40.0  # below the loudest sample: everything softer before and after the words is silence

Render = Callable[[str, float], tuple[Pcm, int]]
"""Text and length factor (2.0: twice as long) to mono samples and their rate in Hz."""


def trimmed(samples: Pcm) -> Pcm:
    """The speech without the silence around it, so that its end is the end of the last word."""
    level = np.abs(samples.astype(np.int32))
    loud = np.flatnonzero(level > level.max(initial=0) * gain(_SPEECH_DB))
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]


def speak(text: str, manner: VoiceManner, render: Render, rate: int) -> Pcm:
    """`text` in a resident's voice, mono at `rate` Hz, its loudest sample at the manner's level.

    Playing a recording faster raises its pitch and shortens it; the length asked of Piper makes up for the latter.
    """
    samples, own_rate = render(text, manner.pitch / manner.tempo)
    speech = trimmed(samples).astype(np.float32)
    if not len(speech):
        return np.zeros(0, np.int16)
    speech = soxr.resample(speech, own_rate * manner.pitch, rate)
    speech *= gain(manner.level_db) * 32_767.0 / np.abs(speech).max()
    result: Pcm = np.round(speech).astype(np.int16)
    return result
