"""Takes the robot's own voice out of what the microphone hears, given what the loudspeaker was sent.

A partitioned-block frequency-domain Kalman filter: G. Enzner, P. Vary, "Frequency-domain adaptive Kalman filter for
acoustic echo control in hands-free telephones", Signal Processing 86 (2006); partitions as in F. Kuech, E. Mabande,
G. Enzner, "State-space architecture of the partitioned-block-based acoustic echo controller", ICASSP 2014. It learns
the way from loudspeaker to microphone within a sentence, and holds still by itself while somebody else speaks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nodes.asr.vad import BLOCK
from nodes.base.audio import Mono

LEAD_S = 0.02  # the loudspeaker's sound is looked at so far ahead: stamps may be wrong by that much
_STEP = 128  # samples the filter takes at a time: shorter ones learn faster and cost more
_PARTS = 24  # of one step each: an echo of up to 192 ms
_ROUNDS = 2  # each step is learned from twice: half a second earlier deaf to itself
_KEPT = 0.998**2  # how much of the way through the room stays the same from one step to the next
_FIRST = 1.0  # how unsure it is of each frequency at first, as a squared gain
_FADES = 0.3 ** (_STEP / 512)  # of that from one partition to the next: rooms fade
_SMOOTH = 0.7
_LEAST = 1e-7
_SURE = 1e-10
_LEAK_FIRST = 1.0  # before anything is known, all of the echo may remain
_LEAK_FALLS = 0.9  # per block, while the canceller proves itself
_LEAK_RISES = 1.01  # slowly: somebody who speaks with the robot must not pass for a canceller that works badly
_LOUDER = 20.0  # the remaining echo rises so far above its mean for moments


@dataclass(frozen=True)
class Cleaned:
    """One block without the robot's voice.

    `near`: power (mean square) of what is left. `remains`: how much of that may be the robot's own voice after all.
    """

    samples: Mono
    near: float
    remains: float

    @property
    def own(self) -> bool:
        """Whether nothing but the robot need be in it."""
        return self.near <= self.remains


class EchoCanceller:
    """One microphone and one loudspeaker. Blocks of `BLOCK` samples at 16 kHz, about 1 ms of work while it sounds."""

    def __init__(self) -> None:
        self._way: NDArray[np.complex64] = np.zeros((_PARTS, _STEP + 1), np.complex64)
        fade = _FIRST * _FADES ** np.arange(_PARTS)
        self._unsure: NDArray[np.float32] = np.repeat(fade[:, None], _STEP + 1, axis=1).astype(np.float32)
        self._sent: NDArray[np.complex64] = np.zeros((_PARTS, _STEP + 1), np.complex64)
        self._before: Mono = np.zeros(_STEP, np.float32)
        self._noise: NDArray[np.float32] = np.full(_STEP + 1, _LEAST, np.float32)
        self._idle = _PARTS * _STEP
        self._leak = _LEAK_FIRST
        self._recent = 0.0

    @property
    def gain_db(self) -> float:
        """How loud the loudspeaker is heard as far as that was learned, in dB; -120 before anything was."""
        power = float(np.mean(np.sum(np.square(np.abs(self._way)), axis=0)))
        return max(-120.0, 10 * float(np.log10(power))) if power > 0 else -120.0

    @property
    def removed_db(self) -> float:
        """By how much the robot's own voice was weakened lately, in dB."""
        return -10 * float(np.log10(max(self._leak, 1e-12)))

    def __call__(self, heard: Mono, sent: Mono) -> Cleaned:
        """Clean one block; `sent`: what the loudspeaker plays from `LEAD_S` after its start, as long as the block."""
        self._idle = 0 if np.any(sent) else self._idle + BLOCK
        if self._idle > _PARTS * _STEP:
            self._recent = 0.0
            return Cleaned(heard, float(np.mean(np.square(heard))), 0.0)
        left = np.empty_like(heard)
        for at in range(0, BLOCK, _STEP):
            left[at : at + _STEP] = self._step(heard[at : at + _STEP], sent[at : at + _STEP])
        return self._judged(heard, left)

    def _step(self, heard: Mono, sent: Mono) -> Mono:
        self._sent[1:] = self._sent[:-1]
        self._sent[0] = np.fft.rfft(np.concatenate((self._before, sent)))
        self._before = sent
        strength = np.square(np.abs(self._sent))
        left = self._error(heard)
        for turn in range(_ROUNDS):
            error = np.fft.rfft(np.concatenate((np.zeros(_STEP, np.float32), left))).astype(np.complex64)
            if turn == 0:
                self._noise = _SMOOTH * self._noise + (1 - _SMOOTH) * np.square(np.abs(error))
            step = self._unsure / (0.5 * np.sum(self._unsure * strength, axis=0) + self._noise + _LEAST)
            change = np.fft.irfft(step * np.conj(self._sent) * error, axis=1)
            change[:, _STEP:] = 0.0  # each partition answers within its own step
            self._way += np.fft.rfft(change, axis=1).astype(np.complex64)
            if turn == 0:
                drift = (1 - _KEPT) * np.square(np.abs(self._way))
                self._unsure = np.maximum(_KEPT * (1 - 0.5 * step * strength) * self._unsure + drift, _SURE)
            left = self._error(heard)
        return left

    def _error(self, heard: Mono) -> Mono:
        echo = np.fft.irfft(np.sum(self._way * self._sent, axis=0))[_STEP:]
        left: Mono = (heard - echo).astype(np.float32)
        return left

    def _judged(self, heard: Mono, left: Mono) -> Cleaned:
        """Compare what is left with the echo taken out; reverberation beyond the filter is told by what was before."""
        near = float(np.mean(np.square(left)))
        echo = max(float(np.mean(np.square(heard - left))), 0.5 * self._recent)
        self._recent = echo
        remains = _LOUDER * self._leak * echo
        if echo > _LEAST:
            ratio = near / echo
            falling = _LEAK_FALLS * self._leak + (1 - _LEAK_FALLS) * ratio
            self._leak = falling if ratio < self._leak else min(ratio, _LEAK_RISES * self._leak, _LEAK_FIRST)
        return Cleaned(left, near, remains)
