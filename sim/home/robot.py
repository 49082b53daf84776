"""A robot's body and voice in a simulated home: it travels, sounds and sees in simulated time, and residents answer."""

import math
import time
from collections.abc import Callable
from typing import Any

from hri_msgs.msg import IdsList, IdsMatch, LiveSpeech
from kith_msgs import msg
from kith_msgs.action import Approach, Gesture, Speak
from rclpy.action import ActionServer, CancelResponse
from rclpy.executors import Executor
from rclpy.node import Node
from rclpy.task import Future

from nodes.base import graph, times
from sim.home.agenda import Agenda
from sim.home.answers import Answers, Mood, Reaction
from sim.home.ends import publisher
from sim.home.hearing import Ear
from sim.home.observer import Observer, Prompted

_VOICE = "voice1"
_CONFIDENCE = 0.95
_DEFAULT_RATE = 140.0  # words per minute
_SETS_OFF_S = 8.0
_PER_ROOM_S = 5.0
_LONGEST_WAY_S = 45.0
_KEPT_S = 3.0
_RESULTS_KEPT_S = 2
_WATCHES_S = 22.0  # whoever does not answer turns away when the robot has ceased to listen


class RobotBody:
    """One robot's: it serves `speak`, `approach` and `gesture`, and tells who is in front of it."""

    def __init__(
        self,
        node: Node,
        executor: Executor,
        name: str,
        agenda: Agenda,
        observer: Observer,
        ear: Ear,
        rooms: dict[str, int],
        answers: dict[str, Answers],
        prompting: Callable[[str], None],
    ) -> None:
        """`prompting` is called with the robot's name when a prompt begins to sound."""
        self.name = name
        self._executor = executor
        self._agenda = agenda
        self._observer = observer
        self._ear = ear
        self._rooms = rooms
        self._answers = answers
        self._prompting = prompting
        self._at = 0
        self._facing = ""  # who is in front of the robot and looks at it
        self._beside = ""  # whose room it is in
        self._prompt: Prompted | None = None
        self._reaction: Reaction | None = None
        self._turns = 0
        self._said_all = False
        self._giving_up = -1
        self._unsaid: list[tuple[float, str]] = []  # with the real time until which they are kept
        self._sounding: dict[int, tuple[Any, Future]] = {}

        def own(topic: graph.Topic) -> Any:
            return publisher(node, topic, f"/{name}/{topic.name}")

        self._matches, self._bodies = own(graph.CANDIDATE_MATCHES), own(graph.BODIES_TRACKED)
        self._voices, self._playback = own(graph.VOICES_TRACKED), own(graph.AUDIO_PLAYBACK)
        self._speech = own(graph.voice_speech(_VOICE))
        # By the real clock, in which days pass: each step of a goal sends the list of all whose results are kept.
        accept = {"cancel_callback": self._on_cancel, "result_timeout": _RESULTS_KEPT_S}
        self._servers = [
            ActionServer(node, graph.SPEAK.type, f"/{name}/{graph.SPEAK.name}", self._speak, **accept),
            ActionServer(node, graph.APPROACH.type, f"/{name}/{graph.APPROACH.name}", self._approach, **accept),
            ActionServer(node, graph.GESTURE.type, f"/{name}/{graph.GESTURE.name}", self._gesture, **accept),
        ]

    @property
    def speaking(self) -> bool:
        """Whether it sounds now."""
        return bool(self._sounding)

    @property
    def unsaid(self) -> bool:
        """Whether somebody speaks and the mind's ear is not there yet."""
        return bool(self._unsaid)

    def tell_again(self) -> None:
        """The mind has been started anew: it knows nobody and hears no voice."""
        self._see()

    # Travel ---------------------------------------------------------------------------------------------------------
    async def _approach(self, goal: Any) -> Approach.Result:
        resident_id = goal.request.person_id
        if resident_id not in self._rooms:
            goal.abort()
            return Approach.Result(success=False, message="nobody by that id lives here")
        if resident_id != self._beside:
            self._turn_away()
            self._beside = ""
            room = self._rooms[resident_id]
            way_s = min(_LONGEST_WAY_S, _SETS_OFF_S + _PER_ROOM_S * abs(room - self._at))
            await self._pass(way_s)
            self._at, self._beside = room, resident_id
        self._facing = resident_id
        self._see()
        if goal.is_cancel_requested:
            goal.canceled()
            return Approach.Result(success=False, message="taken back")
        goal.succeed()
        return Approach.Result(success=True, distance_m=1.2)

    async def _gesture(self, goal: Any) -> Gesture.Result:
        for _, silent in list(self._sounding.values()):
            await silent  # it goes with the words
        goal.succeed()
        return Gesture.Result(success=True)

    def _see(self) -> None:
        """Tell anew who is in front of the robot: evidence lasts for seconds only."""
        self._voices.publish(IdsList(ids=[_VOICE]))
        self._bodies.publish(IdsList(ids=[f"body_{self._facing}"] if self._facing else []))
        self._match(_CONFIDENCE)

    def _match(self, confidence: float) -> None:
        for kind, what in ((IdsMatch.BODY, "body"), (IdsMatch.FACE, "face")):
            if self._facing:
                self._matches.publish(
                    IdsMatch(
                        id1=self._facing,
                        id1_type=IdsMatch.PERSON,
                        id2=f"{what}_{self._facing}",
                        id2_type=kind,
                        confidence=confidence,
                    )
                )

    def _turn_away(self) -> None:
        self._agenda.drop(self._giving_up)
        self._match(0.0)
        self._facing, self._prompt, self._reaction = "", None, None

    # Voice ----------------------------------------------------------------------------------------------------------
    async def _speak(self, goal: Any) -> Speak.Result:
        said = goal.request
        length_s = math.ceil(0.4 + len(said.text.split()) / (said.rate or _DEFAULT_RATE) * 60)
        stopped = Future(executor=self._executor)
        self._sounding[id(goal)] = (goal, stopped)
        self._play(said.utterance_id, msg.Playback.STARTED, 0.0)
        if self._facing:
            self._see()
        prompt = self._hear(said.text)
        if prompt is None and self._said_all:
            self._turn_away()  # that was all there was to say, and the robot's thanks are heard in passing
        sounds_until = self._agenda.after(length_s, lambda: stopped.done() or stopped.set_result(True))
        whole = await stopped
        self._agenda.drop(sounds_until)
        del self._sounding[id(goal)]
        self._play(said.utterance_id, msg.Playback.FINISHED if whole else msg.Playback.STOPPED, float(length_s))
        if prompt is not None:
            prompt.finished = whole
        if whole:
            self._after(prompt)
        if goal.is_cancel_requested:
            goal.canceled()
        else:
            goal.succeed()
        outcome = Speak.Result.FINISHED if whole else Speak.Result.INTERRUPTED
        return Speak.Result(outcome=outcome, played_s=float(length_s))

    def _on_cancel(self, _: Any) -> CancelResponse:
        self._agenda.after(0.0, self._fall_silent)  # once the goal knows of it
        return CancelResponse.ACCEPT

    def _fall_silent(self) -> None:
        for goal, stopped in self._sounding.values():
            if goal.is_cancel_requested and not stopped.done():
                stopped.set_result(False)

    def _play(self, utterance_id: str, state: int, played_s: float) -> None:
        self._playback.publish(
            msg.Playback(
                stamp=times.to_msg(self._agenda.now), utterance_id=utterance_id, state=state, played_s=played_s
            )
        )

    # What the resident makes of it ----------------------------------------------------------------------------------
    def _hear(self, text: str) -> Prompted | None:
        heard = self._ear.hear(text) if self._facing else None
        if heard is None:
            return None
        self._prompt = self._observer.heard(self._facing, self.name, heard, self._agenda.now)
        self._reaction, self._turns, self._said_all = None, 0, False
        self._prompting(self.name)
        return self._prompt

    def _after(self, prompt: Prompted | None) -> None:
        """The robot has spoken to the end: the resident answers, or turns to other things."""
        resident_id = self._facing
        if not resident_id:
            return
        self._see()
        if prompt is not None:
            self._reaction = self._answers[resident_id].react()
            prompt.mood = self._reaction.mood
        reaction = self._reaction
        if reaction is not None and self._turns < len(reaction.lines):
            line, turn = reaction.lines[self._turns], self._turns
            self._agenda.after(reaction.after_s, lambda: self._answer(resident_id, reaction, turn, line))
            if reaction.mood is Mood.ANSWERS_LATE:
                self._said_all = True
        else:
            current = self._prompt
            self._giving_up = self._agenda.after(_WATCHES_S, lambda: self._give_up(resident_id, current))

    def _give_up(self, resident_id: str, prompt: Prompted | None) -> None:
        if self._facing == resident_id and self._prompt is prompt and not self.speaking:
            self._turn_away()

    def _answer(self, resident_id: str, reaction: Reaction, turn: int, line: str) -> None:
        if self._beside != resident_id or self._reaction is not reaction or turn != self._turns:
            return
        self._turns += 1
        self._said_all = self._turns >= len(reaction.lines)
        self._facing = resident_id
        self._see()
        if self._prompt is not None and reaction.mood is not Mood.ANSWERS_LATE:
            self._prompt.answered = True
        self._unsaid.append((time.monotonic() + _KEPT_S, line))
        self.say_what_is_unsaid()

    def say_what_is_unsaid(self) -> None:
        """Words that wait for the mind's ear, which a restarted mind opens anew."""
        while self._unsaid and self._speech.get_subscription_count() > 0:
            _, line = self._unsaid.pop(0)
            self._speech.publish(LiveSpeech(final=line, confidence=0.9, locale="en_GB"))
        self._unsaid = [each for each in self._unsaid if each[0] > time.monotonic()]

    def _pass(self, seconds: float) -> Future:
        passed = Future(executor=self._executor)
        self._agenda.after(seconds, lambda: passed.set_result(None))
        return passed
