"""Many sentences through the real engine and mouth while the engine is killed and hung: does each sound, and once?

What is counted is what leaves the loudspeaker. Every sentence carries its number as a few samples in its sound, and the
loudspeaker's output is searched for these marks. Playback is virtual: its clock moves as fast as sound is made.
"""

import os
import queue
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, fields

import numpy as np

from nodes.base.audio import CHUNK_S, Pcm
from nodes.body.playback import Happened, PlaybackQueue
from nodes.tts.espeak import ESpeak
from nodes.tts.mouth import Chunk, Ended, Heard, Mouth, Outcome, Utterance
from nodes.tts.rendering import Renderer
from nodes.tts.synthesiser import Manner, Sound

FULL, QUICK = 10_000, 300
_RATE = 22_050  # Hz: eSpeak NG's own, so that no resampling blurs the marks
_DEADLINE_S = 1.5
_KILL_SHARE, _HANG_SHARE = 0.007, 0.003  # of the sentences
_AFTER_S = 0.03
_STUCK_S = 60.0  # of real time without any progress: two deadlines and two starts take 2 s
_SHARED_FROM = 1000
_WAITING = 4  # utterances asked for ahead of what sounds
_HEARD = {Happened.STARTED: Heard.STARTED, Happened.FINISHED: Heard.FINISHED, Happened.STOPPED: Heard.STOPPED}
_MARK = np.array([32767, -32768, 32767, -32768], np.int16)
_BASE = 1 << 14

_OPENINGS = ("Good morning", "I think", "After lunch", "Perhaps", "By the way", "In the garden", "This evening")
_MIDDLES = (
    *("your daughter rings at half past three", "there is music in the hall", "the roses are out"),
    *("we could look at the photographs", "the tea is ready", "it will be 18 °C", "the paper costs £1.50"),
)


@dataclass(frozen=True)
class Synthesis:
    """Sentences `asked` for, `spoken` (heard from the loudspeaker), `reported` as not spoken, `doubled` (heard twice).

    `silent`: neither spoken nor reported. `stuck`: how often nothing moved on. `engine_restarts`: what it went through.
    """

    asked: int
    spoken: int
    reported: int
    doubled: int
    silent: int
    stuck: int
    killed: int
    hung: int
    engine_restarts: int
    sounded_s: float
    took_s: float

    @property
    def within_target(self) -> bool:
        """All spoken or reported, none twice, never stuck."""
        return not (self.doubled or self.silent or self.stuck)


class _Marked:
    """The engine, with each sentence's number in its sound."""

    name = "espeak"

    def __init__(self, engine: ESpeak, harm: "_Harm") -> None:
        self._engine = engine
        self._harm = harm

    def speaks(self, locale: str) -> bool:
        return self._engine.speaks(locale)

    def render(self, text: str, manner: Manner) -> Sound:
        self._harm.perhaps()
        sound = self._engine.render(text, manner)
        # The number stands in the words; the engine says it, and the mark repeats it.
        number = int("".join(letter for letter in text.rpartition("number ")[2] if letter.isdecimal()))
        return Sound(marked(sound.samples, number), sound.rate)

    def close(self) -> None:
        self._engine.close()


def marked(samples: Pcm, number: int) -> Pcm:
    """A sound with a number in it, where it begins to be loud."""
    done = np.clip(samples, -30_000, 30_000).astype(np.int16)
    loud = int(np.flatnonzero(np.abs(done) > 1000)[0])
    done[loud : loud + len(_MARK) + 2] = (*_MARK, number // _BASE, number % _BASE)
    return done


def marks(heard: Pcm) -> list[int]:
    """The numbers of the sentences in a stretch of sound."""
    starts = np.flatnonzero(heard[: -len(_MARK) - 1] == _MARK[0])
    return [
        int(heard[start + len(_MARK)]) * _BASE + int(heard[start + len(_MARK) + 1])
        for start in starts
        if np.array_equal(heard[start : start + len(_MARK)], _MARK)
    ]


class _Harm:
    """Kills the engine's process, or stops it for good, some moments after a sentence began: at random, but seeded."""

    def __init__(self, engine: ESpeak, seed: int) -> None:
        self._engine = engine
        self._chance = random.Random(seed)  # noqa: S311 - mischief, not a secret
        self.killed = self.hung = 0

    def perhaps(self) -> None:
        """Called as each rendering begins."""
        what = self._chance.random()
        if what < _KILL_SHARE + _HANG_SHARE:
            timer = threading.Timer(self._chance.uniform(0.0, _AFTER_S), self._do, [what < _HANG_SHARE])
            timer.daemon = True
            timer.start()

    def _do(self, hang: bool) -> None:
        pid = self._engine.pid
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP if hang else signal.SIGKILL)
            self.hung, self.killed = self.hung + hang, self.killed + (not hang)


@dataclass
class Run:
    """The virtual loudspeaker and its clock, and what came out of it: `heard` counts each number."""

    mouth: Mouth | None = None
    frames: int = 0
    loudspeaker: PlaybackQueue = field(default_factory=lambda: PlaybackQueue(_RATE))
    posted: queue.SimpleQueue[Callable[[], None]] = field(default_factory=queue.SimpleQueue)
    heard: Counter[int] = field(default_factory=Counter)
    rest: Pcm = field(default_factory=lambda: np.zeros(0, np.int16))
    unspoken: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    failures: set[str] = field(default_factory=set)

    def clock(self) -> float:
        """Seconds that have sounded."""
        return self.frames / _RATE

    def send(self, chunk: Chunk) -> None:
        """To the loudspeaker."""
        self.loudspeaker.add(chunk.utterance_id, chunk.piece.samples, chunk.rate, 1, chunk.piece.last)

    def play(self) -> None:
        """Twenty milliseconds sound."""
        length = round(_RATE * CHUNK_S)
        heard = np.concatenate((self.rest, self.loudspeaker.read(length)))
        self.frames += length
        keep = len(_MARK) + 1
        self.heard.update(marks(heard))
        # The last samples may hold the beginning of a mark; a whole one is never looked at twice.
        self.rest = heard[-keep:]
        assert self.mouth is not None
        for event in self.loudspeaker.events():
            self.mouth.heard(event.utterance_id, _HEARD[event.happened], event.frame / _RATE, event.played_s)


def measure(sentences: int = FULL, told: Callable[[str], None] = lambda _: None, seed: int = 1) -> Synthesis:
    """Speak so many sentences in utterances of one to four. Errors: KithError if eSpeak NG cannot be used.

    Many are shared between two robots that speak at the same time, each with an engine and a queue of its own: a voice
    mostly waits, for its engine's thread and for one that hangs.
    """
    if sentences < _SHARED_FROM:
        return _one_robot(sentences, told, seed)
    began = time.monotonic()
    shares = (sentences - sentences // 2, sentences // 2)
    with ThreadPoolExecutor(len(shares)) as robots:
        found = list(robots.map(lambda share, number: _one_robot(share, told, number), shares, (seed, seed + 1)))
    added = {each.name: sum(getattr(one, each.name) for one in found) for each in fields(Synthesis)}
    return Synthesis(**{**added, "took_s": round(time.monotonic() - began, 1)})


def _one_robot(sentences: int, told: Callable[[str], None], seed: int) -> Synthesis:
    began = time.monotonic()
    engine = ESpeak(_DEADLINE_S)
    engine.languages()
    run, chance = Run(), random.Random(seed)  # noqa: S311 - mischief, not a secret
    harm = _Harm(engine, seed)
    renderer = Renderer([_Marked(engine, harm)])
    run.mouth = Mouth(renderer, run.posted.put, run.clock, run.send, run.loudspeaker.stop)
    try:
        groups = _groups(sentences, chance)
        stuck = _speak(run, groups, told)
    finally:
        renderer.close()
    spoken = sum(1 for number in range(sentences) if run.heard[number])
    lost = [number for number in range(sentences) if not run.heard[number]]
    group_of = {number: key for key, numbers in groups.items() for number in numbers}
    missing = Counter(group_of[number] for number in lost)
    # Reported: the utterance said that not all of it was spoken, of as many sentences as are missing.
    reported = sum(min(count, run.unspoken[key]) if key in run.failures else 0 for key, count in missing.items())
    return Synthesis(
        asked=sentences,
        spoken=spoken,
        reported=reported,
        doubled=sum(1 for count in run.heard.values() if count > 1) + sum(count > 1 for count in run.ended.values()),
        silent=len(lost) - reported,
        stuck=stuck,
        killed=harm.killed,
        hung=harm.hung,
        engine_restarts=engine.restarts,
        sounded_s=round(run.clock(), 1),
        took_s=round(time.monotonic() - began, 1),
    )


def _groups(sentences: int, chance: random.Random) -> dict[str, list[int]]:
    """Numbers of sentences by utterance."""
    groups: dict[str, list[int]] = {}
    first = 0
    while first < sentences:
        numbers = list(range(first, min(sentences, first + chance.randint(1, 4))))
        groups[f"u{len(groups)}"] = numbers
        first = numbers[-1] + 1
    return groups


def _speak(run: Run, groups: dict[str, list[int]], told: Callable[[str], None]) -> int:
    """Say all, and return how often it got stuck (it is given up then)."""
    mouth = run.mouth
    assert mouth is not None
    waiting = iter(groups.items())
    asked = done = 0
    last_progress = time.monotonic()

    def ended(key: str) -> Callable[[Ended], None]:
        def note(how: Ended) -> None:
            nonlocal done, last_progress
            done += 1
            last_progress = time.monotonic()
            run.ended[key] += 1
            if how.outcome is not Outcome.FINISHED:
                run.failures.add(key)
                # Without a number all of it is reported.
                run.unspoken[key] = how.unspoken or len(groups[key])
            if done % 500 == 0:
                told(f"synthesis {done}/{len(groups)}")

        return note

    while done < len(groups):
        while asked - done < _WAITING and (following := next(waiting, None)):
            key, numbers = following
            asked += 1
            text = " ".join(_sentence(number) for number in numbers)
            mouth.say(Utterance(key, text, Manner("en_GB", rate=450.0, volume=0.9), ended(key)))
        while not run.posted.empty():
            run.posted.get()()
        if mouth.awaits_engine:
            # The engine's work takes real time, and so long the virtual clock goes with it.
            with suppress(queue.Empty):
                run.posted.get(timeout=CHUNK_S)()
                continue
        run.play()
        mouth.tick()
        if time.monotonic() - last_progress > _STUCK_S:
            return len(groups) - done
    return 0


def _sentence(number: int) -> str:
    opening, middle = _OPENINGS[number % len(_OPENINGS)], _MIDDLES[number // 7 % len(_MIDDLES)]
    return f"{opening}, {middle}, number {number}."
