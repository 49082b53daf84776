"""Travel as the mind wants it: one journey to somebody at a time, and what safety says about moving."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kith_msgs.action import Approach
from kith_msgs.msg import SafetyState
from rclpy.task import Future
from std_msgs.msg import Bool

from behaviours import acts
from behaviours.mind import Mind
from nodes.base import graph
from nodes.base.node import KithNode

_WANTS_EVERY_S = 0.1
_SAYS_AFTER_S = 4.0  # so long somebody may be in the way before it is spoken of

Ended = Callable[[Any], None]


class Journeys:
    """Carries out `acts.Approach` and `acts.StandStill`; tells the mind what came of them."""

    def __init__(self, node: KithNode[Any], mind: Mind, perform: Callable[[list[acts.Act]], None]) -> None:
        self._node, self._mind, self._perform = node, mind, perform
        self._approach = node.action_client(graph.APPROACH)
        self._current: Any = None
        self._waits_since: float | None = None
        self.halted = ""
        """The cause for which the robot may not move; empty: it may."""
        self._wants = node.publisher(graph.JOURNEY_WANTED)
        self._wanting = node.every(_WANTS_EVERY_S, self._want, steady=True)
        node.subscription(graph.SAFETY_STATE, self._on_safety)

    @property
    def ready(self) -> bool:
        """Whether this robot travels."""
        return bool(self._approach.server_is_ready())

    def begin(self, wanted: acts.Approach, ended: Ended | None = None) -> None:
        """Set out. `ended` is called once with the Approach result, or None when it did not set out."""
        if not self.ready:
            if ended is not None:
                ended(None)
            return
        goal = Approach.Goal(
            person_id=wanted.person_id,
            distance_m=wanted.distance_m,
            side=wanted.side,
            may_enter_private=wanted.may_enter_private,
            follow=wanted.follow,
        )
        self._waits_since = None
        self._tell("on its way")
        sent = self._approach.send_goal_async(goal, lambda message: self._on_feedback(message.feedback))
        sent.add_done_callback(lambda done: self._on_sent(wanted, done, ended))

    async def come(self, wanted: acts.Approach, until: Future) -> None:
        """The same, to be waited for; broken off when `until` is done."""
        over = Future(executor=self._node.executor)
        self.begin(wanted, lambda result: None if over.done() else over.set_result(result))
        until.add_done_callback(lambda _: self.stand())
        await over

    def stand(self) -> None:
        """Stop travelling."""
        if self._current is not None:
            self._current.cancel_goal_async()
            self._current = None

    def _want(self) -> None:
        """A robot whose mind has died must not travel on."""
        if self._current is None:
            self._wanting.cancel()
            return
        self._wants.publish(Bool(data=True))

    def _on_sent(self, wanted: acts.Approach, done: Future, ended: Ended | None) -> None:
        handle = done.result()
        if handle is None or not handle.accepted:
            self._tell("did not set out")
            if ended is not None:
                ended(None)
            return
        self._current = handle
        self._wanting.reset()
        handle.get_result_async().add_done_callback(lambda over: self._on_over(wanted, handle, over, ended))

    def _on_over(self, wanted: acts.Approach, handle: Any, over: Future, ended: Ended | None) -> None:
        if self._current is handle:
            self._current = None
        answer = over.result()
        result = answer.result if answer is not None else None
        if result is not None and result.success:
            self._tell("arrived")
        else:
            self._tell("not arrived" + (f": {result.message}" if result is not None else ""))
        if result is not None and result.ended == Approach.Result.UNEASY:
            self._perform(self._mind.uneasy(wanted.person_id, self._now()))
        if result is not None and result.ended == Approach.Result.NO_WAY:
            self._perform(self._mind.got_no_nearer(self._now()))
        if ended is not None:
            ended(result)

    def _on_feedback(self, feedback: Any) -> None:
        """Somebody is in the way: it is spoken of once, then waited for in silence."""
        if feedback.state != Approach.Feedback.WAITING:
            self._waits_since = None
            return
        now = self._node.steady_s()
        if self._waits_since is None:
            self._waits_since = now
        elif 0.0 < self._waits_since < now - _SAYS_AFTER_S:
            self._waits_since = -1.0
            self._perform(self._mind.way_is_shut(self._now()))

    def _on_safety(self, message: SafetyState) -> None:
        cause = message.cause if message.halted else ""
        before, self.halted = self.halted, cause
        if cause and cause != before:
            self._perform(self._mind.halted(cause, self._now()))

    def _now(self) -> datetime:
        return self._node.now()

    def _tell(self, state: str) -> None:
        self._node.health.values["journey"] = state
