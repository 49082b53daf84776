"""The speaking node as a process: a goal in, paced sound out, done when the loudspeaker says so."""

import os
import signal
import time
from datetime import UTC, datetime
from typing import Any

import numpy as np
import psutil
import pytest
from action_msgs.msg import GoalStatus
from kith_msgs.action import Speak
from kith_msgs.msg import FloorState, Playback
from rclpy.action import ActionClient

from culture_profiles.fact import make_fact
from culture_profiles.profile import Profile
from nodes.base import graph
from nodes.base.profile_messages import profile_to_snapshot_msg

WHEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Body:
    """Plays what it is sent in real time, as a loudspeaker does, and says so."""

    def __init__(self, peer: Any, *, deaf: bool = False) -> None:
        self.peer, self.deaf = peer, deaf
        self.chunks: list[tuple[float, Any]] = []
        self.most_ahead_s = 0.0
        self.started: dict[str, float] = {}
        self.sent_s: dict[str, float] = {}
        self.ending: dict[str, float] = {}
        self.playback = peer.publisher(graph.AUDIO_PLAYBACK)
        self.captions = peer.listen(graph.CAPTIONS)
        self.diagnostics = peer.listen(graph.DIAGNOSTICS)
        node = peer.node
        node.create_subscription(graph.AUDIO_OUT.type, graph.AUDIO_OUT.name, self._play, graph.AUDIO_OUT.qos)
        node.create_subscription(
            graph.AUDIO_CONTROL.type, graph.AUDIO_CONTROL.name, self._control, graph.AUDIO_CONTROL.qos
        )
        node.create_timer(0.005, self._finish)
        self.client = ActionClient(node, Speak, graph.SPEAK.name)
        peer.until(self.client.server_is_ready, "the voice")
        peer.until(self.playback.get_subscription_count, "the voice")

    def _tell(self, utterance_id: str, state: int) -> None:
        played = min(time.monotonic() - self.started[utterance_id], self.sent_s[utterance_id])
        self.playback.publish(
            Playback(
                stamp=self.peer.node.get_clock().now().to_msg(), utterance_id=utterance_id, state=state, played_s=played
            )
        )

    def _play(self, chunk: Any) -> None:
        self.chunks.append((time.monotonic(), chunk))
        if self.deaf:
            return
        key = chunk.utterance_id
        if key not in self.started:
            self.started[key], self.sent_s[key] = time.monotonic(), 0.0
            self._tell(key, Playback.STARTED)
        self.sent_s[key] += len(chunk.samples) / chunk.sample_rate
        self.most_ahead_s = max(self.most_ahead_s, self.sent_s[key] - (time.monotonic() - self.started[key]))
        if chunk.last:
            self.ending[key] = self.started[key] + self.sent_s[key]

    def _finish(self) -> None:
        for key, at in list(self.ending.items()):
            if time.monotonic() >= at:
                del self.ending[key]
                self._tell(key, Playback.FINISHED)

    def _control(self, message: Any) -> None:
        if not self.deaf and message.data in self.started:
            self.ending.pop(message.data, None)
            self._tell(message.data, Playback.STOPPED)

    def ask(self, text: str, locale: str = "en_GB", **fields: Any) -> Any:
        future = self.client.send_goal_async(Speak.Goal(text=text, locale=locale, **fields))
        self.peer.until(future.done, "the goal")
        assert future.result().accepted
        return future.result()

    def result(self, goal: Any, within_s: float = 20.0) -> Any:
        future = goal.get_result_async()
        self.peer.until(future.done, "the result", within_s)
        return future.result()

    def sound(self) -> np.ndarray:
        return np.concatenate([np.asarray(chunk.samples, np.int16) for _, chunk in self.chunks])


@pytest.fixture
def body(run_node: Any, peer: Any) -> Body:
    run_node("nodes.tts.node")
    return Body(peer)


def test_speaks_at_once_paced_with_caption_and_ends_when_the_sound_has_ended(body: Body) -> None:
    body.result(body.ask("Hello."))  # the engine is awake
    body.chunks.clear()
    asked = time.monotonic()
    answer = body.result(body.ask("Good morning, Mr Sato. How are you today?", utterance_id="u2"))
    took = time.monotonic() - asked
    assert answer.status == GoalStatus.STATUS_SUCCEEDED
    assert answer.result.outcome == Speak.Result.FINISHED
    assert abs(answer.result.played_s - took) < 0.4, "the goal ends with the sound"
    assert body.chunks[0][0] - asked < 0.3
    assert body.most_ahead_s <= 0.21
    pieces = [chunk for _, chunk in body.chunks]
    assert [chunk.sequence for chunk in pieces] == list(range(len(pieces)))
    assert [chunk.last for chunk in pieces].count(True) == 1
    assert pieces[-1].last
    assert all(len(chunk.samples) <= 0.02 * chunk.sample_rate for chunk in pieces)
    assert {chunk.utterance_id for chunk in pieces} == {"u2"}
    assert np.abs(body.sound()).max() > 3000
    assert [caption.text for caption in body.captions] == ["Hello.", "Good morning, Mr Sato. How are you today?"]


def test_cancelling_silences_at_once(body: Body) -> None:
    goal = body.ask("This is a long story about a ship that sailed from Kobe. It took many weeks. It was cold.")
    body.peer.until(lambda: len(body.chunks) > 20, "sound")
    asked = time.monotonic()
    goal.cancel_goal_async()
    answer = body.result(goal, within_s=1.0)
    assert answer.status == GoalStatus.STATUS_CANCELED
    assert answer.result.outcome == Speak.Result.INTERRUPTED
    assert answer.result.played_s < 2.0
    body.peer.spin_for(0.3)
    assert body.chunks[-1][0] - asked < 0.25
    assert body.result(body.ask("And now?")).result.outcome == Speak.Result.FINISHED


def test_polish_is_spoken_with_another_voice(body: Body) -> None:
    body.result(body.ask("Good morning", "en_GB"))
    english = body.sound()
    body.chunks.clear()
    assert body.result(body.ask("Good morning", "pl_PL")).result.outcome == Speak.Result.FINISHED
    assert not np.array_equal(english, body.sound())


@pytest.mark.parametrize(
    ("text", "locale"), [("🎉 \x00\x07 👍🏽", "en_GB"), ("Hello", "tlh_XX"), ("x" * 100_001, "en_GB")]
)
def test_what_cannot_be_spoken_is_said_to_be_so(body: Body, text: str, locale: str) -> None:
    answer = body.result(body.ask(text, locale))
    assert answer.status == GoalStatus.STATUS_ABORTED
    assert answer.result.outcome == Speak.Result.FAILED
    assert answer.result.message
    assert body.result(body.ask("Hello.")).result.outcome == Speak.Result.FINISHED


def test_fifty_thousand_characters_begin_at_once_and_can_be_stopped(body: Body) -> None:
    asked = time.monotonic()
    goal = body.ask("We walked along the river and talked. " * 1316)
    body.peer.until(lambda: len(body.chunks) > 5, "sound")
    assert body.chunks[0][0] - asked < 1.0
    goal.cancel_goal_async()
    assert body.result(goal, within_s=2.0).result.outcome == Speak.Result.INTERRUPTED


def test_two_goals_are_spoken_one_after_the_other(body: Body) -> None:
    goals = [body.ask("One.", utterance_id="a"), body.ask("Two.", utterance_id="b")]
    assert [body.result(goal).result.outcome for goal in goals] == [Speak.Result.FINISHED] * 2
    order = [chunk.utterance_id for _, chunk in body.chunks]
    assert order == sorted(order)


def _engine(node: Any) -> psutil.Process:
    (child,) = psutil.Process(node.process.pid).children()
    return child


@pytest.mark.parametrize("with_signal", [signal.SIGKILL, signal.SIGSTOP])
def test_an_engine_that_dies_or_hangs_costs_no_sentence(run_node: Any, peer: Any, with_signal: int) -> None:
    node = run_node("nodes.tts.node", deadline_s=1.0)
    body = Body(peer)
    body.result(body.ask("Good morning."))
    os.kill(_engine(node).pid, with_signal)
    answer = body.result(body.ask("How are you today?", utterance_id="after"))
    assert answer.result.outcome == Speak.Result.FINISHED
    assert [caption.utterance_id for caption in body.captions].count("after") == 1


def test_a_loudspeaker_that_does_not_answer_is_reported(run_node: Any, peer: Any) -> None:
    run_node("nodes.tts.node")
    body = Body(peer, deaf=True)
    answer = body.result(body.ask("Is anybody there?"))
    assert answer.result.outcome == Speak.Result.FAILED
    assert "loudspeaker" in answer.result.message
    assert not body.captions


def test_it_leaves_nothing_behind_when_stopped_or_killed(run_node: Any, peer: Any) -> None:
    for end in ("stop", "kill"):
        node = run_node("nodes.tts.node")
        peer.until(lambda node=node: psutil.Process(node.process.pid).children(), "the engine")
        engine = _engine(node)
        getattr(node, end)()
        engine.wait(5)


def test_a_name_is_said_as_its_owner_says_it_and_captioned_as_it_is_written(run_node: Any, peer: Any) -> None:
    profile = Profile("r1", 1, [_pronunciation("r1")])

    def answer(request: Any, response: Any) -> Any:
        response.success = request.resident_id == "r1"
        response.snapshot = profile_to_snapshot_msg(profile, WHEN)
        return response

    peer.node.create_service(graph.GET_SNAPSHOT.type, graph.GET_SNAPSHOT.name, answer)
    floor = peer.publisher(graph.FLOOR)
    node = run_node("nodes.tts.node")
    body = Body(peer)
    peer.until(floor.get_subscription_count, "the voice")

    def said(text: str) -> np.ndarray:
        body.chunks.clear()
        assert body.result(body.ask(text)).result.outcome == Speak.Result.FINISHED
        return body.sound()

    plain, respelled = said("Siobhan is here."), said("Shivawn is here.")
    floor.publish(FloorState(person_id="r1"))
    peer.until(lambda: np.array_equal(said("Siobhan is here."), respelled), "the person's own way", 40.0)
    assert body.captions[-1].text == "Siobhan is here."
    floor.publish(FloorState(person_id=""))
    peer.until(lambda: np.array_equal(said("Siobhan is here."), plain), "nobody's way", 40.0)
    _, log = node.stop()
    assert "Siobhan" not in log
    assert "Shivawn" not in log


def _pronunciation(resident_id: str) -> Any:
    return make_fact(
        sequence=1,
        resident_id=resident_id,
        key="pronunciation",
        value="Siobhan = Shivawn",
        source="resident",
        status="stated",
        confidence=1.0,
        who=resident_id,
        when=WHEN,
    )
