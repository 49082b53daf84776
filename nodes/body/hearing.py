"""A microphone's sound as `audio_in`: 20 ms chunks of 16 kHz mono, without gaps, stamped with when they were heard."""

import array
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from kith_msgs.msg import AudioChunk

from nodes.base import graph, times
from nodes.base.audio import CHUNK_S, Pcm
from nodes.base.node import KithNode
from nodes.body.samples import MonoStream

RATE = 16_000
_FRAMES = round(RATE * CHUNK_S)
_APART_S = 0.25  # a stamp that is further off than this belongs to another time: the device has stopped meanwhile
_SLEW = 0.02  # of what is off, a chunk: two clocks never run alike, and blocks arrive when the machine has time
_LARGEST_SLEW_S = 0.001


class Ears:
    """Publishes what is heard, from whatever rate, channels and block length it comes in."""

    def __init__(self, node: KithNode[Any]) -> None:
        self._audio_in = node.publisher(graph.AUDIO_IN)
        self._sequence = 0
        self._waiting: Pcm = np.zeros(0, np.int16)
        self._stream: MonoStream | None = None
        self._next: datetime | None = None

    def begin(self, rate: int, channels: int) -> None:
        """A device begins. Errors: ValueError for a rate or channel count that is none."""
        self._stream = MonoStream(rate, channels, RATE)
        self._waiting = np.zeros(0, np.int16)
        self._next = None

    def hear(self, interleaved: Pcm, heard: datetime) -> None:
        """A block of the device that began; `heard`: when its first sample was."""
        assert self._stream is not None, "begin comes first"
        first = heard - timedelta(seconds=len(self._waiting) / RATE)
        if self._next is None or abs((first - self._next).total_seconds()) > _APART_S:
            self._next = first
        slew_s = (first - self._next).total_seconds() * _SLEW
        step = timedelta(seconds=CHUNK_S + max(-_LARGEST_SLEW_S, min(_LARGEST_SLEW_S, slew_s)))
        self._waiting = np.concatenate([self._waiting, self._stream.feed(interleaved)])
        while len(self._waiting) >= _FRAMES:
            self._publish(self._waiting[:_FRAMES], self._next)
            self._waiting = self._waiting[_FRAMES:]
            self._next += step

    def skip(self, chunks: int) -> None:
        """So many chunks were lost on the way: the sequence says so."""
        self._sequence = (self._sequence + chunks) % 2**32

    def _publish(self, samples: Pcm, heard: datetime) -> None:
        chunk = AudioChunk(
            sequence=self._sequence, sample_rate=RATE, channels=1, samples=array.array("h", samples.tobytes())
        )
        chunk.header.stamp = times.to_msg(heard)
        chunk.header.frame_id = "microphone"
        self._audio_in.publish(chunk)
        self._sequence = (self._sequence + 1) % 2**32
