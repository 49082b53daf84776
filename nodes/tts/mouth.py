"""One utterance after the other, from text to the loudspeaker's word that it has sounded. Plain: times are handed in.

Everything here runs on one thread; what the rendering thread has to say goes through `post`. An utterance ends exactly
once: when the loudspeaker says so, or when somebody in the chain did not answer in time.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from nodes.base.audio import CHUNK_S
from nodes.tts.clean import LONGEST, clean
from nodes.tts.pacing import Pacer, Piece
from nodes.tts.rendering import Renderer, Task
from nodes.tts.sentence import PLAIN, Wording
from nodes.tts.synthesiser import Manner, Sound

_ANSWER_S = 2.0  # the loudspeaker must begin, and end, within so long of when it should
_SILENCE_S = 0.5  # and answer a stop
_RENDER_S = 40.0  # twice the engine's deadline and its start: no engine takes longer


class Outcome(Enum):
    """How an utterance ended."""

    FINISHED = "spoken"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class Heard(Enum):
    """What the loudspeaker says of an utterance."""

    STARTED = "started"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Ended:
    """`message` is for people; `unspoken`: sentences that no engine could render. `played_s`: what has sounded."""

    outcome: Outcome
    message: str
    played_s: float
    unspoken: int = 0


@dataclass(frozen=True)
class Chunk:
    """The next 20 ms for the loudspeaker. `sequence` counts up within the utterance."""

    utterance_id: str
    sequence: int
    rate: int
    piece: Piece


@dataclass(eq=False)
class Utterance:
    """What is to be said. `started` is called when it begins to sound, with that time; `ended` once."""

    id: str
    text: str
    manner: Manner
    ended: Callable[[Ended], None]
    started: Callable[[float], None] = lambda _: None
    wording: Wording = PLAIN
    _pacer: Pacer = field(default_factory=Pacer)
    _task: Task | None = None
    _boundaries: deque[float] = field(default_factory=deque)  # seconds sent after which a sentence is through
    _rendered_s: float = 0.0
    _sequence: int = 0
    _problem: str = ""
    _unspoken: int = 0
    _sounding: bool = False
    _first_since: float | None = None
    _stop_by: float | None = None
    _all_sent_at: float | None = None


class Mouth:
    """Speaks. `send` gets each chunk, `silence` the id of what must stop ("": all), `trouble` a subject and a line."""

    def __init__(
        self,
        renderer: Renderer,
        post: Callable[[Callable[[], None]], None],
        clock: Callable[[], float],
        send: Callable[[Chunk], None],
        silence: Callable[[str], None],
        trouble: Callable[[str, str], None] = lambda *_: None,
    ) -> None:
        """`clock`: seconds. Call `tick` every 20 ms while `busy`."""
        self._renderer = renderer
        self._post = post
        self._clock = clock
        self._send = send
        self._silence = silence
        self._trouble = trouble
        self._queue: deque[Utterance] = deque()

    @property
    def busy(self) -> bool:
        """Whether there is anything to say."""
        return bool(self._queue)

    @property
    def awaits_engine(self) -> bool:
        """Whether nothing can be sent before the engine has rendered more."""
        pacer = self._queue[0]._pacer if self._queue else None
        return pacer is not None and not pacer.all_rendered and pacer.waiting_s <= CHUNK_S

    def say(self, utterance: Utterance) -> None:
        """Say it after what is waiting already. What cannot be spoken ends at once."""
        text = clean(utterance.text[:LONGEST])
        self._queue.append(utterance)
        if len(utterance.text) > LONGEST:
            why = f"a text of {len(utterance.text)} characters is too long: at most {LONGEST}"
            self._end(utterance, Outcome.FAILED, why)
            return
        if not text:
            self._end(utterance, Outcome.FAILED, "the text holds nothing that can be spoken")
            return
        utterance._task = Task(
            text,
            utterance.manner,
            ready=lambda sound: self._post(lambda: self._rendered(utterance, sound)),
            problem=lambda why: self._post(lambda: self._not_rendered(utterance, why)),
            done=lambda: self._post(lambda: self._all_rendered(utterance)),
            wording=utterance.wording,
        )
        self._renderer.add(utterance._task)

    def cancel(self, utterance: Utterance) -> None:
        """Silence it; it ends when the loudspeaker confirms, or half a second later."""
        if utterance not in self._queue or utterance._stop_by is not None:
            return
        if utterance._task:
            utterance._task.cancel()
        if utterance._pacer.first_sent_at is None:
            self._end(utterance, Outcome.INTERRUPTED, "cancelled")
            return
        self._silence(utterance.id)
        utterance._stop_by = self._clock() + _SILENCE_S

    def hush(self, why: str) -> None:
        """End everything now."""
        if self._queue:
            self._silence("")
        while self._queue:
            self._end(self._queue[0], Outcome.INTERRUPTED, why)

    def tick(self) -> None:
        """Send what is due, and see to it that the engine and the loudspeaker answer."""
        if not self._queue:
            return
        utterance, now = self._queue[0], self._clock()
        if utterance._stop_by is not None:
            if now > utterance._stop_by:
                self._end(utterance, Outcome.INTERRUPTED, "cancelled; the loudspeaker did not confirm it")
            return
        pacer = utterance._pacer
        for piece in pacer.due(now):
            self._send(Chunk(utterance.id, utterance._sequence, pacer.rate, piece))
            utterance._sequence += 1
        while utterance._boundaries and pacer.sent_s >= utterance._boundaries[0] - 1e-6:
            utterance._boundaries.popleft()
            if utterance._task:
                utterance._task.consumed()
        self._watch(utterance, now)

    def heard(self, utterance_id: str, state: Heard, at: float, played_s: float) -> None:
        """The loudspeaker's word. `at`: when, in seconds of the clock."""
        utterance = next((each for each in self._queue if each.id == utterance_id), None)
        if utterance is None:
            return
        if state is Heard.STARTED:
            utterance._pacer.started(at)
            self._trouble("loudspeaker", "")
            if not utterance._sounding:  # a body that was restarted goes on with what it is sent
                utterance._sounding = True
                utterance.started(at)
        elif state is Heard.FINISHED and utterance._pacer.over:
            why = f"not all of it could be spoken: {utterance._problem}" if utterance._problem else ""
            self._end(utterance, Outcome.FAILED if why else Outcome.FINISHED, why, played_s)
        elif state is Heard.STOPPED:
            self._end(utterance, Outcome.INTERRUPTED, "stopped", played_s)

    # From the rendering thread --------------------------------------------------------------------------------------
    def _rendered(self, utterance: Utterance, sound: Sound) -> None:
        if utterance not in self._queue or utterance._stop_by is not None:
            return
        # Silence that bridged a wait was sent as well.
        ahead_s = utterance._pacer.sent_s + utterance._pacer.waiting_s
        utterance._pacer.add(sound)
        utterance._boundaries.append(ahead_s + sound.seconds)
        utterance._rendered_s += sound.seconds
        self.tick()

    def _not_rendered(self, utterance: Utterance, why: str) -> None:
        utterance._problem = why
        utterance._unspoken += 1
        self._trouble("sentence", why)

    def _all_rendered(self, utterance: Utterance) -> None:
        if utterance not in self._queue:
            return
        utterance._pacer.complete()
        if utterance._rendered_s == 0.0:
            self._end(utterance, Outcome.FAILED, utterance._problem or "the text holds nothing that can be spoken")
            return
        self.tick()

    # Who does not answer ----------------------------------------------------------------------------------------------
    def _watch(self, utterance: Utterance, now: float) -> None:
        pacer = utterance._pacer
        if pacer.first_sent_at is None:
            if utterance._first_since is None:
                utterance._first_since = now
            if now > utterance._first_since + _RENDER_S:
                self._end(utterance, Outcome.FAILED, "the speech engine does not answer")
        elif not utterance._sounding and now > pacer.first_sent_at + _ANSWER_S:
            self._trouble("loudspeaker", "the body does not play what is said: is it running?")
            self._give_up(utterance, "the loudspeaker does not answer")
        elif pacer.over:
            if utterance._all_sent_at is None:
                utterance._all_sent_at = now
            left_s = pacer.sent_s - pacer.played_s(utterance._all_sent_at)
            if now > utterance._all_sent_at + left_s + _ANSWER_S:
                self._give_up(utterance, "the loudspeaker did not report the end")

    def _give_up(self, utterance: Utterance, why: str) -> None:
        self._silence(utterance.id)
        self._end(utterance, Outcome.FAILED, why)

    def _end(self, utterance: Utterance, outcome: Outcome, message: str, played_s: float | None = None) -> None:
        self._queue.remove(utterance)
        if utterance._task:
            utterance._task.cancel()
        sounded_s = utterance._pacer.played_s(self._clock()) if played_s is None else played_s
        utterance.ended(Ended(outcome, message, sounded_s, utterance._unspoken))
