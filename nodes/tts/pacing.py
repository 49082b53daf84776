"""When to send which 20 ms of an utterance: never far ahead of what has sounded, so that a stop is a stop."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from nodes.base.audio import CHUNK_S, Pcm, chunks
from nodes.tts.synthesiser import Sound

AHEAD_S = 0.2
_QUIET = 100  # of 32768: what engines put before and after a sentence
_LEAD_S = 0.01
_STARVING_S = 0.1  # with less ahead the loudspeaker would soon give up


@dataclass(frozen=True)
class Piece:
    """What to send now. `last`: nothing follows."""

    samples: Pcm
    last: bool


def trimmed(sound: Sound) -> Sound:
    """A sound without the silence before and after it; empty if it is nothing but silence."""
    loud = np.flatnonzero(np.abs(sound.samples.astype(np.int32)) > _QUIET)
    if not len(loud):
        return Sound(np.zeros(0, np.int16), sound.rate)
    first = max(0, int(loud[0]) - round(_LEAD_S * sound.rate))
    return Sound(sound.samples[first : int(loud[-1]) + 1], sound.rate)


class Pacer:
    """One utterance on its way to the loudspeaker. Times are seconds of one clock."""

    def __init__(self) -> None:
        self.rate = 0
        self._waiting: deque[Pcm] = deque()
        self._waiting_s = 0.0
        self._complete = False
        self._over = False
        self._sent_s = 0.0
        self._started_at: float | None = None
        self._first_sent_at: float | None = None

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that are rendered and not sent."""
        return self._waiting_s

    @property
    def sent_s(self) -> float:
        """Seconds of sound that were sent."""
        return self._sent_s

    @property
    def all_rendered(self) -> bool:
        """Whether `complete` was called."""
        return self._complete

    @property
    def over(self) -> bool:
        """Whether the last piece was sent, or nothing ever will be."""
        return self._over

    @property
    def first_sent_at(self) -> float | None:
        """When the first piece was sent."""
        return self._first_sent_at

    def add(self, sound: Sound) -> None:
        """More sound, of the same rate as before. Errors: ValueError for another rate."""
        if self.rate not in (0, sound.rate):
            raise ValueError(f"{sound.rate} Hz after {self.rate} Hz")
        self.rate = sound.rate
        self._waiting.extend(chunks(sound.samples, sound.rate))
        self._waiting_s += sound.seconds

    def complete(self) -> None:
        """Nothing is added any more."""
        self._complete = True
        if self._sent_s and not self._waiting:
            self._waiting.append(self._silence())  # something has to carry the mark of the last piece
            self._waiting_s += CHUNK_S
        self._over = not self._waiting

    def started(self, at: float) -> None:
        """The loudspeaker began to play it."""
        self._started_at = at

    def played_s(self, now: float) -> float:
        """How much should have sounded: by the clock since it started, and not more than was sent."""
        return 0.0 if self._started_at is None else min(self._sent_s, max(0.0, now - self._started_at))

    def due(self, now: float) -> list[Piece]:
        """What to send now. The last piece is kept back until it is known to be the last.

        While an engine is restarted the loudspeaker gets silence, or it would take the rest for abandoned.
        """
        pieces: list[Piece] = []
        limit_s = self.played_s(now) + AHEAD_S - CHUNK_S
        while self._waiting and (len(self._waiting) > 1 or self._complete) and self._sent_s <= limit_s + 1e-9:
            pieces.append(self._next())
        while not self._complete and self._starving(now):
            if not self._waiting:
                self._waiting.append(self._silence())
                self._waiting_s += CHUNK_S
            pieces.append(self._next())
        if pieces and self._first_sent_at is None:
            self._first_sent_at = now
        return pieces

    def _next(self) -> Piece:
        samples = self._waiting.popleft()
        seconds = len(samples) / self.rate
        self._sent_s += seconds
        self._waiting_s -= seconds
        self._over = self._complete and not self._waiting
        return Piece(samples, self._over)

    def _starving(self, now: float) -> bool:
        return self._started_at is not None and self._sent_s - self.played_s(now) < _STARVING_S

    def _silence(self) -> Pcm:
        return np.zeros(round(CHUNK_S * self.rate), np.int16)
