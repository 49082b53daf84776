"""What a loudspeaker plays next, and what it really did: the same for a sound card and for a virtual one.

The device pulls samples at its own pace (`read`), so its clock, not the sender's, says when an utterance began and
ended. Positions are frames since the device started; whoever owns the device turns them into times.
"""

import threading
from collections import deque
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from nodes.base.audio import Pcm
from nodes.body.samples import MonoStream

_REMEMBERED = 256  # utterances whose late chunks are still recognised as late


class Happened(Enum):
    """What the loudspeaker did with an utterance."""

    STARTED = "started"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True)
class PlaybackEvent:
    """`frame`: position on the device's own clock. `played_s`: seconds of the utterance that have sounded."""

    utterance_id: str
    happened: Happened
    frame: int
    played_s: float


@dataclass
class _Utterance:
    id: str
    stream: MonoStream
    parts: deque[Pcm] = field(default_factory=deque)
    complete: bool = False
    abandoned: bool = False
    started: bool = False
    played: int = 0
    starved: int = 0

    def take(self, frames: int) -> Pcm:
        taken: list[Pcm] = []
        while frames and self.parts:
            part = self.parts.popleft()
            if len(part) > frames:
                self.parts.appendleft(part[frames:])
                part = part[:frames]
            taken.append(part)
            frames -= len(part)
        return np.concatenate(taken) if taken else np.zeros(0, np.int16)


class PlaybackQueue:
    """Utterances in the order in which they came, one at a time. Safe to use from two threads."""

    def __init__(self, rate: int, starved_s: float = 1.0) -> None:
        """`rate`: the device's, in Hz. `starved_s`: an utterance whose sender falls silent so long is given up."""
        self._rate = rate
        self._starved_frames = round(starved_s * rate)
        self._queue: deque[_Utterance] = deque()
        self._over: deque[str] = deque(maxlen=_REMEMBERED)
        self._events: list[PlaybackEvent] = []
        self._lock = threading.Lock()
        self.position = 0
        self.late = 0

    @property
    def sounding(self) -> bool:
        """Whether an utterance has begun and not ended."""
        with self._lock:
            return bool(self._queue) and self._queue[0].started

    def add(self, utterance_id: str, interleaved: Pcm, rate: int, channels: int, last: bool) -> None:
        """Queue one chunk. Chunks of an utterance that is over are dropped and counted as late.

        Errors: ValueError for a rate or channel count that is none, or that changes within an utterance.
        """
        with self._lock:
            if utterance_id in self._over:
                self.late += 1
                return
            utterance = next((each for each in self._queue if each.id == utterance_id), None)
            if utterance is None:
                utterance = _Utterance(utterance_id, MonoStream(rate, channels, self._rate))
                if self._queue:
                    # One voice: who begins anew says nothing more of what came before.
                    self._queue[-1].abandoned = not self._queue[-1].complete
                self._queue.append(utterance)
            elif (utterance.stream.rate, utterance.stream.channels) != (rate, channels):
                raise ValueError("the rate or channel count changed within one utterance")
            parts = [utterance.stream.feed(interleaved), utterance.stream.flush() if last else interleaved[:0]]
            utterance.parts.extend(part for part in parts if len(part))
            utterance.complete = utterance.complete or last

    def stop(self, utterance_id: str) -> None:
        """Silence one utterance, or all (""), at once and for good; each is answered by STOPPED.

        One that has not arrived yet is answered as well: its chunks may be on the way. One that is over is not.
        """
        with self._lock:
            stopped = [each for each in self._queue if utterance_id in ("", each.id)]
            for each in stopped:
                self._queue.remove(each)
                self._end(each, Happened.STOPPED, self.position)
            if utterance_id and not stopped and utterance_id not in self._over:
                self._over.append(utterance_id)
                self._events.append(PlaybackEvent(utterance_id, Happened.STOPPED, self.position, 0.0))

    def read(self, frames: int) -> Pcm:
        """The next `frames` samples to sound, silence where there are none. Moves the device's clock."""
        out = np.zeros(frames, np.int16)
        with self._lock:
            filled = 0
            while filled < frames and self._queue:
                utterance = self._queue[0]
                part = utterance.take(frames - filled)
                if len(part) and not utterance.started:
                    utterance.started = True
                    self._events.append(PlaybackEvent(utterance.id, Happened.STARTED, self.position + filled, 0.0))
                out[filled : filled + len(part)] = part
                filled += len(part)
                utterance.played += len(part)
                utterance.starved = 0 if len(part) else utterance.starved
                if utterance.parts:
                    break
                if utterance.complete or utterance.abandoned:
                    self._queue.popleft()
                    how = Happened.FINISHED if utterance.complete else Happened.STOPPED
                    self._end(utterance, how, self.position + filled)
                    continue
                utterance.starved += frames - filled
                if utterance.starved > self._starved_frames:
                    self._queue.popleft()
                    self._end(utterance, Happened.STOPPED, self.position + filled)
                break
            self.position += frames
        return out

    def events(self) -> list[PlaybackEvent]:
        """What happened since the last call, oldest first."""
        with self._lock:
            happened, self._events = self._events, []
        return happened

    def _end(self, utterance: _Utterance, how: Happened, frame: int) -> None:
        self._over.append(utterance.id)
        self._events.append(PlaybackEvent(utterance.id, how, frame, utterance.played / self._rate))
