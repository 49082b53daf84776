"""The keeper of simulated time: publishes /clock, and lets it jump once nothing is under way any more.

While a node is down or waits for something real (its peers after a start), simulated time goes at the pace of real
time: an outage costs at least its real length.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from kith_msgs import msg
from rclpy.executors import Executor
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rosgraph_msgs.msg import Clock

from nodes.base import graph, times
from sim.home.ends import publisher, subscription
from sim.home.rounds import Answer, Rounds

_CREEP_S = 0.02
_SILENT_S = 10.0  # a node that has not answered by then hangs
_SPIN_S = 0.01
_ASK_AGAIN_S = 0.1
_ON_ITS_WAY_S = 0.0015  # what a message takes between two processes of a busy machine, several times over
_QUIET_ROUNDS = 2
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
        self._set_by = timedelta()
        self._executor = executor
        self._up = up
        self._own = own
        self._rounds = Rounds()
        # Reliable, so that best-effort listeners get it and none waits for a lost one.
        clock = graph.Topic("/clock", Clock, QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE))
        self._clock, self._step = publisher(node, clock), publisher(node, graph.TIME_STEP)
        subscription(node, graph.TIME_HANDLED, self._on_answer)

    def run(self, until: datetime, everybody: Callable[[], bool] = lambda: True) -> None:
        """Let time pass. Where `everybody`, asked in every turn, says that a node is missing, it keeps the pace of
        real time.
        """
        real, hurry = time.monotonic(), timedelta(microseconds=1)
        while self.now < until:
            settled = self._settle()
            passed, real = time.monotonic() - real, time.monotonic()
            there = everybody()
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

    def set_clock(self, by: timedelta) -> None:
        """Set the clock forward or back, as soon as nothing is under way."""
        self._set_by += by

    def _settle(self) -> bool:
        """Ask until nothing is under way; False: somebody does not answer."""
        quiet = 0
        while True:
            stamp = times.to_msg(self.now)
            number = self._rounds.ask(self._up() | {"keeper"})
            deadline, asked_at = time.monotonic() + _SILENT_S, 0.0
            while True:
                if time.monotonic() - asked_at > _ASK_AGAIN_S:  # a node that has just come up missed it
                    if asked_at or self.now != self._told:
                        self._clock.publish(Clock(clock=stamp))
                    asked_at, self._told = time.monotonic(), self.now
                    self._step.publish(msg.TimeStep(now=stamp, round=number))
                if self._rounds.missing == {"keeper"}:
                    break
                self._executor.spin_once(timeout_sec=_SPIN_S)
                if not self._rounds.missing - {"keeper"} <= self._up() or time.monotonic() > deadline:
                    return False
            self._rounds.take("keeper", number, self._own(self.now))
            quiet = quiet + 1 if self._rounds.quiet else 0
            if quiet == _QUIET_ROUNDS:
                return True
            self._spin_for(_ON_ITS_WAY_S)

    def _spin_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._executor.spin_once(timeout_sec=left)

    def _on_answer(self, answer: msg.TimeHandled) -> None:
        self._heard(answer)
        due = times.from_msg(answer.next_due) if times.is_set(answer.next_due) else None
        self._rounds.take(answer.node, answer.round, Answer(answer.work, due, answer.real_wait_s))
