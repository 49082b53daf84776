"""The scenario's eyes, ears and hands on the graph. Its own thread; nobody else touches ROS."""

import math
import threading
from collections.abc import Callable
from concurrent.futures import Future as Promise
from datetime import datetime
from typing import Any, get_args

import numpy as np
import rclpy
from builtin_interfaces.msg import Time
from communication_skills.action import Say
from kith_msgs.msg import (
    Alert,
    AlertList,
    AudioChunk,
    Caption,
    FloorState,
    Occurrence,
    Playback,
    ProfileChange,
    Routine,
)
from kith_msgs.srv import AcceptAlert, AddRoutine, GetSnapshot, Order, SetShift
from rclpy.action import ActionClient
from rclpy.client import Client
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.task import Future
from std_srvs.srv import SetBool

from culture_profiles.errors import KithError
from kith.demo.events import Captioned, FactChanged, Floor, Heard, Log, Played, ReminderMoved, Sound
from kith.demo.recorder import RATE, Recorder
from kith.demo.scenario import Outcome, Reminder
from nodes.base import graph, times
from nodes.base.audio import Pcm, downmix, to_int16
from sim import graph as residents_graph
from sim import transforms

_SOUNDS = {Playback.STARTED: Sound.STARTED, Playback.FINISHED: Sound.FINISHED, Playback.STOPPED: Sound.STOPPED}
_STATES = {number: name for name in get_args(Outcome) for number in [getattr(Occurrence, name.upper())]}
_ANSWER_WITHIN_S = 10.0


class Stage:
    """Subscribed to all that the scenario asks about, and able to direct residents and add reminders."""

    def __init__(self, resident_ids: tuple[str, ...], log: Log, recorder: Recorder) -> None:
        """Joins the ROS domain of this process's environment. Close it in the end."""
        self._log, self._recorder = log, recorder
        self._context = rclpy.Context()
        self._context.init()
        self._node = rclpy.create_node("scenario", context=self._context, start_parameter_services=False)
        self._voices: set[str] = set()
        self._heard_of_floor = threading.Event()
        self._hearing = threading.Event()
        self._subscribe(graph.AUDIO_IN, self._on_audio_in)
        self._subscribe(graph.AUDIO_OUT, self._on_audio_out)
        self._subscribe(graph.ROOM_AUDIO, self._on_room_audio)
        self._subscribe(graph.AUDIO_PLAYBACK, self._on_playback)
        self._subscribe(graph.CAPTIONS, self._on_caption)
        self._subscribe(graph.FLOOR, self._on_floor)
        self._subscribe(graph.VOICES_TRACKED, self._on_voices)
        self._subscribe(graph.OCCURRENCES, self._on_occurrence)
        self._subscribe(graph.PROFILE_CHANGES, self._on_change)
        self._present = {each: self._client(residents_graph.present(each)) for each in resident_ids}
        self._say = {each: self._action(residents_graph.say(each)) for each in resident_ids}
        self._snapshots = self._client(graph.GET_SNAPSHOT)
        self._routines = self._client(graph.ADD_ROUTINE)
        self._shift = self._client(graph.SET_SHIFT)
        self._accepting = self._client(graph.ACCEPT_ALERT)
        self._alerts: list[Alert] = []
        self._subscribe(graph.OPEN_ALERTS, self._on_alerts)
        self._orders = self._client(graph.ORDER)
        self._robot: tuple[float, float] | None = None
        self._people: dict[str, tuple[float, float]] = {}
        self._subscribe(residents_graph.ROBOT, self._on_robot)
        self._subscribe(residents_graph.PEOPLE, self._on_people)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self._node)
        self._thread = threading.Thread(target=self._spin, name="stage", daemon=True)
        self._thread.start()

    def _spin(self) -> None:
        try:
            self._executor.spin()
        except ExternalShutdownException:
            return

    def close(self) -> None:
        """Leave the graph."""
        self._executor.shutdown(timeout_sec=1.0)
        self._thread.join(2.0)
        self._node.destroy_node()
        self._context.try_shutdown()

    def wait_until_set(self, within_s: float) -> None:
        """Wait until everybody who plays can be reached. Errors: KithError that names who is missing."""
        needed: dict[str, Callable[[], bool]] = {
            "the residents": lambda: all(
                client.service_is_ready() and self._say[each].server_is_ready()
                for each, client in self._present.items()
            ),
            "the profiles": self._snapshots.service_is_ready,
            "the reminders": self._routines.service_is_ready,
            "the recogniser": self._hearing.is_set,
            "the dialogue": self._heard_of_floor.is_set,
            "the microphone": self._recorder.hears,
        }

        def everybody() -> bool | None:
            return all(ready() for ready in needed.values()) or None

        if not self._log.wait(everybody, within_s, again_s=0.05):
            missing = [name for name, ready in needed.items() if not ready()]
            raise KithError(f"the scenario cannot begin, missing: {', '.join(missing)}; see `kith doctor`")

    # Hands ----------------------------------------------------------------------------------------------------------
    def enter(self, resident_id: str) -> None:
        """A resident comes in. Errors: KithError when nobody answers."""
        self._call(self._present[resident_id], SetBool.Request(data=True), "the residents")

    def leave(self, resident_id: str) -> None:
        """A resident leaves. Errors: KithError when nobody answers."""
        self._call(self._present[resident_id], SetBool.Request(data=False), "the residents")

    def send(self, resident_id: str) -> None:
        """Send the robot to a resident, as staff do from the tablet. Errors: KithError when it does not go."""
        request = Order.Request(order=Order.Request.COME, person_id=resident_id, by="demo")
        answer = self._call(self._orders, request, "the dialogue")
        if not answer.success:
            raise KithError(f"the robot did not set out: {answer.message}")

    def distance(self, resident_id: str) -> float:
        """Metres between the robot and a resident in the simulator; not a number before it has told."""
        place = self._people.get(resident_id)
        return math.nan if place is None or self._robot is None else math.dist(place, self._robot)

    def say(self, resident_id: str, text: str, within_s: float = 30.0) -> None:
        """A resident speaks; returns when the last word has sounded. Errors: KithError when it did not."""
        client = self._say[resident_id]
        goal = Say.Goal(input=text)
        handle = self._await(lambda: client.send_goal_async(goal), "the residents", _ANSWER_WITHIN_S)
        if not handle.accepted:
            raise KithError(f"{resident_id} cannot speak: not in the room, or still speaking")
        result = self._await(handle.get_result_async, "the residents", within_s).result.result
        if result.error_code:
            raise KithError(f"{resident_id} could not speak: {result.error_msg}")

    def remind(self, resident_id: str, reminder: Reminder, now: datetime) -> str:
        """Add a routine that is due now; returns its id. Errors: KithError when reminders refuses it."""
        routine = Routine(
            resident_id=resident_id,
            kind=reminder.kind,
            title=reminder.title,
            start=times.to_msg(now),
            window_s=reminder.window_s,
            created_by="demo",
        )
        answer = self._call(self._routines, AddRoutine.Request(routine=routine), "the reminders")
        if not answer.success:
            raise KithError(f"the reminder was refused: {answer.message}")
        return str(answer.id)

    def accept(self, resident_id: str, person: str, within_s: float) -> str:
        """A member of staff, who carries the calls from now on, accepts the resident's newest one; returns its words.

        Errors: KithError when there is none in time, or it cannot be accepted.
        """
        self._call(self._shift, SetShift.Request(holder=person), "the alerts")

        def newest() -> Alert | None:
            theirs = [one for one in self._alerts if one.resident_id == resident_id and one.state < Alert.ACCEPTED]
            return max(theirs, key=lambda one: (one.raised_at.sec, one.raised_at.nanosec), default=None)

        alert = self._log.wait(newest, within_s)
        if alert is None:
            raise KithError(f"there is no call about {resident_id} to accept")
        answer = self._call(self._accepting, AcceptAlert.Request(alert_id=alert.id, person=person), "the alerts")
        if not answer.success:
            raise KithError(f"the call was not accepted: {answer.message}")
        return str(alert.text)

    def facts(self, resident_id: str) -> list[tuple[str, str]]:
        """Key and value of all that is known of a resident now, retracted facts left out."""
        answer = self._call(self._snapshots, GetSnapshot.Request(resident_id=resident_id), "the profiles")
        return [(fact.key, fact.value) for fact in answer.snapshot.facts if fact.status != fact.RETRACTED]

    def _call(self, client: Client, request: Any, who: str) -> Any:
        return self._await(lambda: client.call_async(request), who, _ANSWER_WITHIN_S)

    def _await(self, begin: Callable[[], Future], who: str, within_s: float) -> Any:
        promise: Promise[Any] = Promise()

        def finish(future: Future) -> None:
            promise.set_result(future.result())

        def start() -> None:
            begin().add_done_callback(finish)

        self._executor.create_task(start)
        try:
            return promise.result(within_s)
        except TimeoutError:
            raise KithError(f"{who} did not answer within {within_s:.0f} s") from None

    # Eyes and ears --------------------------------------------------------------------------------------------------
    def _subscribe(self, topic: graph.Topic, callback: Callable[[Any], None]) -> None:
        self._node.create_subscription(topic.type, topic.name, callback, topic.qos)

    def _client(self, service: graph.Service) -> Client:
        return self._node.create_client(service.type, service.name)

    def _action(self, action: graph.Action) -> ActionClient:
        return ActionClient(self._node, action.type, action.name)

    def _on_audio_in(self, chunk: AudioChunk) -> None:
        if chunk.sample_rate == RATE:
            self._recorder.hear(_seconds(chunk.header.stamp), _mono(chunk))

    def _on_audio_out(self, chunk: AudioChunk) -> None:
        self._recorder.send(chunk.utterance_id, _mono(chunk), chunk.sample_rate)

    def _on_room_audio(self, chunk: AudioChunk) -> None:
        self._recorder.speak(chunk.header.frame_id, _seconds(chunk.header.stamp), _mono(chunk))

    def _on_playback(self, message: Playback) -> None:
        event = Played(_seconds(message.stamp), message.utterance_id, _SOUNDS[message.state], message.played_s)
        self._recorder.play(event)
        self._log.add(event)

    def _on_caption(self, message: Caption) -> None:
        self._log.add(Captioned(_seconds(message.stamp), message.utterance_id, message.locale, message.text))

    def _on_floor(self, message: FloorState) -> None:
        self._heard_of_floor.set()
        self._log.add(Floor(_seconds(message.stamp), message.speaking, message.person_id))

    def _on_robot(self, message: Any) -> None:
        self._robot = (message.pose.position.x, message.pose.position.y)

    def _on_people(self, message: Any) -> None:
        for name, placed in transforms.placed_people(message).items():
            self._people[name] = (placed.x_m, placed.y_m)

    def _on_voices(self, message: Any) -> None:
        for voice_id in set(message.ids) - self._voices:
            self._voices.add(voice_id)
            self._subscribe(graph.voice_speech(voice_id), self._on_speech)
        if message.ids:
            self._hearing.set()

    def _on_speech(self, message: Any) -> None:
        if message.final:
            stamp = _seconds(message.header.stamp)
            self._log.add(Heard(stamp, message.final, float(message.confidence), message.locale))

    def _on_occurrence(self, message: Occurrence) -> None:
        self._log.add(ReminderMoved(message.resident_id, message.routine_id, _STATES[message.state]))

    def _on_alerts(self, message: AlertList) -> None:
        self._alerts = list(message.alerts)

    def _on_change(self, message: ProfileChange) -> None:
        self._log.add(FactChanged(_seconds(message.fact.when), message.resident_id, message.fact.key))


def _seconds(stamp: Time) -> float:
    return times.from_msg(stamp).timestamp()


def _mono(chunk: AudioChunk) -> Pcm:
    samples = np.frombuffer(chunk.samples, np.int16)
    return samples if chunk.channels == 1 else to_int16(downmix(samples, chunk.channels))
