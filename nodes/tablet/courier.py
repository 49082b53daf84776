"""Brings messages to residents: to whoever is near a robot, which asks before it reads (care rule 22)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from kith_msgs import srv
from kith_msgs.action import Remind
from kith_msgs.msg import Occurrence
from rclpy.action import ActionClient
from rclpy.task import Future

from behaviours.routines.occurrence import Outcome
from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.profile_messages import profile_from_snapshot_msg
from nodes.tablet.records import Records
from nodes.tablet.robots import RobotBoard
from nodes.tablet.ros_robots import of_robot
from nodes.tablet.sent import Message, SentMessages, Standing, may_bring

_LOOK_EVERY_S = 2.0
_LONGEST_S = 300.0
_WINDOW = timedelta(hours=1)
Answer = TypeVar("Answer")


class Courier:
    """On the node's thread; one message at a time."""

    def __init__(
        self, node: KithNode[Any], records: Records, sent: SentMessages, robots: RobotBoard, zone: ZoneInfo
    ) -> None:
        self._node, self._records, self._sent, self._robots, self._zone = node, records, sent, robots, zone
        self._snapshot = node.client(graph.GET_SNAPSHOT)
        self._askers: dict[str, ActionClient] = {}
        self._busy_until: float | None = None
        node.every(_LOOK_EVERY_S, self._look, steady=True)

    def _on_file(self, act: Callable[[], Answer], then: Callable[[Answer], None]) -> None:
        def done(call: Any) -> None:
            if call.exception() is None:
                self._node.post(lambda: then(call.result()))
            else:
                self._node.post(self._free)

        self._records.thread.submit(act).add_done_callback(done)

    def _free(self) -> None:
        self._busy_until = None

    def _look(self) -> None:
        if self._busy_until is not None and self._node.steady_s() < self._busy_until:
            return
        self._busy_until = self._node.steady_s() + _LONGEST_S
        now = self._node.now()
        self._on_file(lambda: self._sent.due(now), self._on_due)

    def _on_due(self, due: list[Message]) -> None:
        at = self._node.steady_s()
        for message in due:
            robot = self._robots.with_resident(message.resident_id, at)
            if robot is not None and self._asker(robot).server_is_ready():
                self._ask_profile(message, robot)
                return
        self._free()

    def _asker(self, robot: str) -> ActionClient:
        if robot not in self._askers:
            self._askers[robot] = self._node.action_client(
                graph.Action(of_robot(robot, graph.REMIND.name), graph.REMIND.type)
            )
        return self._askers[robot]

    def _ask_profile(self, message: Message, robot: str) -> None:
        request = srv.GetSnapshot.Request(resident_id=message.resident_id)
        self._snapshot.call_async(request).add_done_callback(partial(self._on_profile, message, robot))

    def _on_profile(self, message: Message, robot: str, done: Future) -> None:
        answer, now = done.result(), self._node.now()
        if answer is None or not answer.success:
            self._free()
            return
        may = may_bring(message, profile_from_snapshot_msg(answer.snapshot), now, self._zone)
        if may is None:
            self._on_file(lambda: self._sent.end(message.id, Standing.STOPPED, now), lambda _: self._free())
        elif not may:
            self._on_file(lambda: self._sent.not_now(message.id, now), lambda _: self._free())
        else:
            # Written down first: after a crash it is told that it may have been asked already.
            self._on_file(lambda: self._sent.asking(message.id), lambda yes: self._send(message, robot, yes))

    def _send(self, message: Message, robot: str, still_wanted: bool) -> None:
        if not still_wanted:
            self._free()
            return
        now = self._node.now()
        occurrence = Occurrence(
            id=f"message:{message.id}",
            resident_id=message.resident_id,
            kind="message",
            title=message.sender,
            robot=robot,
            due=times.to_msg(now),
            window_end=times.to_msg(now + _WINDOW),
        )
        goal = Remind.Goal(occurrence=occurrence, text=message.text, may_have_asked=message.maybe_asked)
        self._asker(robot).send_goal_async(goal).add_done_callback(partial(self._on_sent, message))

    def _on_sent(self, message: Message, done: Future) -> None:
        sent = done.result()
        if sent is None or not sent.accepted:
            self._end(message, Outcome.INTERRUPTED, 0)
            return
        self._node.after(_LONGEST_S, lambda: self._give_up(sent), steady=True)
        sent.get_result_async().add_done_callback(partial(self._on_result, message))

    @staticmethod
    def _give_up(sent: Any) -> None:
        sent.cancel_goal_async()  # harmless for one that has ended

    def _on_result(self, message: Message, done: Future) -> None:
        answer = done.result()
        try:
            outcome = Outcome(answer.result.outcome)
        except (AttributeError, ValueError):
            outcome = Outcome.INTERRUPTED
        self._end(message, outcome, int(answer.result.later_s) if answer is not None else 0)

    def _end(self, message: Message, outcome: Outcome, later_s: int) -> None:
        now = self._node.now()
        self._on_file(lambda: self._sent.came_to(message.id, outcome, later_s, now), lambda _: self._free())
