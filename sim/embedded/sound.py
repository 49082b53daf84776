"""The simulated body's ears and mouth on one exact clock, in blocks of 20 ms.

Block k lasts from k to k+1 times 20 ms after the start. It is worked out when it is over: what the loudspeaker played
in it was decided when it began, so nothing sounds before it was sent, and the echo is in the microphone's same block.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from nodes.base.audio import CHUNK_S, Pcm
from nodes.body.playback import PlaybackEvent, PlaybackQueue
from sim.room.acoustics import Path, response
from sim.room.mixing import Room

RATE = 16_000
FRAMES = round(RATE * CHUNK_S)
_CATCH_UP_S = 1.0
_DIRECT = 0.7  # of the echo's energy: loudspeaker and microphone sit in one head
_DELAY_S = 0.001
_REVERBERATION_S = 0.3  # a furnished living room


@dataclass(frozen=True)
class Heard:
    """One block of the microphone: its first frame since the start, and 320 samples."""

    sequence: int
    frame: int
    samples: Pcm


class Sound:
    """Microphone and loudspeaker in one room."""

    def __init__(self, room: Room, echo_db: float, reverberation_s: float = _REVERBERATION_S) -> None:
        """`echo_db`: how loud the microphone hears the loudspeaker; -120 or less is not at all."""
        self.room = room
        self.queue = PlaybackQueue(RATE)
        direct = _DIRECT if reverberation_s > 0 else 1.0
        delay_s = _DELAY_S if reverberation_s > 0 else 0.0
        self._echo = (
            Path(response(RATE, echo_db, direct, reverberation_s, delay_s), FRAMES) if echo_db > -120.0 else None
        )
        self._events: list[PlaybackEvent] = []
        self._sequence = 0
        self.skipped = 0
        self._play()

    def until(self, frame: int) -> Iterator[Heard]:
        """Every block that is over at `frame` (frames since the start).

        After a standstill of more than a second (a suspended machine) the lost blocks are skipped: a gap in the
        sequence says so, and nobody is flooded with the past.
        """
        behind = (frame - self.room.position) // FRAMES
        if behind > round(_CATCH_UP_S / CHUNK_S):
            for _ in range(behind - 1):
                self.room.read(FRAMES)
                self.queue.position += FRAMES
            self._sequence += behind - 1
            self.skipped += behind - 1
        while self.room.position + FRAMES <= frame:
            heard = Heard(self._sequence, self.room.position, self.room.read(FRAMES))
            self._sequence += 1
            self._play()
            yield heard

    def events(self, frame: int) -> list[PlaybackEvent]:
        """What the loudspeaker has really done by `frame`, oldest first."""
        self._events += self.queue.events()
        due = [event for event in self._events if event.frame <= frame]
        self._events = [event for event in self._events if event.frame > frame]
        return due

    def _play(self) -> None:
        played = self.queue.read(FRAMES)
        if self._echo is not None and (echo := self._echo.through(played)) is not None:
            self.room.add(echo, self.room.position)
