"""The surroundings of two robots for measuring reminders: everybody is there, says yes, and the voice takes no time."""

import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import rclpy
from hri_msgs.msg import IdsList, IdsMatch, LiveSpeech
from kith_msgs import msg, srv
from kith_msgs.action import Remind, Speak
from rclpy.action import ActionClient, ActionServer
from rclpy.executors import SingleThreadedExecutor

from culture_profiles.errors import KithError
from kith.bench.reminders_home import number_of
from nodes.base import graph, times

_RENEW_S = 2.0
_ANSWERS_WITHIN_S = 10.0
_ANSWERS_AFTER_S = 0.05
_RESULTS_KEPT_S = 5


class Robots:
    """`begun`: when each measured prompt was handed to a voice, seconds of Unix time."""

    def __init__(self, names: tuple[str, ...], residents: tuple[str, ...]) -> None:
        self.begun: dict[int, float] = {}
        self._names = names
        self._residents = residents
        self._answers: list[tuple[float, Any]] = []
        self._renew_at = 0.0

    def __enter__(self) -> Self:
        self._context = rclpy.Context()
        self._context.init()
        self._executor = SingleThreadedExecutor(context=self._context)
        self._robots = [_Robot(name, self) for name in self._names]
        for robot in self._robots:
            self._executor.add_node(robot.node)
        home = self._robots[0].node
        home.create_subscription(msg.AlertList, graph.OPEN_ALERTS.name, lambda _: None, graph.OPEN_ALERTS.qos)
        self._add = home.create_client(graph.ADD_ROUTINE.type, graph.ADD_ROUTINE.name)
        self._peers = [self._add, home.create_client(graph.GET_SNAPSHOT.type, graph.GET_SNAPSHOT.name)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(timeout_sec=1.0)
        self._context.shutdown()

    @property
    def ready(self) -> bool:
        """Whether the home answers and both robots can remind."""
        return all(each.service_is_ready() for each in self._peers) and all(each.ready for each in self._robots)

    def until(self, true: Callable[[], bool], within_s: float, problem: str) -> None:
        """Spin until something holds. Errors: KithError with `problem`."""
        deadline = time.monotonic() + within_s
        while not true():
            if time.monotonic() > deadline:
                raise KithError(f"{problem}: `kith doctor` tells what is missing")
            self._turn()

    def greet(self) -> None:
        """Everybody greets each robot."""
        for robot in self._robots:
            robot.greet()

    def add(self, due: dict[int, datetime]) -> None:
        """Tell the home of the prompts to be measured. Errors: KithError when it does not keep one."""
        for number, when in due.items():
            routine = msg.Routine(
                resident_id=self._residents[number % len(self._residents)],
                kind="activity",
                title=f"round {number}",
                start=times.to_msg(when),
                window_s=3600,
                created_by="bench",
            )
            answer = self._add.call_async(srv.AddRoutine.Request(routine=routine))
            self.until(answer.done, _ANSWERS_WITHIN_S, "the reminders node does not answer")
            if not answer.result().success:
                raise KithError(f"the reminders node refused a reminder: {answer.result().message}")

    def spin(self, until: float, enough: Callable[[], bool]) -> None:
        """Let the home live until that Unix time, or until it is enough."""
        while time.time() < until and not enough():
            self._turn()

    def _turn(self) -> None:
        self._executor.spin_once(timeout_sec=0.02)
        now = time.monotonic()
        if now >= self._renew_at:
            self._renew_at = now + _RENEW_S
            for robot in self._robots:
                robot.renew(self._residents)
        while self._answers and self._answers[0][0] <= now:
            self._answers.pop(0)[1]()

    def spoken(self, robot: "_Robot", text: str) -> None:
        """A sentence was handed to a voice."""
        number = number_of(text)
        if number is not None and number not in self.begun:
            self.begun[number] = time.time()
            voice = f"voice_{self._residents[number % len(self._residents)]}"
            self._answers.append((time.monotonic() + _ANSWERS_AFTER_S, lambda: robot.say(voice, "Yes, please.")))


class _Robot:
    def __init__(self, name: str, robots: Robots) -> None:
        self.node = rclpy.create_node("bench", namespace=name, context=robots._context)
        self._robots = robots
        self._voices: dict[str, Any] = {}
        self._matches = self._publisher(graph.CANDIDATE_MATCHES)
        self._tracked = self._publisher(graph.VOICES_TRACKED)
        self._bodies = self._publisher(graph.BODIES_TRACKED)
        self._speak = ActionServer(self.node, Speak, graph.SPEAK.name, self._on_speak, result_timeout=_RESULTS_KEPT_S)
        self._remind = ActionClient(self.node, Remind, graph.REMIND.name)

    def _publisher(self, topic: graph.Topic) -> Any:
        return self.node.create_publisher(topic.type, topic.name, topic.qos)

    @property
    def ready(self) -> bool:
        """Whether its mind takes reminders and hears the voices."""
        heard = bool(self._voices) and all(each.get_subscription_count() for each in self._voices.values())
        seen = self._matches.get_subscription_count() and self._bodies.get_subscription_count()
        return bool(heard and seen) and self._remind.server_is_ready()

    def greet(self) -> None:
        """Everybody says good morning, so that nobody is a stranger when it counts."""
        for voice in self._voices:
            self.say(voice, "Good morning.")

    def renew(self, residents: tuple[str, ...]) -> None:
        """Everybody is there: of each a body and a voice."""
        voices = [f"voice_{each}" for each in residents]
        for voice in voices:
            if voice not in self._voices:
                self._voices[voice] = self._publisher(graph.voice_speech(voice))
        self._tracked.publish(IdsList(ids=voices))
        self._bodies.publish(IdsList(ids=[f"body_{each}" for each in residents]))
        for each in residents:
            for kind, name in ((IdsMatch.BODY, "body"), (IdsMatch.VOICE, "voice")):
                self._matches.publish(
                    IdsMatch(id1=each, id1_type=IdsMatch.PERSON, id2=f"{name}_{each}", id2_type=kind, confidence=0.9)
                )

    def say(self, voice: str, text: str) -> None:
        """A resident answers."""
        self._voices[voice].publish(LiveSpeech(final=text, confidence=0.9, locale="en_GB"))

    def _on_speak(self, goal: Any) -> Any:
        self._robots.spoken(self, goal.request.text)
        goal.succeed()
        return Speak.Result(outcome=Speak.Result.FINISHED)
