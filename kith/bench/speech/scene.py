"""A room in virtual time: the robot's ears hear it, its voice sounds in it, and their work takes as long as it does.

Sound advances in chunks of 20 ms without waiting for the clock. Every piece of work (voice activity, cancelling the
echo, decoding, rendering) is really done and timed, and its result arrives that much later in virtual time, as on a
machine that does nothing else. Work costs the time that passed, or the processor time it took where that is less: what
other programs took away meanwhile is not counted, and two threads at work on two cores are counted one after the other.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nodes.asr.endpointer import Patience
from nodes.asr.gate import Gate
from nodes.asr.hearing import Event, Hearing
from nodes.asr.recogniser import Heard, Recogniser, Utterance
from nodes.asr.vad import VoiceActivity
from nodes.base.audio import CHUNK_S, Mono, Pcm
from sim.room.acoustics import Path, response
from sim.room.mixing import Room

RATE = 16_000
FRAMES = round(RATE * CHUNK_S)
ECHO_DB = -6.0
_TAIL_S = 0.35


class Work:
    """From now on."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    @property
    def seconds(self) -> float:
        """What it has cost."""
        return min(time.perf_counter() - self._wall, time.process_time() - self._processor)


class TimedDecoder:
    """A decoder whose answers come as late as the work took. As the real one: in order, only the newest request."""

    def __init__(self, recogniser: Recogniser, costs_s: float | None = None) -> None:
        """`costs_s`: what each answer costs instead of the time it took."""
        self.recogniser = recogniser
        self._costs_s = costs_s
        self.answered: Callable[[int, int, Heard], None] = lambda *_: None
        self.took: list[float] = []
        self._open: dict[int, Utterance] = {}
        self._jobs: deque[tuple[int, int, bool, bool]] = deque()
        self._newest: dict[int, int] = {}
        self._at_work: tuple[float, int, int, Heard] | None = None
        self._feeding_s = 0.0

    @property
    def idle(self) -> bool:
        """Whether a request would be worked on at once."""
        return not self._jobs and self._at_work is None

    def feed(self, number: int, samples: Mono) -> None:
        """More sound of an utterance."""
        work = Work()
        self._of(number).feed(samples)
        self._feeding_s += work.seconds

    def hear(self, number: int, request: int, *, final: bool, hurried: bool = False) -> None:
        """Ask for its words."""
        self._newest[number] = request
        self._jobs.append((number, request, final, hurried))

    def drop(self, number: int) -> None:
        """Forget an utterance."""
        self._newest.pop(number, None)
        self._open.pop(number, None)

    def advance(self, now: float) -> None:
        """Begin what can begin at `now`, tell what is done by then."""
        while True:
            if self._at_work is not None:
                done_at, number, request, heard = self._at_work
                if done_at > now:
                    return
                self._at_work = None
                self.answered(number, request, heard)
            if not self._jobs:
                return
            number, request, final, hurried = self._jobs.popleft()
            if self._newest.get(number) != request:
                continue
            work = Work()
            heard = self._of(number).hear(final=final, hurried=hurried)
            took, self._feeding_s = work.seconds + self._feeding_s, 0.0
            if self._costs_s is not None:
                took = self._costs_s
            self.took.append(took)
            if final:
                self._open.pop(number, None)
            self._at_work = (now + took, number, request, heard)

    def _of(self, number: int) -> Utterance:
        if number not in self._open:
            self._open[number] = self.recogniser.begin()
        return self._open[number]


@dataclass
class _Saying:
    """What the robot says: `at` is when it begins to sound."""

    name: str
    sound: Pcm
    at: float
    played: int = 0
    told: bool = False


@dataclass
class Scene:
    """One room, one robot. `heard` is called with each event and its virtual time, in seconds since the start."""

    recognisers: list[Recogniser]
    heard: Callable[[Event, float], None]
    echo_db: float = ECHO_DB
    noise_dbfs: float = -66.0
    everybody: bool = False
    costs_s: float | None = None  # what each decoding costs instead of the time it takes, for tests
    now: float = 0.0
    silent_at: float = 0.0
    _saying: _Saying | None = None
    _numbers: int = 0
    _behind_s: float = 0.0
    _decoders: list[TimedDecoder] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.room = Room(RATE, self.noise_dbfs)
        self._path = Path(response(RATE, self.echo_db, 0.7, 0.3, 0.001), FRAMES)
        self._decoders = [TimedDecoder(each, self.costs_s) for each in self.recognisers]
        decoders: Any = self._decoders
        self.hearing = Hearing(
            VoiceActivity(), decoders, Gate(_TAIL_S), Patience(), self._event, everybody=self.everybody
        )
        for index, decoder in enumerate(self._decoders):
            decoder.answered = self._answer_of(index)

    @property
    def speaking(self) -> bool:
        """Whether the robot sounds, or is about to."""
        return self._saying is not None

    def say(self, sound: Pcm, text: str, at: float) -> None:
        """The robot begins to say `text` at virtual time `at`; what it was saying ends."""
        self.hush()
        self._numbers += 1
        name = f"u{self._numbers}"
        self._saying = _Saying(name, sound, at)
        self.hearing.robot_says(name, text)
        self.hearing.robot_sends(name, sound, RATE, 1, self.now, last=True)

    def hush(self) -> None:
        """The robot falls silent at the end of the block that sounds now."""
        if self._saying is not None:
            if self._saying.told:
                self.hearing.robot_ends(self._saying.name, self.now + CHUNK_S)
            self.silent_at = self.now + CHUNK_S
            self._saying = None

    def add(self, sound: Pcm, at: float) -> None:
        """Somebody's sound in the room from virtual time `at` on."""
        self.room.add(sound, round(at * RATE))

    def tick(self) -> None:
        """20 ms pass."""
        arrived = self._path.through(self._loudspeaker())
        if arrived is not None:
            self.room.add(arrived, self.room.position)
        samples = self.room.read(FRAMES)
        work = Work()
        start = self.now
        self.now += CHUNK_S
        self.hearing.sound(samples, RATE, 1, start)
        spent = work.seconds if self.costs_s is None else 0.0
        self._behind_s = max(0.0, self._behind_s + spent - CHUNK_S)
        for decoder in self._decoders:
            decoder.advance(self.now)

    def run(self, seconds: float) -> None:
        """So much time passes."""
        end = self.now + seconds
        while self.now < end:
            self.tick()

    def _loudspeaker(self) -> Pcm:
        played = np.zeros(FRAMES, np.int16)
        saying = self._saying
        if saying is None or saying.at > self.now:
            return played
        if not saying.told:
            saying.told = True
            self.hearing.robot_sounds(saying.name, self.now)
        part = saying.sound[saying.played : saying.played + FRAMES]
        played[: len(part)] = part
        saying.played += FRAMES
        if saying.played >= len(saying.sound):
            self.hearing.robot_ends(saying.name, self.now + len(part) / RATE)
            self._saying = None
        return played

    def _event(self, event: Event) -> None:
        self.heard(event, self.now + self._behind_s)

    def _answer_of(self, index: int) -> Callable[[int, int, Heard], None]:
        return lambda number, request, heard: self.hearing.answered(index, number, request, heard)
