"""One sentence on its way into the room, in chunks of 20 ms that say when they sound."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from nodes.base.audio import CHUNK_S, Pcm

LEAD = timedelta(milliseconds=250)
"""How long before it sounds a chunk is sent: a microphone's node that is busy for a moment still gets it in time."""


@dataclass(frozen=True)
class Part:
    """20 ms or, at the end, less. `at`: when its first sample sounds."""

    sequence: int
    at: datetime
    samples: Pcm


class Speech:
    """The chunks of one sentence, handed out as their time comes."""

    def __init__(self, samples: Pcm, rate: int, now: datetime) -> None:
        """It begins to sound `LEAD` from now."""
        self._samples, self._rate = samples, rate
        self._frames = round(rate * CHUNK_S)
        self._sent = 0
        self.began = now + LEAD
        self.ends = self.began + timedelta(seconds=len(samples) / rate)

    def due(self, now: datetime) -> Iterator[Part]:
        """What has to be sent by now."""
        while self._sent * self._frames < len(self._samples):
            at = self.began + timedelta(seconds=self._sent * self._frames / self._rate)
            if at - LEAD > now:
                return
            start = self._sent * self._frames
            yield Part(self._sent, at, self._samples[start : start + self._frames])
            self._sent += 1

    def over(self, now: datetime) -> bool:
        """Whether its last sample has sounded."""
        return now >= self.ends
