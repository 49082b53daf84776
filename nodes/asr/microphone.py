"""From whatever a microphone sends to mono blocks at 16 kHz, each with its time; and how good the sound is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nodes.asr.recogniser import RATE
from nodes.asr.vad import BLOCK
from nodes.base.audio import Blocks, Mono, OffsetRemover, Pcm, Resampler, downmix, level_db

_CLIPPED = np.int16(32700)
_APART_S = 0.05  # a count of samples and a stamp that differ by more are no jitter
_FOLLOWED = 0.02  # of what they differ by, per chunk


@dataclass
class Meter:
    """What the sound itself was like, since the last look."""

    level_db: float = -120.0  # of the loudest chunk, below full scale
    clipped: int = 0  # samples at full scale
    samples: int = 0
    zeros: int = 0  # samples of exactly nothing: no air is that still
    total: float = 0.0
    empty: int = 0  # chunks without a sample

    @property
    def offset(self) -> float:
        """Mean of the samples, -1 to 1: a good microphone has none."""
        return self.total / self.samples if self.samples else 0.0

    def take(self) -> "Meter":
        """The figures so far; counting starts anew."""
        taken = replace(self)
        vars(self).update(vars(Meter()))
        return taken

    def add(self, samples: Pcm, mono: Mono) -> None:
        """One chunk, as it came and mixed to mono."""
        if not len(samples):
            self.empty += 1
            return
        self.level_db = max(self.level_db, level_db(mono))
        self.clipped += int(np.count_nonzero((samples >= _CLIPPED) | (samples <= -_CLIPPED)))
        self.zeros += int(len(samples) - np.count_nonzero(samples))
        self.samples += len(samples)
        self.total += float(mono.sum(dtype=np.float64)) * len(samples) / max(1, len(mono))


class Microphone:
    """One stream. A new rate or channel count begins a new one."""

    def __init__(self) -> None:
        self.meter = Meter()
        self._form: tuple[int, int] | None = None

    def changed(self, rate: int, channels: int) -> bool:
        """Whether a chunk of that form begins a new stream. Errors: ValueError for a form that cannot be."""
        if self._form == (rate, channels):
            return False
        resampler = Resampler(rate, RATE)
        downmix(np.zeros(0, np.int16), channels)
        self._form = (rate, channels)
        self._resampler, self._offset, self._blocks = resampler, OffsetRemover(RATE), Blocks(BLOCK)
        self._pushed = self._given = 0
        self._start: float | None = None
        return True

    def push(self, samples: Pcm, at: float) -> Iterator[tuple[Mono, float]]:
        """The blocks that are full after a chunk whose first sample was heard at `at`, each with the time of its end.

        Times follow the count of samples, and the stamps only slowly: stamps jitter, sound does not.
        """
        assert self._form is not None
        rate, channels = self._form
        mono = downmix(samples, channels)
        self.meter.add(samples, mono)
        if not len(mono):
            return
        counted = self._start + self._pushed / rate if self._start is not None else at
        if self._start is None or abs(at - counted) > _APART_S:
            self._start = at - self._pushed / rate
        else:
            self._start += _FOLLOWED * (at - counted)
        self._pushed += len(mono)
        for block in self._blocks.push(self._offset.push(self._resampler.push(mono))):
            self._given += BLOCK
            yield block, self._start + self._given / RATE
