"""How fast the robot answers, and how often it does so too early, against recording until silence.

An answer that begins before the last word counts as too early, also after words that could have been all (the kind
`adding`, told apart in the details) and although the robot then falls silent and takes both parts for one.

How patient it is costs speed. Of the 200 utterances, 100 with pauses of 0.6 to 1.5 s, 2.0% are answered too early as it
is set (all four `adding`), p50 663 ms, p95 949 ms on two quiet cores. Without what else the last word may have been it
was 5.0%, or 3% at p50 0.9 s. Silence alone needs 1.4 s to get to 2%.
"""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from behaviours.acts import Speak
from behaviours.identity import Level, Who
from behaviours.mind import Mind
from kith.bench.speech.material import RATE, Utterance, Voices
from kith.bench.speech.scene import FRAMES, Scene, Work
from nodes.asr.endpointer import Patience
from nodes.asr.hearing import Event, Said, Speaking
from nodes.asr.recogniser import Recogniser
from nodes.asr.vad import BLOCK, BLOCK_S, VoiceActivity
from nodes.base.audio import CHUNK_S, to_float
from nodes.tts.sentences import sentences

_BUS_S = 0.003  # microphone, words, goal and sound each cross to another process: 0.4 ms at most each way
_ANSWER_WITHIN_S = 6.0
_APART_S = 0.7
_MOST_S = 2.5  # of an answer is listened to
_CUT_OFF = 0.02
_TRIED = 24  # utterances that the naive pipeline transcribes


@dataclass
class Answers:
    """`response_ms`: from the end of what was said to the first sound of the answer. `cut_off`: answered before."""

    response_ms: list[float] = field(default_factory=list)
    cut_off: int = 0
    joined: int = 0
    missed: int = 0
    utterances: int = 0
    decoding_ms: list[float] = field(default_factory=list)
    kinds_cut: dict[str, int] = field(default_factory=dict)


class _Robot:
    """Ears, mind and voice, one after the other."""

    def __init__(self, recogniser: Recogniser, voices: Voices) -> None:
        self.scene = Scene([recogniser], self._heard)
        self._voices = voices
        self._mind = Mind(random.Random(1))  # noqa: S311 - which phrase is said is no secret
        self._who = Who("", Level.UNKNOWN, "bench")
        self._began = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
        self.answers: list[float] = []
        self.joins = 0

    def warm_up(self) -> None:
        """A robot that has been running for a while has loaded its phrases and its voice."""
        self._voices.robot(self._reply(Said("Good morning.", True, 1.0, "en", 0.0), 0.0))

    def _heard(self, event: Event, at: float) -> None:
        if isinstance(event, Speaking):
            if event.speaking:
                self.scene.hush()
            return
        if not event.final:
            return
        self.joins += event.continues > 0
        began = time.perf_counter()
        text = self._reply(event, at)
        first = next(iter(sentences(text)))
        sound = self._voices.robot(first)
        # What is sent is heard from the loudspeaker's next chunk on.
        sounds_at = at + time.perf_counter() - began + _BUS_S + CHUNK_S / 2
        self.answers.append(sounds_at)
        self.scene.say(sound[: round(_MOST_S * RATE)], first, sounds_at)

    def _reply(self, said: Said, at: float) -> str:
        now = self._began + timedelta(seconds=at)
        acts = self._mind.heard(said.text, now, who=self._who, locale="en_GB", confidence=said.confidence)
        spoken = [act for act in acts if isinstance(act, Speak)]
        for act in spoken:
            self._mind.spoken(act.id, True, now)
        return spoken[0].text if spoken else "Yes."


def answer(recogniser: Recogniser, voices: Voices, said: list[Utterance], told: Callable[[int], None]) -> Answers:
    """Say everything to the robot, one after the other, and wait for its answers."""
    robot = _Robot(recogniser, voices)
    robot.warm_up()
    scene, found = robot.scene, Answers(utterances=len(said))
    scene.run(1.0)
    for number, utterance in enumerate(said):
        told(number)
        begins = scene.now + 0.3
        ends = begins + len(utterance.sound) / RATE
        for start in range(0, len(utterance.sound), FRAMES * 100):  # the room knows ten seconds ahead
            while begins + start / RATE > scene.now + 5.0:
                scene.tick()
            scene.add(utterance.sound[start : start + FRAMES * 100], begins + start / RATE)
        before, joins = len(robot.answers), robot.joins
        while scene.now < ends + _ANSWER_WITHIN_S and not any(at > ends for at in robot.answers[before:]):
            scene.tick()
        early = [at for at in robot.answers[before:] if at <= ends]
        late = [at for at in robot.answers[before:] if at > ends]
        if early:
            found.cut_off += 1
            found.kinds_cut[utterance.kind] = found.kinds_cut.get(utterance.kind, 0) + 1
        found.joined += robot.joins > joins
        if late:
            found.response_ms.append((late[0] - ends) * 1000)
        else:
            found.missed += 1
        while scene.speaking:
            scene.tick()
        scene.run(_APART_S)
    return found


def floor_ms() -> float:
    """The least that can be: the silence after which a finished sentence is over, without any work."""
    return Patience().end_s * 1000


@dataclass(frozen=True)
class Naive:
    """Record until `silence_s` of silence, transcribe, render all, speak."""

    p50_ms: float
    silence_s: float


def naive(model: Path, voices: Voices, said: list[Utterance]) -> Naive:
    """The same utterances through the pipeline of a tutorial, its silence the shortest that cuts off 2% at most."""
    from faster_whisper import WhisperModel

    inner = sorted((_longest_silence_s(each) for each in said), reverse=True)
    silence_s = inner[int(_CUT_OFF * len(inner))] + BLOCK_S
    engine: Any = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
    took: list[float] = []
    for each in said[:: max(1, len(said) // _TRIED)]:
        recorded = np.concatenate((to_float(each.sound), np.zeros(round(silence_s * RATE), np.float32)))
        work = Work()
        segments, _ = engine.transcribe(recorded, language="en")
        text = " ".join(segment.text for segment in segments)
        decoded_s = work.seconds
        began = time.perf_counter()
        voices.someone(f"You said: {text or 'nothing'}", 1.0, 140.0)
        took.append(decoded_s + time.perf_counter() - began)
    return Naive((silence_s + statistics.median(took) + _BUS_S + CHUNK_S / 2) * 1000, round(silence_s, 2))


def _longest_silence_s(utterance: Utterance) -> float:
    """As the voice activity detector sees it."""
    voice = VoiceActivity()
    sound = to_float(utterance.sound)
    longest = run = 0
    begun = False
    for start in range(0, len(sound) - BLOCK, BLOCK):
        if voice(sound[start : start + BLOCK]) >= 0.5:
            longest, run, begun = max(longest, run), 0, True
        elif begun:
            run += 1
    return longest * BLOCK_S
