"""From sound to utterances: voice activity, end of speech, words, whether the robot is meant, and never its own voice.

Plain and single-threaded: sound, playback and decoded words come in by calls, events go out by one. Times are seconds
of the clock that stamps the sound; an event's time is that of the sound it tells of, not of its discovery.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TypeAlias

import numpy as np

from nodes.asr.addressed import Addressee, Stretch
from nodes.asr.choosing import Choice, choose
from nodes.asr.decoder import Decoder
from nodes.asr.echo import LEAD_S, Cleaned, EchoCanceller
from nodes.asr.endpointer import Ending, Endpointer, Mark, Patience
from nodes.asr.gate import Gate
from nodes.asr.microphone import Meter, Microphone
from nodes.asr.pauses import Pauses
from nodes.asr.recogniser import Heard
from nodes.asr.reference import Reference
from nodes.asr.traits import Traits, traits
from nodes.asr.unfinished import ending
from nodes.asr.urgent import spot
from nodes.asr.vad import BLOCK, BLOCK_S
from nodes.base.audio import Mono, Pcm

_BEFORE = 10  # blocks kept from before the first voiced one: soft first consonants
_PARTIAL_S = 3.0  # words of a long sentence are worked out that often
_PARTIAL_GATED_S = 0.8  # and more often while the robot sounds: "stop" must not wait for a pause
_GAP_S = 0.09  # a room that is silent for so long has ceased to echo
_HOLD_S = 0.06  # sound is kept back so long while the robot may have begun to speak without having told so yet
_GOES_ON_S = 1.6  # who speaks again so soon after an utterance ended has not been done with it
_YIELDS_S = 1.2  # and the robot that has been speaking no longer than this had answered too early
_OVER_ROBOT = 3  # blocks of voice in a row that begin an utterance while the robot sounds: 96 ms
_IN_TAIL = 5  # and while it rings on: the detector takes the sudden quiet after a voice for one, for a moment
_TRUSTED_DB = 12.0  # an echo canceller that takes out so much may be listened through
_FAINT_DB = -35.0  # an echo that soft needs none
_CLEAR = 30.0  # a voice that many times as strong as the echo that may remain is somebody's
_ADDRESSED = 0.5


@dataclass(frozen=True)
class Speaking:
    """Somebody began or ceased to speak. While the robot sounds it is told only of a voice that the robot yields to."""

    speaking: bool
    at: float
    voice: str = ""
    over_robot: bool = False


@dataclass(frozen=True)
class Said:
    """Words. `final`: the utterance is over, `at` is when its last sound was heard. Never empty.

    `utterance` is its number; `continues` that of an earlier one which it contains and replaces, or 0. `addressed`:
    how probably the robot is meant, 0 to 1; a final is told only if it is, or is urgent. `languages`: main one first.
    """

    text: str
    final: bool
    confidence: float
    language: str
    at: float
    voice: str = ""
    utterance: int = 0
    continues: int = 0
    addressed: float = 1.0
    over_robot: bool = False
    languages: tuple[str, ...] = ()


Event: TypeAlias = Speaking | Said


@dataclass
class _Utterance:
    """One stretch of speech that decoders work on under its number."""

    number: int
    gated: bool
    began_at: float
    voice: str
    over_robot: bool = False
    continues: int = 0
    told_speaking: bool = False
    ended_at: float = 0.0
    complete_from: float = inf  # answers to this request and later ones cover all of it
    told: bool = False
    last_partial_s: float = 0.0
    length_s: float = 0.0
    over_s: float = 0.0
    near: float = 0.0
    remains: float = 0.0
    sounded_finished: bool = False
    urgent: frozenset[str] = frozenset()  # kinds already told
    sound: list[Mono] = field(default_factory=list)
    answers: dict[int, tuple[int, Heard]] = field(default_factory=dict)

    @property
    def clear(self) -> bool:
        """Whether it was stronger than an echo may be."""
        return self.near > _CLEAR * self.remains


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
        languages: Sequence[str] | None = None,
        everybody: bool = False,
    ) -> None:
        """`voice`: probability of speech in a block. `decoders`: recognisers; of those whose language is not among
        `languages` (by default the first one's) only the urgent words count. `everybody`: answer whoever speaks,
        whether the robot is meant or not.
        """
        self._voice = voice
        self._decoders = decoders
        self._gate = gate
        self._emit = emit
        self._everybody = everybody
        self._endpointer = Endpointer(patience)
        self._pauses = Pauses(patience)
        self._microphone = Microphone()
        self._reference = Reference()
        self._canceller = EchoCanceller()
        self._addressee = Addressee()
        self._waiting: deque[tuple[Mono, float]] = deque()
        self._numbers = 0
        self._requests = 0
        self._current: _Utterance | None = None
        self._closing: dict[int, _Utterance] = {}
        self._last: _Utterance | None = None
        self._held: list[Mono] = []  # the pause, fed only if speech goes on: words of silence are none
        self._before: deque[Mono] = deque(maxlen=_BEFORE)
        self._pause_request = -1
        self._ending: Ending | None = None
        self._now = 0.0
        self._person = ""
        self._long_waits = False
        self._spoken = ""  # language of the last utterance
        self.voice = ""
        self.unintelligible = 0
        self.echoes = 0
        self.not_addressed = 0
        self.languages: tuple[str, ...] = ()
        self.listen_in(tuple(languages) if languages is not None else self._first())

    @property
    def meter(self) -> Meter:
        """What the microphone's sound is like."""
        return self._microphone.meter

    @property
    def echo_removed_db(self) -> float:
        """By how much the robot's own voice is weakened before anything is made of the sound."""
        return self._canceller.removed_db

    def listen_in(self, languages: Sequence[str]) -> None:
        """The languages whose words count from the next utterance on, the expected one first."""
        self.languages = tuple(languages)
        self._mains = tuple(
            index
            for index, each in enumerate(self._decoders)
            if each.recogniser.language in self.languages and not each.recogniser.spots
        )

    def talk_with(self, person: str, *, long_waits: bool = False) -> None:
        """Who is expected to speak, for the length of pauses; `long_waits`: as the person's profile asks for."""
        self._person, self._long_waits = person, long_waits

    # Sound ----------------------------------------------------------------------------------------------------------
    def sound(self, samples: Pcm, rate: int, channels: int, at: float) -> None:
        """A chunk of interleaved int16 of any length, rate (Hz) and channel count; `at`: its first sample's time.

        Errors: ValueError for a rate or channel count that cannot be.
        """
        if self._microphone.changed(rate, channels):
            self.interrupt()
        self._waiting.extend(self._microphone.push(samples, at))
        self._listen()

    def begin_session(self, voice: str) -> None:
        """Another microphone, or the same one plugged in again: what is said from now on is this voice's."""
        self.interrupt()
        self.voice = voice

    def interrupt(self) -> None:
        """The sound broke off: what was said so far is all there is."""
        self._listen(all_of_it=True)
        if self._endpointer.speaking:
            self._mark(self._endpointer.stop())
        self._before.clear()

    def _first(self) -> tuple[str, ...]:
        return tuple(each.recogniser.language for each in self._decoders[:1])

    def _listen(self, *, all_of_it: bool = False) -> None:
        while self._waiting:
            block, end = self._waiting[0]
            if not all_of_it and self._waiting[-1][1] - end < _HOLD_S and self._reference.awaits(end):
                return
            self._waiting.popleft()
            self._block(block, end)

    # The robot's own voice --------------------------------------------------------------------------------------------
    def robot_sends(self, utterance_id: str, samples: Pcm, rate: int, channels: int, at: float, *, last: bool) -> None:
        """Sound on its way to the loudspeaker, sent at `at`. Errors: ValueError for a form that cannot be."""
        self._reference.add(utterance_id, samples, rate, channels, at, last=last)

    def robot_sounds(self, utterance_id: str, at: float) -> None:
        """The robot begins to be heard. Where its voice cannot be taken out, whoever was speaking is cut."""
        self._reference.started(utterance_id, at)
        self._listen()
        if self._current and not self._current.gated and not self._sees_through(utterance_id, at):
            self.interrupt()
        self._gate.started(utterance_id, at)

    def robot_ends(self, utterance_id: str, at: float) -> None:
        """The robot is silent again."""
        self._reference.ended(utterance_id, at)
        self._gate.ended(utterance_id, at)
        self._addressee.robot_said(self._gate.text(utterance_id), at)

    def robot_says(self, utterance_id: str, text: str) -> None:
        """What it is saying."""
        self._gate.caption(utterance_id, text)

    def _sees_through(self, utterance_id: str, at: float) -> bool:
        """Whether others can be heard while this utterance sounds."""
        works = self._canceller.removed_db >= _TRUSTED_DB or -120.0 < self._canceller.gain_db < _FAINT_DB
        return self._reference.knows(utterance_id) and works and not self._gate.broken(at)

    # Words ------------------------------------------------------------------------------------------------------------
    def answered(self, decoder: int, number: int, request: int, heard: Heard) -> None:
        """A decoder's answer to a request."""
        current = self._current if self._current and self._current.number == number else None
        utterance = current or self._closing.get(number)
        if utterance is None:
            return
        language = self._decoders[decoder].recogniser.language
        if decoder not in self._mains or utterance.gated:
            self._tell_urgent(utterance, heard, language)
            return
        utterance.answers[decoder] = (request, heard)
        if any(utterance.answers.get(index, (-1,))[0] < request for index in self._mains):
            return
        self._ask_helpers(utterance, request, final=current is None)
        choice = self._choice(utterance)
        if current:
            self._words_so_far(utterance, choice, request)
        elif request >= utterance.complete_from and not utterance.told:
            utterance.told = True
            self._tell_final(utterance, choice)

    def _choice(self, utterance: _Utterance) -> Choice:
        heard = {
            self._decoders[index].recogniser.language: (heard, self._decoders[index].recogniser.name)
            for index, (_, heard) in utterance.answers.items()
        }
        return choose(heard, self.languages, self._spoken)

    def _words_so_far(self, utterance: _Utterance, choice: Choice, request: int) -> None:
        heard, language = choice.heard, choice.languages[0] if choice.languages else ""
        if request == self._pause_request:
            self._ending = ending(heard, language)
            utterance.sounded_finished = self._ending is Ending.FINISHED
        if utterance.over_robot and self._gate.is_echo(heard.text, utterance.began_at, faint=not utterance.clear):
            return
        if utterance.over_robot:
            self._tell_urgent(utterance, heard, language)
        if heard.text and not self._addressee.others_talk(self._now):
            self._emit(self._said(utterance, choice, final=False, at=self._now))

    def _tell_final(self, utterance: _Utterance, choice: Choice) -> None:
        heard = choice.heard
        if not heard.text:
            self.unintelligible += 1
            return
        if self._gate.is_echo(heard.text, utterance.began_at, faint=not utterance.clear):
            self.echoes += 1
            return
        sound = traits(np.concatenate(utterance.sound)) if utterance.sound else Traits()
        stretch = Stretch(utterance.began_at, utterance.ended_at, sound, heard.text, utterance.over_s)
        addressed = self._addressee.probability(stretch)
        if not (self._everybody or addressed >= _ADDRESSED):
            self.not_addressed += 1
            self._tell_urgent(utterance, heard, choice.languages[0])
            return
        self._spoken = choice.languages[0]
        if utterance.sounded_finished:
            self._pauses.was_over(self._person)
        self._emit(self._said(utterance, choice, final=True, at=utterance.ended_at, addressed=addressed))

    def _said(self, utterance: _Utterance, choice: Choice, *, final: bool, at: float, addressed: float = 1.0) -> Said:
        return Said(
            choice.heard.text,
            final,
            choice.heard.confidence,
            choice.languages[0],
            at,
            utterance.voice,
            utterance.number,
            utterance.continues,
            round(addressed, 3),
            utterance.over_robot,
            choice.languages,
        )

    def _tell_urgent(self, utterance: _Utterance, heard: Heard, language: str) -> None:
        doubtful = utterance.gated or (utterance.over_robot and not utterance.clear)
        own = self._gate.own_words() if doubtful else frozenset()
        for urgent in spot(heard, language, own):
            if urgent.kind not in utterance.urgent:
                utterance.urgent |= {urgent.kind}
                choice = Choice(Heard(" ".join(urgent.words), (), heard.confidence), (language,))
                self._emit(self._said(utterance, choice, final=True, at=utterance.ended_at or self._now))

    # Blocks -----------------------------------------------------------------------------------------------------------
    def _block(self, block: Mono, end: float) -> None:
        self._now = end
        sent = self._reference.between(end - BLOCK_S + LEAD_S, BLOCK)
        cleaned = self._canceller(block, sent)
        robot = self._gate.sounding(end)
        probability = 0.0 if robot and cleaned.own else self._voice(cleaned.samples)
        if self._current and self._current.gated and self._may_listen_again():
            self.interrupt()  # what follows is heard in full
        if self._current:
            self._add(self._current, cleaned, bool(robot) and probability >= self._endpointer.patience.off)
        else:
            self._before.append(cleaned.samples)
        if not self._endpointer.speaking:
            self._endpointer.patience = self._pauses.patience(self._person, long=self._long_waits)
        sure = _OVER_ROBOT if robot and self._sees_through(robot, end) else 2
        if robot and not self._gate.sounds(end, tail=False):
            sure = _IN_TAIL
        if mark := self._endpointer.step(probability, self._ending, sure=sure):
            self._mark(mark)
        if self._current and not self._endpointer.paused:
            self._long_sentence(self._current)

    def _add(self, utterance: _Utterance, cleaned: Cleaned, over_robot: bool) -> None:
        utterance.length_s += BLOCK_S
        utterance.over_s += BLOCK_S if over_robot else 0.0
        utterance.near = max(utterance.near, cleaned.near)
        utterance.remains = max(utterance.remains, cleaned.remains)
        if self._endpointer.paused:
            self._held.append(cleaned.samples)
        else:
            self._feed(cleaned.samples)

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
            self._ending = None if self._mains and not utterance.gated else Ending.FINISHED
        elif mark is Mark.RESUMED:
            pause_s = self._now - utterance.ended_at
            if self._ending is not None and not utterance.gated:
                self._pauses.went_on(self._person, pause_s, finished=self._ending is Ending.FINISHED)
            for block in self._held:
                self._feed(block)
            self._held.clear()
            self._ending = None
            utterance.ended_at, utterance.complete_from = 0.0, inf
        else:
            self._end(utterance, heard=mark is Mark.ENDED)

    def _end(self, utterance: _Utterance, *, heard: bool) -> None:
        utterance.ended_at = utterance.ended_at or self._now
        self._current = None
        if heard and self._decoders:
            self._remember(utterance)
            mains = [self._decoders[index].recogniser for index in self._mains]
            request = self._ask(utterance, final=True)
            if utterance.complete_from == inf or any(each.streams for each in mains):
                utterance.complete_from = request  # while words stream their confidence is unknown
            if not utterance.gated:
                self._last = utterance
        else:
            for decoder in self._decoders:
                decoder.drop(utterance.number)
        self._held.clear()
        self._ending = None
        self._before.clear()
        if utterance.told_speaking:
            self._emit(Speaking(False, utterance.ended_at, utterance.voice))

    def _begin(self) -> None:
        self._numbers += 1
        began = self._now - 2 * BLOCK_S
        # Who begins after the robot has ended answers it; what began before and goes on may be the room's echo.
        # The robot's first syllable is noticed within a block or two: `began` may then lie just before it.
        over_robot = self._gate.sounds(began, tail=False) or self._gate.sounds(self._now, tail=False)
        robot = self._gate.sounding(self._now)
        gated = over_robot and not self._sees_through(robot, self._now)
        self._current = utterance = _Utterance(self._numbers, gated, began, self.voice, over_robot)
        if not gated:
            self._go_on(utterance)
            if not over_robot or not self._addressee.others_talk(self._now):
                utterance.told_speaking = True
                self._emit(Speaking(True, began, self.voice, over_robot))
        for block in self._before:
            self._feed(block)
        self._before.clear()

    def _go_on(self, utterance: _Utterance) -> None:
        """Somebody who only paused, though the utterance was taken for ended, goes on with it: heard as one."""
        last = self._last
        if last is None or last.voice != utterance.voice or last.urgent:
            return
        pause_s = utterance.began_at - last.ended_at
        length_s = last.length_s + pause_s
        answered_s = utterance.began_at - self._gate.began() if self._gate.began() > last.ended_at else 0.0
        if pause_s > _GOES_ON_S or answered_s > _YIELDS_S or length_s > self._endpointer.patience.longest_s / 2:
            return
        if answered_s and not utterance.over_robot:
            return  # who let the robot finish its answer, short as it was, says something new
        if self._addressee.others_talk(self._now):
            return
        self._pauses.went_on(self._person, pause_s, finished=last.sounded_finished)
        utterance.continues = last.number if last.told else 0
        if not last.told:
            last.told = True  # its words come with these
        utterance.began_at = last.began_at
        silence = np.zeros(round(max(0.0, min(pause_s, 0.5)) / BLOCK_S) * BLOCK, np.float32)
        for block in (*last.sound, silence):
            if len(block):
                self._feed(block)

    def _feed(self, block: Mono) -> None:
        assert self._current is not None
        self._current.sound.append(block)
        for index, decoder in enumerate(self._decoders):
            if index in self._mains or not decoder.recogniser.streams or decoder.recogniser.spots:
                decoder.feed(self._current.number, block)

    def _long_sentence(self, utterance: _Utterance) -> None:
        every = _PARTIAL_GATED_S if utterance.gated or utterance.over_robot else _PARTIAL_S
        if utterance.length_s - utterance.last_partial_s < every or not all(each.idle for each in self._decoders):
            return
        self._ask(utterance, final=False, hurried=True)

    def _ask(self, utterance: _Utterance, *, final: bool, hurried: bool = False) -> int:
        """Ask those whose words count, and then the others: who calls for help may do it in any language."""
        self._requests += 1
        if not self._mains:
            self._ask_helpers(utterance, self._requests, final=final)
        for index in self._mains:
            self._decoders[index].hear(utterance.number, self._requests, final=final, hurried=hurried)
        utterance.last_partial_s = utterance.length_s
        return self._requests

    def _ask_helpers(self, utterance: _Utterance, request: int, *, final: bool) -> None:
        for index, decoder in enumerate(self._decoders):
            if index not in self._mains and (not decoder.recogniser.streams or decoder.recogniser.spots):
                decoder.hear(utterance.number, request, final=final, hurried=not final)

    def _remember(self, utterance: _Utterance) -> None:
        """Ended, its words still to come. Only the last few: a failed engine must not fill the memory."""
        self._closing[utterance.number] = utterance
        for number in list(self._closing)[:-8]:
            del self._closing[number]
