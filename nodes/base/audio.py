"""PCM: channel mixing, resampling, levels, cutting into chunks. Flat numpy arrays, mono unless said otherwise.

`Pcm` is int16, `Mono` is float32 in -1 to 1. Everything here works in a stream and on empty arrays.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import numpy as np
import soxr
from numpy.typing import NDArray

Pcm: TypeAlias = NDArray[np.int16]
Mono: TypeAlias = NDArray[np.float32]

CHUNK_S = 0.02
SILENT_DB = -120.0


def to_float(samples: Pcm) -> Mono:
    """int16 of any shape as float32 in -1 to 1."""
    return samples.astype(np.float32) / np.float32(32768)


def to_int16(samples: Mono) -> Pcm:
    """float32 of any shape as int16; what lies beyond -1 to 1 is clipped, what is no number is silence."""
    scaled = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0) * np.float32(32768)
    clipped: Pcm = np.clip(np.rint(scaled), -32768, 32767).astype(np.int16)
    return clipped


def downmix(samples: Pcm, channels: int) -> Mono:
    """Interleaved int16 (frames * channels) as the mean of its channels; a ragged last frame is dropped.

    Errors: ValueError for less than one channel.
    """
    if channels < 1:
        raise ValueError(f"{channels} channels")
    if channels == 1:
        return to_float(samples)
    frames = len(samples) // channels
    mixed: Mono = to_float(samples[: frames * channels]).reshape(frames, channels).mean(axis=1, dtype=np.float32)
    return mixed


def level_db(samples: Mono) -> float:
    """Root mean square in dB below full scale; `SILENT_DB` for nothing."""
    if not len(samples):
        return SILENT_DB
    power = float(np.mean(np.square(samples, dtype=np.float32)))
    return max(SILENT_DB, 10 * float(np.log10(power))) if power > 0 else SILENT_DB


class Resampler:
    """From one rate (Hz) to another, chunk by chunk, without a seam."""

    def __init__(self, source_rate: int, target_rate: int) -> None:
        """Errors: ValueError unless both rates are positive."""
        if source_rate <= 0 or target_rate <= 0:
            raise ValueError(f"cannot resample {source_rate} Hz to {target_rate} Hz")
        self._stream = (
            soxr.ResampleStream(source_rate, target_rate, 1, dtype="float32", quality="MQ")
            if source_rate != target_rate
            else None
        )

    def push(self, samples: Mono) -> Mono:
        """What is ready after `samples`; the filter keeps some milliseconds back."""
        if self._stream is None or not len(samples):
            return samples
        ready: Mono = self._stream.resample_chunk(samples)
        return ready

    def flush(self) -> Mono:
        """The rest. Nothing may be pushed afterwards."""
        if self._stream is None:
            return np.zeros(0, np.float32)
        rest: Mono = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
        return rest


def resample(samples: Mono, source_rate: int, target_rate: int) -> Mono:
    """A whole recording from one rate (Hz) to another, in high quality."""
    if source_rate == target_rate or not len(samples):
        return samples
    done: Mono = soxr.resample(samples, source_rate, target_rate).astype(np.float32)
    return done


class OffsetRemover:
    """Takes out a constant offset (a faulty microphone's direct current) without touching speech."""

    def __init__(self, rate: int, settle_s: float = 0.5) -> None:
        self._settle = rate * settle_s
        self._offset: float | None = None

    def push(self, samples: Mono) -> Mono:
        """`samples` without the running mean; the mean moves in a straight line within them, so nothing clicks."""
        if not len(samples):
            return samples
        mean = float(samples.mean())
        before = mean if self._offset is None else self._offset
        after = before + (mean - before) * min(1.0, len(samples) / self._settle)
        self._offset = after
        line: Mono = np.linspace(before, after, len(samples), dtype=np.float32)
        return samples - line


class Blocks:
    """Cuts a stream into blocks of a fixed length in samples."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._rest: Mono = np.zeros(0, np.float32)

    def push(self, samples: Mono) -> Iterator[Mono]:
        """The blocks that are full now."""
        joined = np.concatenate((self._rest, samples)) if len(self._rest) else samples
        whole = len(joined) // self._length * self._length
        self._rest = joined[whole:].copy()
        for start in range(0, whole, self._length):
            yield joined[start : start + self._length]


def chunks(samples: Pcm, rate: int, seconds: float = CHUNK_S) -> Iterable[Pcm]:
    """A recording in chunks of `seconds`; the last one may be shorter."""
    length = max(1, round(rate * seconds))
    return (samples[start : start + length] for start in range(0, len(samples), length))
