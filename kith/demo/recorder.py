"""The sound of the whole room: left what the robot's microphone heard, right what its loudspeaker played."""

import threading
import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kith.demo.events import Played, Sound
from nodes.base.audio import Pcm, resample, to_float, to_int16

RATE = 16_000
_AUDIBLE = 10 ** (-50 / 20) * 32_768  # samples softer than -50 dBFS are not heard in a room


@dataclass
class _Utterance:
    """What the robot was about to play; `started`: when its first sample sounded."""

    rate: int
    parts: list[Pcm] = field(default_factory=list)
    started: float | None = None
    played_s: float | None = None

    @property
    def samples(self) -> Pcm:
        return np.concatenate(self.parts) if self.parts else np.zeros(0, np.int16)

    def first_sound(self) -> float | None:
        loud = np.flatnonzero(np.abs(self.samples.astype(np.int32)) > _AUDIBLE)
        if self.started is None or not len(loud):
            return None
        return self.started + float(loud[0]) / self.rate


class Recorder:
    """Collects sound with its time stamps (seconds since the epoch). Filled and read by different threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._microphone: list[tuple[float, Pcm]] = []
        self._spoken_until: dict[str, float] = {}
        self._robot: dict[str, _Utterance] = {}

    def hear(self, at: float, samples: Pcm) -> None:
        """A chunk of the microphone, mono at 16 kHz."""
        with self._lock:
            self._microphone.append((at, samples))

    def hears(self) -> bool:
        """Whether the microphone has delivered anything."""
        with self._lock:
            return bool(self._microphone)

    def speak(self, resident_id: str, at: float, samples: Pcm) -> None:
        """A chunk of a resident's voice, mono at 16 kHz."""
        with self._lock:
            self._spoken_until[resident_id] = at + len(samples) / RATE

    def send(self, utterance_id: str, samples: Pcm, rate: int) -> None:
        """A chunk on its way to the loudspeaker, mono at its own rate."""
        with self._lock:
            self._robot.setdefault(utterance_id, _Utterance(rate)).parts.append(samples)

    def play(self, event: Played) -> None:
        """What the loudspeaker did."""
        with self._lock:
            utterance = self._robot.get(event.utterance_id)
            if utterance is None:
                return
            if event.sound is Sound.STARTED:
                utterance.started = event.at
            else:
                utterance.played_s = event.played_s

    def spoken_until(self, resident_id: str) -> float | None:
        """When the last sample of the resident's newest sentence sounded."""
        with self._lock:
            return self._spoken_until.get(resident_id)

    def first_sound(self, utterance_id: str) -> float | None:
        """When an utterance of the robot could first be heard; None while that is not known."""
        with self._lock:
            utterance = self._robot.get(utterance_id)
            return utterance.first_sound() if utterance else None

    def played_s(self, utterance_id: str) -> float | None:
        """How long an utterance sounded, when it is over."""
        with self._lock:
            utterance = self._robot.get(utterance_id)
            return utterance.played_s if utterance else None

    def write(self, path: Path) -> float:
        """Write a stereo WAV at 16 kHz; returns its length in seconds, 0 when nothing was heard (and no file)."""
        with self._lock:
            if not self._microphone:
                return 0.0
            start = self._microphone[0][0]
            last_at, last = self._microphone[-1]
            room = np.zeros((round((last_at - start) * RATE) + len(last), 2), np.int16)
            for at, samples in self._microphone:
                _place(room[:, 0], samples, round((at - start) * RATE))
            for utterance in self._robot.values():
                if utterance.started is not None:
                    _place(room[:, 1], _at_room_rate(utterance), round((utterance.started - start) * RATE))
        with wave.open(str(path), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(room.tobytes())
        return len(room) / RATE


def _at_room_rate(utterance: _Utterance) -> Pcm:
    samples = to_int16(resample(to_float(utterance.samples), utterance.rate, RATE))
    return samples if utterance.played_s is None else samples[: round(utterance.played_s * RATE)]


def _place(channel: Pcm, samples: Pcm, at: int) -> None:
    if at < 0:
        samples, at = samples[-at:], 0
    room = channel[at : at + len(samples)]
    room[:] = samples[: len(room)]
