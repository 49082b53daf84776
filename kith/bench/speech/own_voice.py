"""The robot's own voice through a loud echo: it must not pass for a resident's, and a resident must silence it."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from kith.bench.speech.material import RATE, Voices, robot_sentences
from kith.bench.speech.not_addressed import television
from kith.bench.speech.scene import Scene
from nodes.asr.hearing import Event, Said, Speaking
from nodes.asr.recogniser import Recogniser
from nodes.asr.urgent import words_of

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


def beside_television(recogniser: Recogniser, voices: Voices, count: int, told: Callable[[int], None]) -> int:
    """How often the robot's words were taken for a resident's while it said `count` utterances and a television ran.

    The ears answer everybody, so that leaving the television alone hides nothing; only words tell whose voice it was.
    """
    found, ahead = 0, 0.0
    lately: deque[str] = deque(maxlen=2)

    def heard(event: Event, _: float) -> None:
        nonlocal found
        found += isinstance(event, Said) and event.final and of_robot(event.text, lately)

    scene, sounds = Scene([recogniser], heard, everybody=True), television(voices)

    def run(seconds: float) -> None:
        nonlocal ahead
        end = scene.now + seconds
        while scene.now < end or (seconds == 0 and scene.speaking):
            while ahead < scene.now + 3.0:
                sound, pause_s = next(sounds)
                scene.add(sound, ahead)
                ahead += len(sound) / RATE + pause_s
            scene.tick()

    run(3.0)
    for number, text in enumerate(robot_sentences(count)):
        told(number)
        lately.append(text)
        scene.say(voices.robot(text), text, scene.now + 0.05)
        run(0)
        run(_APART_S)
    run(3.0)
    return found


def of_robot(heard: str, lately: Sequence[str]) -> bool:
    """Whether words are the robot's: all of them, or three in a row."""
    said = words_of(heard)
    for text in lately:
        blocks = SequenceMatcher(a=words_of(text), b=said, autojunk=False).get_matching_blocks()
        if said and max(block.size for block in blocks) >= min(3, len(said)):
            return True
    return False


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
