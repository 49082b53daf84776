"""A robot's surroundings for the dialogue node: real profiles and alerts, a voice that records, people who come."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hri_msgs.msg import IdsList, IdsMatch, LiveSpeech
from kith_msgs.action import Remind, Speak
from kith_msgs.msg import Occurrence, Utterance
from rclpy.action import ActionClient, ActionServer, CancelResponse
from rclpy.task import Future
from std_msgs.msg import Bool

from culture_profiles.importing import read_resident
from culture_profiles.store import ProfileStore
from nodes.base import graph, times
from tests.peer import Peer

PEOPLE = Path(__file__).parents[3] / "sim" / "residents" / "people"


def morning_zone() -> str:
    """A time zone in which it is about ten in the morning now, whenever the test runs."""
    ahead = (10 - datetime.now(UTC).hour) % 24
    ahead = ahead - 24 if ahead > 12 else ahead
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


class Room:
    """What the dialogue node hears, sees and does."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.said: list[Any] = []
        self.silenced: list[str] = []
        self.hold = False
        self.speaking = 0
        self._here: dict[str, bool] = {}
        self._matches = peer.publisher(graph.CANDIDATE_MATCHES)
        self._bodies = peer.publisher(graph.BODIES_TRACKED)
        self._voices = peer.publisher(graph.VOICES_TRACKED)
        self._speech = peer.publisher(graph.voice_speech("voice1"))
        self._speaking = peer.publisher(graph.voice_is_speaking("voice1"))
        self._hearing = peer.publisher(graph.HEARING)
        self._remind = ActionClient(peer.node, Remind, graph.REMIND.name)
        self.voice = ActionServer(
            peer.node, Speak, graph.SPEAK.name, self._speak, cancel_callback=lambda _: CancelResponse.ACCEPT
        )
        peer.node.create_timer(0.5, self._renew)

    async def _speak(self, goal: Any) -> Any:
        self.said.append(goal.request)
        self.speaking += 1
        while self.hold and not goal.is_cancel_requested:
            await self._moment()
        self.speaking -= 1
        if goal.is_cancel_requested:
            self.silenced.append(goal.request.text)
            goal.canceled()
            return Speak.Result(outcome=Speak.Result.INTERRUPTED)
        goal.succeed()
        return Speak.Result(outcome=Speak.Result.FINISHED)

    async def _moment(self) -> None:
        passed: Any = Future(executor=self.peer.executor)

        def over() -> None:
            timer.cancel()
            passed.set_result(None)

        timer = self.peer.node.create_timer(0.05, over)
        await passed

    def _renew(self) -> None:
        self._bodies.publish(IdsList(ids=[f"body_{each}" for each in self._here]))
        for each, alone in self._here.items():
            for kind, name in (
                ((IdsMatch.BODY, "body"), (IdsMatch.FACE, "face")) if alone else ((IdsMatch.BODY, "body"),)
            ):
                self._matches.publish(
                    IdsMatch(id1=each, id1_type=IdsMatch.PERSON, id2=f"{name}_{each}", id2_type=kind, confidence=0.9)
                )
        self._voices.publish(IdsList(ids=["voice1"]))

    def enter(self, resident_id: str, *, well_known: bool = True) -> None:
        self._here[resident_id] = well_known
        self._renew()

    def leave(self, resident_id: str) -> None:
        del self._here[resident_id]
        self._renew()

    def say(self, text: str) -> None:
        self.peer.until(lambda: self._speech.get_subscription_count() > 0, "a listener to the voice")
        self._speech.publish(LiveSpeech(final=text, confidence=0.9, locale="en_GB"))

    def sound(self, speaking: bool) -> None:
        """Somebody's voice begins or ends."""
        self.peer.until(lambda: self._speaking.get_subscription_count() > 0, "a listener to the voice")
        self._speaking.publish(Bool(data=speaking))

    def say_on(self, text: str) -> None:
        """The whole of a sentence whose first half was taken for all of it."""
        stamp = times.to_msg(datetime.now(UTC))
        known = Utterance(voice_id="voice1", id="u2", continues="u1")
        spoken = LiveSpeech(final=text, confidence=0.9, locale="en_GB")
        known.header.stamp = spoken.header.stamp = stamp
        self._hearing.publish(known)
        self.peer.spin_for(0.2)
        self._speech.publish(spoken)

    def texts(self) -> list[str]:
        return [each.text for each in self.said]

    def hear(self, part: str, what: str = "") -> Any:
        def found() -> Any:
            return next((each for each in self.said if part.casefold() in each.text.casefold()), None)

        return self.peer.until(found, what or f"a sentence with {part!r} (said: {self.texts()})")

    def ask(self, text: str, part: str = "") -> list[str]:
        """Say something and wait for what is answered."""
        before = len(self.said)
        self.say(text)
        self.peer.until(lambda: len(self.said) > before, f"an answer to {text!r}")
        self.peer.spin_for(0.3)
        answers = self.texts()[before:]
        assert part.casefold() in " ".join(answers).casefold(), answers
        return answers

    def remind(self, resident_id: str, kind: str, title: str) -> Any:
        self.peer.until(self._remind.server_is_ready, "the remind action")
        now = datetime.now(UTC)
        occurrence = Occurrence(
            id=f"o{time.monotonic_ns()}", resident_id=resident_id, kind=kind, title=title, due=times.to_msg(now),
            window_end=times.to_msg(datetime.fromtimestamp(now.timestamp() + 3600, UTC)),
        )  # fmt: skip
        goal = Remind.Goal(occurrence=occurrence, wording=f"reminder.{kind}")
        for _ in range(20):  # a machine under load takes long to start the next
            sent = self._remind.send_goal_async(goal)
            try:
                self.peer.until(sent.done, "the goal to be answered", within_s=3.0)
            except AssertionError:
                continue  # it went to a process that was just killed
            assert sent.result().accepted
            return sent.result().get_result_async()
        raise AssertionError("nobody takes the reminder")

    def outcome(self, result: Any) -> Any:
        self.peer.until(result.done, "the reminder to end")
        return result.result().result


@pytest.fixture
def home(home_dir: Path) -> Path:
    """A home with Hanna and Kenji."""
    with ProfileStore(home_dir / "profiles" / "profiles.db") as store:
        for name in ("hanna", "kenji"):
            for fact in read_resident(PEOPLE / f"{name}.yaml", datetime.now(UTC), "test"):
                store.set_fact(fact)
    return home_dir


@pytest.fixture
def room(peer: Peer) -> Iterator[Room]:
    made = Room(peer)
    yield made
    made.hold = False
    peer.until(lambda: not made.speaking, "the end of all that is being said")
    peer.spin_for(0.2)
    made.voice.destroy()


@pytest.fixture
def dialogue(run_node: Callable[..., Any], home: Path) -> Callable[..., Any]:
    """Start the dialogue node of this home."""

    def start(**parameters: Any) -> Any:
        return run_node("nodes.dialogue.node", home_dir=home, time_zone=morning_zone(), **parameters)

    return start
