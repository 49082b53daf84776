"""What is said in the bench, and by whom: residents, the robot, a television, people among themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import yaml

from culture_profiles.errors import KithError
from nodes.base.audio import Pcm, resample, to_float, to_int16
from nodes.base.models import default_models_dir
from nodes.tts.espeak import ESpeak
from nodes.tts.synthesiser import Manner
from sim.residents import piper_voice
from sim.residents.people import VoiceManner
from sim.residents.voice import Render, speak, trimmed
from sim.room.acoustics import response

RATE = 16_000
_ROBOT = Manner("en_GB", rate=140.0, pitch=1.0, volume=0.9)
_VOICES = (
    VoiceManner(pitch=1.0, tempo=1.0, level_db=-6.0),
    VoiceManner(pitch=1.15, tempo=0.9, level_db=-8.0),
    VoiceManner(pitch=0.93, tempo=0.85, level_db=-10.0),
)
_PAUSE_S = (0.6, 1.5)
Item = TypeVar("Item")


@dataclass(frozen=True)
class Utterance:
    """One thing said: `sound` mono at 16 kHz from its first to its last audible sample; `pause_s` 0 if it has none."""

    text: str
    sound: Pcm
    pause_s: float = 0.0
    kind: str = "plain"


@cache
def lines(name: str) -> dict[str, list[str]]:
    """A data file of this folder: lists of sentences by kind."""
    found: dict[str, list[str]] = yaml.safe_load((Path(__file__).with_name(f"{name}.yaml")).read_text("utf-8"))
    return found


class Voices:
    """Everybody's voice. Errors: KithError when the residents' voice or eSpeak NG is not installed."""

    def __init__(self) -> None:
        self._render: Render = piper_voice.load(default_models_dir())
        self._espeak = ESpeak()
        self._said: dict[str, Pcm] = {}

    def resident(self, text: str, which: int = 0) -> Pcm:
        """A resident's words, without silence around them."""
        return speak(text, _VOICES[which % len(_VOICES)], self._render, RATE)

    def robot(self, text: str) -> Pcm:
        """The robot's words, as its own voice renders them."""
        if text not in self._said:
            sound = self._espeak.render(text, _ROBOT)
            self._said[text] = trimmed(to_int16(resample(to_float(sound.samples), sound.rate, RATE)))
        return self._said[text]

    def someone(self, text: str, pitch: float, rate: float, locale: str = "en_US") -> Pcm:
        """A voice from a loudspeaker."""
        sound = self._espeak.render(text, Manner(locale, rate=rate, pitch=pitch, volume=0.8))
        return trimmed(to_int16(resample(to_float(sound.samples), sound.rate, RATE)))

    def close(self) -> None:
        """End the robot's voice."""
        self._espeak.close()


def utterances(voices: Voices, count: int, seed: int = 4) -> Iterator[Utterance]:
    """`count` utterances, half of them with one inner pause of 0.6 to 1.5 s, in random order.

    A pause comes where people hesitate, and in one of sixteen after words that could have been all.
    """
    random = np.random.default_rng(seed)
    listed = lines("utterances")
    paused = [(kind, text) for kind in ("hesitating", "adding") for text in listed[kind]]
    chosen = [("plain", text) for text in _cycle(listed["plain"], count - count // 2, random)]
    chosen += [paused[index] for index in _cycle(list(range(len(paused))), count // 2, random)]
    for place, index in enumerate(random.permutation(len(chosen))):
        kind, text = chosen[index]
        if "|" not in text:
            yield Utterance(text, voices.resident(text, place))
            continue
        first, second = (part.strip() for part in text.split("|"))
        pause_s = float(random.uniform(*_PAUSE_S))
        sound = np.concatenate(
            (
                voices.resident(f"{first},", place),
                np.zeros(round(pause_s * RATE), np.int16),
                voices.resident(second, place),
            )
        )
        yield Utterance(f"{first} {second}", sound, pause_s, kind)


def _cycle(items: list[Item], count: int, random: np.random.Generator) -> list[Item]:
    made: list[Item] = []
    while len(made) < count:
        made += [items[index] for index in random.permutation(len(items))]
    return made[:count]


def robot_sentences(count: int, language: str = "en") -> list[str]:
    """What the robot says by itself, from its phrases in a language, without those that need a value."""
    from behaviours.phrases import phrasebook

    book = phrasebook()
    spoken = book.locale_for(language)
    found = sorted({text for locale, _, text in book.templates() if locale == spoken and "{" not in text})
    if not found:
        raise KithError(f"there are no phrases in {language!r} to say: run `make setup`")
    return [found[index % len(found)].replace("[", "").replace("]", "") for index in range(count)]


def through_room(sound: Pcm, level_db: float, *, near: bool) -> Pcm:
    """Sound as it arrives at the robot: from beside it, or from across the room."""
    direct, reverberation_s = (0.85, 0.3) if near else (0.25, 0.5)
    path = response(RATE, level_db, direct, reverberation_s, 0.002 if near else 0.012, seed=3)
    heard: Pcm = np.clip(np.convolve(sound, path), -32_768, 32_767).astype(np.int16)
    return heard


def loud(sound: Pcm) -> float:
    """Root mean square of the part that sounds, 0 to 1."""
    level = np.abs(sound.astype(np.float32))
    heard = level[level > 0.02 * level.max(initial=0.0)]
    return float(np.sqrt(np.mean(np.square(heard / 32_768)))) if len(heard) else 0.0
