"""Speech in the room that is not for the robot: how often it answers all the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from kith.bench.speech.material import RATE, Voices, lines, through_room
from kith.bench.speech.scene import Scene
from nodes.asr.hearing import Event, Said, Speaking
from nodes.asr.recogniser import Recogniser
from nodes.base.audio import Pcm

_REPLY = "I am listening. Would you like to tell me more?"
_TELEVISION_DB = -12.0
_PRESENTERS = ((0.7, 175.0), (1.2, 165.0), (0.95, 190.0))


@dataclass
class Replies:
    """False replies and the minutes of sound that they came in, by kind of scene; and what was wrongly left alone."""

    by_kind: dict[str, int]
    minutes: dict[str, float]

    @property
    def per_hour(self) -> float:
        """False replies per hour of such sound."""
        minutes = sum(self.minutes.values())
        return sum(self.by_kind.values()) * 60 / minutes if minutes else 0.0


def measure(recogniser: Recogniser, voices: Voices, minutes: float, told: Callable[[str], None]) -> Replies:
    """`minutes` of each kind. Every false reply is spoken in full, unless somebody speaks over it."""
    found = Replies({}, {})
    for kind, sounds in (
        ("television", television(voices)),
        ("talk", _talk(voices)),
        ("phone", _phone(voices)),
    ):
        told(kind)
        found.by_kind[kind] = _run(recogniser, voices, sounds, minutes * 60)
        found.minutes[kind] = minutes
    return found


def _run(recogniser: Recogniser, voices: Voices, sounds: Iterator[tuple[Pcm, float]], seconds: float) -> int:
    replies = 0

    def heard(event: Event, at: float) -> None:
        nonlocal replies
        if isinstance(event, Said) and event.final:
            replies += 1
            scene.say(voices.robot(_REPLY), _REPLY, at + 0.05)
        elif isinstance(event, Speaking) and event.speaking:
            scene.hush()

    scene = Scene([recogniser], heard)
    scene.run(1.0)
    at = scene.now
    while scene.now < seconds:
        sound, pause_s = next(sounds)
        for start in range(0, len(sound), RATE):
            while at + start / RATE > scene.now + 4.0:
                scene.tick()
            scene.add(sound[start : start + RATE], at + start / RATE)
        at += len(sound) / RATE + pause_s
        while scene.now < min(at - 0.5, seconds):
            scene.tick()
    return replies


def television(voices: Voices) -> Iterator[tuple[Pcm, float]]:
    """Changing voices from across the room, hardly a gap."""
    random, said, number = np.random.default_rng(5), lines("others")["television"], 0
    while True:
        pitch, rate = _PRESENTERS[number // 4 % len(_PRESENTERS)]
        sound = voices.someone(said[number % len(said)], pitch, rate)
        yield through_room(sound, _TELEVISION_DB, near=False), float(random.uniform(0.1, 0.7))
        number += 1


def _talk(voices: Voices) -> Iterator[tuple[Pcm, float]]:
    """Two people beside the robot, in turn; now and then they are silent for a while."""
    random, said, number = np.random.default_rng(6), lines("others")["talk"], 0
    while True:
        sound = voices.resident(said[number % len(said)], 1 + number % 2)
        number += 1
        pause_s = random.uniform(8.0, 15.0) if number % len(said) == 0 else random.uniform(0.1, 0.9)
        yield sound, float(pause_s)


def _phone(voices: Voices) -> Iterator[tuple[Pcm, float]]:
    """One side of a call."""
    random, said, number = np.random.default_rng(7), lines("others")["phone"], 0
    while True:
        yield voices.resident(said[number % len(said)], 0), float(random.uniform(1.5, 4.5))
        number += 1
