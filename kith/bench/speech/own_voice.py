"""The robot's own voice through a loud echo: it must not pass for a resident's, and a resident must silence it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kith.bench.speech.material import RATE, Voices, robot_sentences
from kith.bench.speech.scene import Scene
from nodes.asr.hearing import Event, Said, Speaking
from nodes.asr.recogniser import Recogniser

_INTERRUPTIONS = (
    "Stop!",
    "Wait a moment.",
    "Excuse me.",
    "No, please.",
    "Help!",
    "Just a minute.",
    "Hello?",
    "Be quiet!",
)
_LONG = (
    "This afternoon there is singing in the big hall, and after that there will be tea and cake for everybody who "
    "would like some."
)
_APART_S = 0.8


def self_triggers(recogniser: Recogniser, voices: Voices, count: int, told: Callable[[int], None]) -> int:
    """How often words or a voice were taken for a resident's while the robot said `count` utterances alone."""
    found = 0

    def heard(event: Event, _: float) -> None:
        nonlocal found
        found += (isinstance(event, Said) and event.final) or (isinstance(event, Speaking) and event.speaking)

    scene = Scene([recogniser], heard, everybody=True)
    scene.run(0.5)
    for number, text in enumerate(robot_sentences(count)):
        told(number)
        scene.say(voices.robot(text), text, scene.now + 0.05)
        while scene.speaking:
            scene.tick()
        scene.run(_APART_S)
    scene.run(3.0)
    return found


@dataclass
class BargeIn:
    """`ms`: from the first sound of somebody's voice to the robot's last. `missed`: it did not fall silent at once."""

    ms: list[float] = field(default_factory=list)
    missed: int = 0


def barge_in(recogniser: Recogniser, voices: Voices, count: int, told: Callable[[int], None]) -> BargeIn:
    """Interrupt the robot `count` times, at different moments and in different voices."""
    found = BargeIn()
    heard_at: list[float] = []

    def heard(event: Event, at: float) -> None:
        if isinstance(event, Speaking) and event.speaking and event.over_robot:
            heard_at.append(at)

    scene = Scene([recogniser], heard, everybody=True)
    sound = voices.robot(_LONG)
    scene.run(0.5)
    for number in range(count):
        told(number)
        scene.say(sound, _LONG, scene.now + 0.05)
        scene.run(1.5 + 0.37 * (number % 7))
        heard_at.clear()
        words = voices.resident(_INTERRUPTIONS[number % len(_INTERRUPTIONS)], number)
        began = scene.now + 0.02
        scene.add(words, began)
        while not heard_at and scene.now < began + 1.5:
            scene.tick()
        if heard_at:
            while scene.now < heard_at[0]:
                scene.tick()
            scene.hush()
            found.ms.append((scene.silent_at - began) * 1000)
        else:
            found.missed += 1
            scene.hush()
        scene.run(max(2.5, len(words) / RATE + 2.0))
    return found


def cancelling_ms() -> float:
    """What taking the echo out costs per second of sound, in ms of processor time."""
    import numpy as np

    from nodes.asr.echo import EchoCanceller
    from nodes.asr.vad import BLOCK

    random, canceller = np.random.default_rng(0), EchoCanceller()
    blocks = random.normal(0, 0.1, (32, BLOCK)).astype(np.float32)
    began = time.process_time()
    for block in blocks:
        canceller(block * 0.5, block)
    return (time.process_time() - began) * 1000 * RATE / (32 * BLOCK)
