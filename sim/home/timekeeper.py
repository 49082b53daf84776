"""The keeper of simulated time: publishes /clock, and lets it jump once nothing is under way any more.

While a node is down or waits for something real (its peers after a start), simulated time goes at the pace of real
time: an outage costs at least its real length.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from kith_msgs import msg
from rclpy.executors import Executor
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rosgraph_msgs.msg import Clock

from nodes.base import graph, times
from nodes.base.stepping import CountingExecutor
from sim.home.ends import publisher, subscription
from sim.home.rounds import Answer, Rounds

_CREEP_S = 0.02
_SILENT_S = 10.0  # a node that has not answered by then hangs
_SPIN_S = 0.01
_ASK_AGAIN_S = 0.1
_ON_ITS_WAY_S = 0.0006
_KEEPER = "keeper"
_LONGEST_HURRY = timedelta(seconds=0.1)


class TimeKeeper:
    """One per simulated home. `up` names the nodes that run now; `own` is what the keeper's own process has to say."""

    def __init__(
        self,
        node: Node,
        executor: Executor,
        start: datetime,
        up: Callable[[], frozenset[str]],
        own: Callable[[datetime], Answer],
        heard: Callable[[msg.TimeHandled], None] = lambda _: None,
    ) -> None:
        """`heard` is called with every node's every answer, also of those that were not asked."""
        self._heard = heard
        self.now = start
        self.jumps = 0
        self._told: datetime | None = None
        self._acting: set[str] = set()
        self._set_by = timedelta()
        self._executor = executor
        self._up = up
        self._own = own
        self._rounds = Rounds()
        # Reliable, so that best-effort listeners get it and none waits for a lost one.
        clock = graph.Topic("/clock", Clock, QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE))
        self._clock, self._step = publisher(node, clock), publisher(node, graph.TIME_STEP)
        self._answers = subscription(node, graph.TIME_HANDLED, self._on_answer)

    def run(self, until: datetime, everybody: Callable[[], bool] = lambda: True) -> None:
        """Let time pass. Where `everybody`, asked in every turn, says that a node is missing, it keeps the pace of
        real time.
        """
        real, hurry = time.monotonic(), timedelta(microseconds=1)
        while self.now < until:
            # Before and after: who comes up or dies while the others are asked has not said when it is due.
            there = everybody()
            settled = self._settle()
            there = everybody() and there
            passed, real = time.monotonic() - real, time.monotonic()
            if settled and self._set_by:
                self.now, self._set_by = self.now + self._set_by, timedelta()
                continue
            if not settled or not there or self._rounds.real_wait_s > 0.0:
                self.now += timedelta(seconds=max(passed, _CREEP_S))
                self._spin_for(_CREEP_S)
                continue
            due = min(self._rounds.due or until, until)
            # Somebody who is always due at once must not stop the time: ever longer steps, to a tenth of a second.
            hurry = timedelta(microseconds=1) if due > self.now else min(2 * hurry, _LONGEST_HURRY)
            self.now = max(due, self.now + hurry)
            self.jumps += 1

    def uncounted(self) -> set[Any]:
        """What an executor that counts must not count as work: the answers."""
        return {self._answers}

    def set_clock(self, by: timedelta) -> None:
        """Set the clock forward or back, as soon as nothing is under way."""
        self._set_by += by

    def _settle(self) -> bool:
        """Let everything happen that is due now, and what follows; False: somebody does not answer."""
        if self.now != self._told:
            self._tell_time()
        on_its_way_s = _ON_ITS_WAY_S
        while True:
            known = self._rounds.news
            if not self._ask():
                return False
            if self._rounds.quiet:
                return True
            if self._rounds.news > known:
                on_its_way_s *= 2  # asked too early: the machine is busy
                self._let_go_on(on_its_way_s)

    def _tell_time(self) -> None:
        """Whoever is due acts by itself, and says so; if not, the question that follows finds it."""
        self._acting = set(self._rounds.due_by(self.now) & self._up())
        self._told = self.now
        self._clock.publish(Clock(clock=times.to_msg(self.now)))
        self._take_own()
        deadline = time.monotonic() + _ASK_AGAIN_S
        while self._acting and time.monotonic() < deadline:
            self._spin(_SPIN_S)
        self._let_go_on()

    def _ask(self) -> bool:
        """One round; False: somebody does not answer."""
        stamp = times.to_msg(self.now)
        self._take_own()
        number = self._rounds.ask(self._up() | {_KEEPER})
        deadline, asked_at = time.monotonic() + _SILENT_S, 0.0
        while True:
            if time.monotonic() - asked_at > _ASK_AGAIN_S:  # a node that has just come up missed it
                if asked_at:
                    self._clock.publish(Clock(clock=stamp))
                asked_at = time.monotonic()
                self._step.publish(msg.TimeStep(now=stamp, round=number))
            if self._rounds.missing == {_KEEPER}:
                break
            self._spin(_SPIN_S)
            if not self._rounds.missing - {_KEEPER} <= self._up() or time.monotonic() > deadline:
                return False
        before = -1
        while self._take_own() > before:  # all that has come in here, and what follows of it
            before = self._take_own()
            self._spin(0.0)
        return True

    def _let_go_on(self, on_its_way_s: float = _ON_ITS_WAY_S) -> None:
        """Something was done, and may have set off more: wait until no node tells of any for a while."""
        calm_at = time.monotonic() + on_its_way_s
        while time.monotonic() < calm_at:
            known = self._rounds.news
            self._spin(max(0.0, calm_at - time.monotonic()))
            self._take_own()
            if self._rounds.news > known:
                calm_at = time.monotonic() + on_its_way_s

    def _take_own(self) -> int:
        own = self._own(self.now)
        self._rounds.take(_KEEPER, self._rounds.number, own)
        return own.work

    def _spin(self, timeout_s: float) -> None:
        if isinstance(self._executor, CountingExecutor):
            self._executor.turn(timeout_s)
        else:
            self._executor.spin_once(timeout_sec=timeout_s)

    def _spin_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._spin(left)

    def _on_answer(self, answer: msg.TimeHandled) -> None:
        self._heard(answer)
        if times.from_msg(answer.handled) >= self.now:
            self._acting.discard(answer.node)
        due = times.from_msg(answer.next_due) if times.is_set(answer.next_due) else None
        self._rounds.take(answer.node, answer.round, Answer(answer.work, due, answer.real_wait_s))
