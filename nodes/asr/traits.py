"""What a stretch of speech sounds like, beside its words: how loud, how high, how near."""

from dataclasses import dataclass

import numpy as np

from nodes.asr.recogniser import RATE
from nodes.base.audio import Mono

_FRAME = 640  # 40 ms: two periods of the lowest voice
_STEP = 320
_LOW_HZ, _HIGH_HZ = 65, 400
_PERIODIC = 0.5  # of the autocorrelation's peak: a voiced sound
_MOST_FRAMES = 400  # 8 s: enough to know a voice
_PAUSE_FRAMES = 8  # more than 160 ms so far below the voice are a pause between words, not a gap between syllables
_PAUSE_DB = 20.0


@dataclass(frozen=True)
class Traits:
    """`level_db`: of the louder half, below full scale. `pitch_hz`: median, 0 if unknown. `depth_db`: how far the sound
    falls between syllables; reflections, compression and music fill these gaps, so a near voice in the room is deep.
    `gaps_db`: the same without pauses, which are as silent on television as anywhere; tells only of seconds of speech.
    """

    level_db: float = -120.0
    pitch_hz: float = 0.0
    depth_db: float = 0.0
    gaps_db: float = 0.0

    def same_voice(self, other: "Traits") -> bool:
        """Whether both may be of one person; also when nothing speaks against it."""
        if not self.pitch_hz or not other.pitch_hz:
            return True
        return abs(float(np.log2(self.pitch_hz / other.pitch_hz))) < 0.25 and abs(self.level_db - other.level_db) < 12


def traits(samples: Mono) -> Traits:
    """Of mono sound at 16 kHz; of less than 0.2 s nothing is claimed."""
    count = (len(samples) - _FRAME) // _STEP + 1
    if count < 9:
        return Traits()
    count = min(count, _MOST_FRAMES)
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[: count * _STEP : _STEP]
    power = np.mean(np.square(frames), axis=1)
    level = 10 * np.log10(power + 1e-12)
    loud = level >= np.median(level)
    voiced = frames[loud] - frames[loud].mean(axis=1, keepdims=True)
    spectrum = np.square(np.abs(np.fft.rfft(voiced, 2 * _FRAME, axis=1)))
    correlation = np.fft.irfft(spectrum, axis=1)[:, : RATE // _LOW_HZ]
    first = RATE // _HIGH_HZ
    peak = first + np.argmax(correlation[:, first:], axis=1)
    strength = np.take_along_axis(correlation, peak[:, None], axis=1)[:, 0] / (correlation[:, 0] + 1e-12)
    pitches = RATE / peak[strength > _PERIODIC]
    return Traits(
        round(float(np.mean(level[loud])), 1),
        round(float(np.median(pitches)), 1) if len(pitches) >= 3 else 0.0,
        round(float(np.percentile(level, 90) - np.percentile(level, 15)), 1),
        round(_gaps_db(level), 1),
    )


def _gaps_db(level: Mono) -> float:
    top = np.percentile(level, 90)
    low = np.concatenate(([False], level < top - _PAUSE_DB, [False]))
    edges = np.flatnonzero(low[1:] != low[:-1]).reshape(-1, 2)  # begin and end of each run
    spoken = np.ones(len(level), bool)
    for begin, end in edges[edges[:, 1] - edges[:, 0] > _PAUSE_FRAMES]:
        spoken[begin:end] = False
    return float(top - np.percentile(level[spoken], 15))
