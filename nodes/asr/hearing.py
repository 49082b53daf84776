"""From sound to utterances: voice activity, end of speech, words, and the gate against the robot's own voice.

Plain and single-threaded: sound, playback and decoded words come in by calls, events go out by one. Times are seconds
of the clock that stamps the sound; an event's time is that of the sound it tells of, not of its discovery.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import TypeAlias

import numpy as np

from nodes.asr.decoder import Decoder
from nodes.asr.endpointer import Endpointer, Mark, Patience
from nodes.asr.gate import Gate
from nodes.asr.recogniser import RATE, Heard
from nodes.asr.unfinished import sounds_unfinished
from nodes.asr.urgent import spot
from nodes.asr.vad import BLOCK, BLOCK_S
from nodes.base.audio import Blocks, Mono, OffsetRemover, Pcm, Resampler, downmix, level_db

_BEFORE = 10  # blocks kept from before the first voiced one: soft first consonants
_PARTIAL_S = 3.0  # words of a long sentence are worked out that often
_PARTIAL_GATED_S = 0.8  # and more often while the robot sounds: "stop" must not wait for a pause
_GAP_S = 0.09  # a room that is silent for so long has ceased to echo
_CLIPPED = np.int16(32700)


@dataclass(frozen=True)
class Speaking:
    """Somebody began or ceased to speak."""

    speaking: bool
    at: float
    voice: str = ""


@dataclass(frozen=True)
class Said:
    """Words. `final`: the utterance is over, `at` is when its last sound was heard. Never empty."""

    text: str
    final: bool
    confidence: float
    language: str
    at: float
    voice: str = ""


Event: TypeAlias = Speaking | Said


@dataclass
class Meter:
    """What the sound itself was like, since the last look."""

    level_db: float = -120.0
    clipped: int = 0  # samples at full scale
    samples: int = 0

    def take(self) -> "Meter":
        """The figures so far; counting starts anew."""
        taken = replace(self)
        self.level_db, self.clipped, self.samples = -120.0, 0, 0
        return taken


@dataclass
class _Utterance:
    """One stretch of speech that decoders work on under its number."""

    number: int
    gated: bool
    began_at: float
    voice: str
    ended_at: float = 0.0
    complete_from: float = inf  # answers to this request and later ones cover all of it
    told: bool = False
    last_partial_s: float = 0.0
    length_s: float = 0.0
    urgent: frozenset[str] = frozenset()  # kinds already told


class Hearing:
    """One microphone's ears."""

    def __init__(
        self,
        voice: Callable[[Mono], float],
        decoders: Sequence[Decoder],
        gate: Gate,
        patience: Patience,
        emit: Callable[[Event], None],
        *,
        main: bool = True,
    ) -> None:
        """`voice`: probability of speech in a block. `decoders`: the first one's words are what was said (unless `main`
        is false); the others hear further languages, of theirs only the urgent words count.
        """
        self._voice = voice
        self._decoders = decoders
        self._gate = gate
        self._emit = emit
        self._main = main and bool(decoders)
        self._endpointer = Endpointer(patience)
        self._form: tuple[int, int] | None = None  # rate, channels
        self._numbers = 0
        self._requests = 0
        self._current: _Utterance | None = None
        self._closing: dict[int, _Utterance] = {}
        self._held: list[Mono] = []  # the pause, fed only if speech goes on: words of silence are none
        self._before: deque[Mono] = deque(maxlen=_BEFORE)
        self._pause_request = -1
        self._finished: bool | None = None
        self._now = 0.0
        self.voice = ""
        self.meter = Meter()
        self.unintelligible = 0
        self.echoes = 0

    # Sound ----------------------------------------------------------------------------------------------------------
    def sound(self, samples: Pcm, rate: int, channels: int, at: float) -> None:
        """A chunk of interleaved int16 of any length, rate (Hz) and channel count; `at`: its first sample's time.

        Errors: ValueError for a rate or channel count that cannot be.
        """
        if self._form != (rate, channels):
            self.interrupt()
            resampler = Resampler(rate, RATE)
            downmix(samples[:0], channels)
            self._form = (rate, channels)
            self._resampler, self._offset, self._blocks = resampler, OffsetRemover(RATE), Blocks(BLOCK)
        if not len(samples):
            return
        self._now = at + len(samples) / channels / rate
        mono = downmix(samples, channels)
        self.meter.level_db = max(self.meter.level_db, level_db(mono))
        self.meter.clipped += int(np.count_nonzero(np.abs(samples.astype(np.int32)) >= _CLIPPED))
        self.meter.samples += len(samples)
        for block in self._blocks.push(self._offset.push(self._resampler.push(mono))):
            self._block(block)

    def begin_session(self, voice: str) -> None:
        """Another microphone, or the same one plugged in again: what is said from now on is this voice's."""
        self.interrupt()
        self.voice = voice

    def interrupt(self) -> None:
        """The sound broke off: what was said so far is all there is."""
        if self._endpointer.speaking:
            self._mark(self._endpointer.stop())
        self._before.clear()

    # The robot's own voice --------------------------------------------------------------------------------------------
    def robot_sounds(self, utterance_id: str, at: float) -> None:
        """The robot begins to be heard: whoever was speaking is cut here, so that the robot's words don't mix in."""
        if self._current and not self._current.gated:
            self.interrupt()
        self._gate.started(utterance_id, at)

    def robot_ends(self, utterance_id: str, at: float) -> None:
        """The robot is silent again."""
        self._gate.ended(utterance_id, at)

    def robot_says(self, utterance_id: str, text: str) -> None:
        """What it is saying."""
        self._gate.caption(utterance_id, text)

    # Words ------------------------------------------------------------------------------------------------------------
    def answered(self, decoder: int, number: int, request: int, heard: Heard) -> None:
        """A decoder's answer to a request."""
        current = self._current if self._current and self._current.number == number else None
        utterance = current or self._closing.get(number)
        if utterance is None:
            return
        language = self._decoders[decoder].recogniser.language
        if decoder > 0 or not self._main or utterance.gated:
            self._tell_urgent(utterance, heard, language)
        elif current:
            if request == self._pause_request:
                self._finished = not sounds_unfinished(heard.text, language)
            if heard.text:
                self._emit(Said(heard.text, False, heard.confidence, language, self._now, utterance.voice))
        elif request >= utterance.complete_from and not utterance.told:
            utterance.told = True
            if not heard.text:
                self.unintelligible += 1
            elif self._gate.is_echo(heard.text, utterance.began_at):
                self.echoes += 1
            else:
                self._emit(Said(heard.text, True, heard.confidence, language, utterance.ended_at, utterance.voice))

    def _tell_urgent(self, utterance: _Utterance, heard: Heard, language: str) -> None:
        own = self._gate.own_words() if utterance.gated else frozenset()
        for urgent in spot(heard, language, own):
            if urgent.kind not in utterance.urgent:
                utterance.urgent |= {urgent.kind}
                text = " ".join(urgent.words)
                ended_at = utterance.ended_at or self._now
                self._emit(Said(text, True, heard.confidence, language, ended_at, utterance.voice))

    def _block(self, block: Mono) -> None:
        probability = self._voice(block)
        if self._current and self._current.gated and self._may_listen_again():
            self.interrupt()  # what follows is heard in full
        if self._current:
            self._current.length_s += BLOCK_S
            if self._endpointer.paused:
                self._held.append(block)
            else:
                self._feed(block)
        else:
            self._before.append(block)
        if mark := self._endpointer.step(probability, self._finished):
            self._mark(mark)
        if self._current and not self._endpointer.paused:
            self._long_sentence(self._current)

    def _may_listen_again(self) -> bool:
        """After the robot's end: at the first gap, so that a quick answer is heard from its start, or with the tail."""
        gap_s = 0.0 if self._gate.sounds(self._now, tail=False) else self._endpointer.silence_s
        return gap_s >= _GAP_S or not self._gate.sounds(self._now)

    def _mark(self, mark: Mark) -> None:
        if mark is Mark.STARTED:
            self._begin()
            return
        utterance = self._current
        assert utterance is not None
        if mark is Mark.PAUSED:
            utterance.ended_at = self._now - self._endpointer.silence_s
            self._pause_request = self._ask(utterance, final=False)
            utterance.complete_from = self._pause_request
            self._finished = None if self._main else True
        elif mark is Mark.RESUMED:
            for block in self._held:
                self._feed(block)
            self._held.clear()
            self._finished = None
            utterance.ended_at, utterance.complete_from = 0.0, inf
        else:
            utterance.ended_at = utterance.ended_at or self._now
            if mark is Mark.ENDED and self._decoders:
                self._remember(utterance)
                request = self._ask(utterance, final=True)
                if utterance.complete_from == inf or self._decoders[0].recogniser.streams:
                    utterance.complete_from = request  # while words stream their confidence is unknown
            else:
                for decoder in self._decoders:
                    decoder.drop(utterance.number)
            self._current = None
            self._held.clear()
            self._finished = None
            self._before.clear()
            self._emit(Speaking(False, utterance.ended_at, utterance.voice))

    def _begin(self) -> None:
        self._numbers += 1
        began = self._now - 2 * BLOCK_S
        # Who begins after the robot has ended answers it; what began before and goes on may be the room's echo.
        # The robot's first syllable is noticed within a block or two: `began` may then lie just before it.
        gated = self._gate.sounds(began, tail=False) or self._gate.sounds(self._now, tail=False)
        self._current = _Utterance(self._numbers, gated, began, self.voice)
        self._emit(Speaking(True, began, self.voice))
        for block in self._before:
            self._feed(block)
        self._before.clear()

    def _feed(self, block: Mono) -> None:
        assert self._current is not None
        for decoder in self._decoders:
            decoder.feed(self._current.number, block)

    def _long_sentence(self, utterance: _Utterance) -> None:
        every = _PARTIAL_GATED_S if utterance.gated else _PARTIAL_S
        if utterance.length_s - utterance.last_partial_s < every or not all(each.idle for each in self._decoders):
            return
        self._ask(utterance, final=False, hurried=True)

    def _ask(self, utterance: _Utterance, *, final: bool, hurried: bool = False) -> int:
        self._requests += 1
        for decoder in self._decoders:
            decoder.hear(utterance.number, self._requests, final=final, hurried=hurried)
        utterance.last_partial_s = utterance.length_s
        return self._requests

    def _remember(self, utterance: _Utterance) -> None:
        """Ended, its words still to come. Only the last few: a failed engine must not fill the memory."""
        self._closing[utterance.number] = utterance
        for number in list(self._closing)[:-8]:
            del self._closing[number]
