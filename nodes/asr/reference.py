"""What the loudspeaker plays at each moment, as far as it is known: the sound that was sent, from when it started."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from nodes.asr.recogniser import RATE
from nodes.base.audio import Mono, Pcm, Resampler, downmix

_KEPT = 8  # utterances
_LONGEST_S = 60.0  # of one utterance; beyond it nothing is known
_AWAITED_S = 1.0  # one that has not begun to sound by then is not waited for


@dataclass
class _Sent:
    form: tuple[int, int]
    resampler: Resampler
    sent_at: float
    parts: deque[Mono] = field(default_factory=deque)
    frames: int = 0
    started: float | None = None
    ended: float | None = None


class Reference:
    """Times are seconds of the clock that stamps the sound; samples are mono at 16 kHz."""

    def __init__(self) -> None:
        self._sent: dict[str, _Sent] = {}

    def add(self, utterance_id: str, samples: Pcm, rate: int, channels: int, at: float, *, last: bool) -> None:
        """A chunk on its way to the loudspeaker, sent at `at`. Errors: ValueError for a form that cannot be."""
        sent = self._sent.get(utterance_id)
        if sent is None or sent.form != (rate, channels):
            sent = _Sent((rate, channels), Resampler(rate, RATE), at)
            self._sent[utterance_id] = sent
            while len(self._sent) > _KEPT:
                del self._sent[next(iter(self._sent))]
        ready = sent.resampler.push(downmix(samples, channels))
        for part in (ready, sent.resampler.flush() if last else ready[:0]):
            if len(part) and sent.frames < _LONGEST_S * RATE:
                sent.parts.append(part)
                sent.frames += len(part)

    def started(self, utterance_id: str, at: float) -> None:
        """Its first sample sounded."""
        if sent := self._sent.get(utterance_id):
            sent.started, sent.ended = at, None

    def ended(self, utterance_id: str, at: float) -> None:
        """It sounds no more."""
        if sent := self._sent.get(utterance_id):
            sent.started = at if sent.started is None else sent.started
            sent.ended = at

    def awaits(self, at: float) -> bool:
        """Whether something may have begun to sound of which only the beginning is not yet told."""
        waiting = [each for each in self._sent.values() if each.started is None]
        sounding = any(each.started is not None and each.ended is None for each in self._sent.values())
        return not sounding and any(at - each.sent_at < _AWAITED_S for each in waiting)

    def knows(self, utterance_id: str) -> bool:
        """Whether the sound of an utterance is known."""
        return utterance_id in self._sent

    def between(self, at: float, frames: int) -> Mono:
        """What sounds from `at` on; silence where nothing does."""
        mixed = np.zeros(frames, np.float32)
        for sent in self._sent.values():
            if sent.started is None or (sent.ended is not None and sent.ended <= at):
                continue
            first = round((at - sent.started) * RATE)
            if first + frames <= 0 or first >= sent.frames:
                continue
            sound = _cut(sent.parts, first, frames)
            if sent.ended is not None:
                sound[max(0, round((sent.ended - at) * RATE)) :] = 0.0
            mixed += sound
        return mixed


def _cut(parts: deque[Mono], first: int, frames: int) -> Mono:
    """`frames` samples of the joined parts from index `first`, which may lie before or beyond them."""
    found = np.zeros(frames, np.float32)
    begin = 0
    for part in parts:
        low, high = max(first, begin), min(first + frames, begin + len(part))
        if low < high:
            found[low - first : high - first] = part[low - begin : high - begin]
        begin += len(part)
        if begin >= first + frames:
            break
    return found
