"""One utterance after the other, on a clock and a loudspeaker of the test's own: each ends once, none is stuck."""

import queue
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from culture_profiles.errors import KithError
from nodes.tts.mouth import Chunk, Ended, Heard, Mouth, Outcome, Utterance
from nodes.tts.rendering import Renderer
from nodes.tts.synthesiser import Manner, Sound

RATE = 16_000


class Engine:
    """Half a second of sound for each sentence; `fails` says for which none."""

    name = "test"

    def __init__(self) -> None:
        self.fails: Callable[[str], bool] = lambda _: False

    def speaks(self, locale: str) -> bool:
        return locale == "en_GB"

    def render(self, text: str, manner: Manner) -> Sound:
        if self.fails(text):
            raise KithError("the engine is broken")
        return Sound(np.full(RATE // 2, 5000, np.int16), RATE)

    def close(self) -> None:
        pass


class World:
    """A clock that moves when the test says so, and a loudspeaker that answers or not."""

    def __init__(self) -> None:
        self.now, self.answers = 100.0, True
        self.posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.engine = Engine()
        self.renderer = Renderer([self.engine])
        self.sent: list[Chunk] = []
        self.silenced: list[str] = []
        self.ended: dict[str, list[Ended]] = {}
        self.captions: list[str] = []
        self._plays: dict[str, tuple[float, float]] = {}
        self._ends: tuple[str, float] | None = None
        self.mouth = Mouth(self.renderer, self.posted.put, lambda: self.now, self._send, self.silenced.append)

    def _send(self, chunk: Chunk) -> None:
        self.sent.append(chunk)
        if not self.answers:
            return
        key, seconds = chunk.utterance_id, len(chunk.piece.samples) / chunk.rate
        if key not in self._plays:
            self._plays[key] = (self.now, 0.0)
            self.posted.put(lambda at=self.now: self.mouth.heard(key, Heard.STARTED, at, 0.0))
        began, sent_s = self._plays[key]
        self._plays[key] = (began, sent_s + seconds)
        if chunk.piece.last:
            self._ends = (key, began + sent_s + seconds)

    def say(self, key: str, text: str = "Good morning. How are you?", locale: str = "en_GB") -> Utterance:
        self.ended[key] = []
        utterance = Utterance(key, text, Manner(locale), self.ended[key].append, lambda _: self.captions.append(key))
        self.mouth.say(utterance)
        return utterance

    def run(self, seconds: float) -> None:
        """Let time pass; what the rendering thread has to say is waited for first."""
        end = self.now + seconds
        while self.now < end and self.mouth.busy:
            try:
                self.posted.get(timeout=0.02)()
            except queue.Empty:
                self.now += 0.02
                self.mouth.tick()
                if (ends := self._ends) and self.now >= ends[1]:
                    self._ends = None
                    self.mouth.heard(ends[0], Heard.FINISHED, ends[1], ends[1] - self._plays[ends[0]][0])

    def outcome(self, key: str) -> Ended:
        (ended,) = self.ended[key]
        return ended


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.renderer.close()


def test_two_utterances_sound_one_after_the_other_and_end_with_their_sound(world: World) -> None:
    world.say("a")
    world.say("b", "Yes.")
    world.run(5)
    assert [world.outcome(key).outcome for key in "ab"] == [Outcome.FINISHED] * 2
    assert world.outcome("a").played_s == pytest.approx(1.44, abs=0.03)
    assert [chunk.utterance_id for chunk in world.sent] == sorted(chunk.utterance_id for chunk in world.sent)
    assert world.captions == ["a", "b"]


def test_a_sentence_that_no_engine_renders_is_reported_and_the_others_sound(world: World) -> None:
    world.engine.fails = lambda text: "How" in text
    world.say("a", "Good morning. How are you? It is sunny.")
    world.run(5)
    ended = world.outcome("a")
    assert (ended.outcome, ended.unspoken) == (Outcome.FAILED, 1)
    assert "not all of it could be spoken" in ended.message
    assert ended.played_s == pytest.approx(1.44, abs=0.03)


def test_nothing_renders_and_the_next_one_still_speaks(world: World) -> None:
    world.engine.fails = lambda text: "broken" in text
    world.say("a", "All of it is broken.")
    world.say("b", "Yes.")
    world.run(5)
    assert world.outcome("a").outcome is Outcome.FAILED
    assert world.outcome("b").outcome is Outcome.FINISHED


@pytest.mark.parametrize(("text", "locale"), [("🎉", "en_GB"), ("x" * 100_001, "en_GB"), ("Hello", "tlh_XX")])
def test_what_cannot_be_spoken_ends_at_once_with_a_reason(world: World, text: str, locale: str) -> None:
    world.say("a", text, locale)
    world.run(1)
    assert world.outcome("a").outcome is Outcome.FAILED
    assert world.outcome("a").message
    assert not world.sent


def test_a_loudspeaker_that_never_answers_holds_nothing_up(world: World) -> None:
    world.answers = False
    world.say("a")
    world.run(10)
    assert world.outcome("a").outcome is Outcome.FAILED
    assert "loudspeaker" in world.outcome("a").message
    assert world.silenced == ["a"]
    assert not world.captions


def test_cancelling_before_and_while_it_sounds(world: World) -> None:
    first, second = world.say("a"), world.say("b")
    world.run(0.3)
    world.mouth.cancel(second)
    assert world.outcome("b").outcome is Outcome.INTERRUPTED
    world.mouth.cancel(first)
    world.mouth.cancel(first)
    assert world.silenced == ["a"]
    sent = len(world.sent)
    world.mouth.heard("a", Heard.STOPPED, world.now, 0.2)
    assert (world.outcome("a").outcome, world.outcome("a").played_s) == (Outcome.INTERRUPTED, 0.2)
    world.run(1)
    assert len(world.sent) == sent


def test_a_stop_that_the_loudspeaker_does_not_confirm_ends_all_the_same(world: World) -> None:
    utterance = world.say("a")
    world.run(0.3)
    world.mouth.cancel(utterance)
    world.run(1)
    assert "did not confirm" in world.outcome("a").message


def test_hushing_ends_all(world: World) -> None:
    world.say("a")
    world.say("b")
    world.mouth.hush("switched off")
    assert [world.outcome(key).message for key in "ab"] == ["switched off"] * 2
    assert world.silenced == [""]
    assert not world.mouth.busy
