"""Around a robot's mind: one resident before it, whose words it hears, and a voice that takes no time."""

import time
from types import TracebackType
from typing import Any, Self

import rclpy
from hri_msgs.msg import IdsList, IdsMatch, LiveSpeech
from kith_msgs import msg, srv
from kith_msgs.action import Speak
from rclpy.action import ActionServer
from rclpy.executors import SingleThreadedExecutor

from culture_profiles.errors import KithError
from nodes.base import graph

_RENEW_S = 1.0


class Robot:
    """`said`: every sentence that was handed to its voice, with when (steady seconds)."""

    def __init__(self, resident_id: str) -> None:
        self.said: list[tuple[float, str]] = []
        self._about = resident_id
        self._renew_at = 0.0

    def __enter__(self) -> Self:
        self._context = rclpy.Context()
        self._context.init()
        self._executor = SingleThreadedExecutor(context=self._context)
        self.node = rclpy.create_node("bench", context=self._context)
        self._executor.add_node(self.node)
        self._voice = self._publisher(graph.voice_speech(f"voice_{self._about}"))
        self._tracked, self._bodies = self._publisher(graph.VOICES_TRACKED), self._publisher(graph.BODIES_TRACKED)
        self._matches = self._publisher(graph.CANDIDATE_MATCHES)
        self._raise = self.node.create_client(graph.RAISE_ALERT.type, graph.RAISE_ALERT.name)
        self._list, self._due = (
            self.node.create_client(each.type, each.name) for each in (graph.LIST_RESIDENTS, graph.LIST_OCCURRENCES)
        )
        self._speak = ActionServer(self.node, Speak, graph.SPEAK.name, self._on_speak)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(timeout_sec=1.0)
        self._context.shutdown()

    def _publisher(self, topic: graph.Topic) -> Any:
        return self.node.create_publisher(topic.type, topic.name, topic.qos)

    def until(self, true: Any, within_s: float, problem: str) -> None:
        """Let it live until something holds. Errors: KithError with `problem`."""
        deadline = time.monotonic() + within_s
        while not true():
            if time.monotonic() > deadline:
                raise KithError(f"{problem}: `kith doctor` tells what is missing")
            self.turn()

    def turn(self) -> None:
        """A moment."""
        self._executor.spin_once(timeout_sec=0.005)
        if time.monotonic() >= self._renew_at:
            self._renew_at = time.monotonic() + _RENEW_S
            self._be_there()

    def _be_there(self) -> None:
        self._tracked.publish(IdsList(ids=[f"voice_{self._about}"]))
        self._bodies.publish(IdsList(ids=[f"body_{self._about}"]))
        for kind, name in ((IdsMatch.BODY, "body"), (IdsMatch.VOICE, "voice")):
            self._matches.publish(
                IdsMatch(
                    id1=self._about,
                    id1_type=IdsMatch.PERSON,
                    id2=f"{name}_{self._about}",
                    id2_type=kind,
                    confidence=0.9,
                )
            )

    @property
    def home_answers(self) -> bool:
        """Whether the home's other nodes are there."""
        return bool(self._raise.service_is_ready() and self._list.service_is_ready() and self._due.service_is_ready())

    @property
    def hears(self) -> bool:
        """Whether its mind listens to this voice."""
        return bool(self._voice.get_subscription_count() and self._matches.get_subscription_count())

    def ask(self, text: str) -> None:
        """The resident says something."""
        self._voice.publish(LiveSpeech(final=text, confidence=0.9, locale="en_GB"))

    def call_staff(self, call_id: str, about: str = "") -> None:
        """An open call, as a robot raises it, about a resident of its own: one about the same would join the first.

        Errors: KithError.
        """
        self.until(self._raise.service_is_ready, 20.0, "the alerts node does not answer")
        alert = msg.Alert(
            id=call_id, resident_id=about or self._about, level=msg.Alert.ATTEND, kind="pain", text="Her hip hurts."
        )
        answer = self._raise.call_async(srv.RaiseAlert.Request(alert=alert))
        self.until(answer.done, 10.0, "the alerts node does not answer")

    def _on_speak(self, goal: Any) -> Any:
        self.said.append((time.perf_counter(), goal.request.text))
        goal.succeed()
        return Speak.Result(outcome=Speak.Result.FINISHED)
