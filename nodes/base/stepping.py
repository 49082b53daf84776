"""A node's side of simulated time that jumps: it says when it has done all there is to do, and when it is next due.

One process keeps the time. It publishes `/clock` and asks each node (`TimeStep`). A node answers when it has nothing
left to do, and says so again whenever something more has come in and is done. When a question has gone round and nobody
has worked since the answers before, nothing is under way, and time jumps to the earliest moment that anybody is due.
Whoever is not asked, on a robot or in a simulator that runs by itself, notices nothing of this.
"""

import inspect
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from kith_msgs import msg
from rclpy import Context
from rclpy.clock_type import ClockType
from rclpy.event_handler import PublisherEventCallbacks, SubscriptionEventCallbacks
from rclpy.executors import TimeoutException
from rclpy.guard_condition import GuardCondition
from rclpy.lifecycle import LifecycleNode
from rclpy.task import Task
from rclpy.time import Time
from rclpy.timer import Timer

from nodes.base import graph, times
from nodes.base.waiting import ThriftyExecutor


class CountingExecutor(ThriftyExecutor):
    """Counts what it runs, but for steady timers, posted calls (which count themselves) and what keeps the time.

    A coroutine that awaits something is looked at in every turn of the executor: that counts only where it went on.
    """

    def __init__(self, *, context: Context | None = None) -> None:
        super().__init__(context=context)
        self.work = 0
        self.uncounted: set[Any] = set()
        self.turn_over: Callable[[], None] = lambda: None
        """Called when everything that was found ready at once has been run."""
        self.something_ready: Callable[[], None] = lambda: None
        """Called when a wait has found something ready, before any of it is run."""
        self._awaiting: set[Task] = set()

    def _wait_for_ready_callbacks(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        # As the base class; what has been run is counted when the next one is asked for.
        found = False
        for ready in super()._wait_for_ready_callbacks(*args, **kwargs):
            task, entity = ready[0], ready[1]
            before = _place(task) if task in self._awaiting else None
            if not found and entity is not None and before is None:
                found = True
                self.something_ready()
            yield ready
            if task.done() or task.cancelled():
                self._awaiting.discard(task)
            else:
                self._awaiting.add(task)
            self.work += self._counts(entity) and _place(task) != before
        self.turn_over()

    def _counts(self, entity: Any) -> bool:
        if isinstance(entity, Timer):
            return bool(entity.clock.clock_type == ClockType.ROS_TIME)
        return not isinstance(entity, GuardCondition) and entity not in self.uncounted

    def turn(self, timeout_s: float = 0.0) -> None:
        """Run once all that is ready, waiting so long for it. Not to be mixed with `spin_once`."""
        try:
            for handler, _, _ in self._wait_for_ready_callbacks(timeout_s):
                handler()
                if problem := handler.exception():
                    raise problem
        except TimeoutException:
            pass


def _place(task: Task) -> tuple[int, ...]:
    """Where a coroutine stands, down to what it awaits."""
    found: list[int] = []
    inner: Any = getattr(task, "_handler", None)
    while inspect.iscoroutine(inner) and inner.cr_frame is not None:
        found.append(inner.cr_frame.f_lasti)
        inner = inner.cr_await
    return (*found, id(inner))


class Stepping:
    """Answers the keeper of the time for one node. Make one where the parameter use_sim_time is true."""

    def __init__(
        self,
        node: LifecycleNode,
        poll: Callable[[], None],
        due: Callable[[], datetime | None],
        waits: Callable[[], float],
        begins: Callable[[], None],
    ) -> None:
        """`poll` does what is due by now, `due` says when it is next, `waits` how many real seconds something real
        may take. `begins` is called once, when somebody keeps the time: from then on `poll` is all that is needed.
        """
        self._node = node
        self._poll = poll
        self._due = due
        self._waits = waits
        self._begins = begins
        self.kept = False
        """Whether anybody keeps the time."""
        self._question: msg.TimeStep | None = None
        self._asked = False
        self._seen_work = self._told_work = 0
        self._polled_work = -1
        self._polled_at: Time | None = None
        self._next: Time | None = None
        # What the last turn has set off here is found in one more.
        self._once_more = node.create_guard_condition(lambda: None)
        # Without the default handlers of QoS events, each of which every turn of the executor looks at.
        self._answers = node.create_publisher(
            msg.TimeHandled,
            graph.TIME_HANDLED.name,
            graph.TIME_HANDLED.qos,
            event_callbacks=PublisherEventCallbacks(use_default_callbacks=False),
        )
        self._questions = node.create_subscription(
            msg.TimeStep,
            graph.TIME_STEP.name,
            self._on_question,
            graph.TIME_STEP.qos,
            event_callbacks=SubscriptionEventCallbacks(use_default_callbacks=False),
        )

    def look_at_clock(self) -> None:
        """Take the time before anything else that has come in with it: all of that was sent at the new time."""
        clock = getattr(getattr(self._node, "_time_source", None), "_clock_sub", None)
        if not self.kept or clock is None:
            return
        with clock.handle:
            taken = clock.handle.take_message(clock.msg_type, clock.raw)
        if taken is not None:
            clock.callback(taken[0])

    def turn_over(self) -> None:
        """Say what there is to say, once nothing is left to do. Call after each turn of the executor."""
        if self._question is None:
            return
        now, work = self._node.get_clock().now(), self._work
        if not (self._asked or work != self._told_work or self._newly_due(now)):
            return
        if work != self._seen_work:
            self._seen_work = work
            self._once_more.trigger()
        elif now >= _ros_time(self._question.now):  # or else it overtook the clock
            self._answer(self._question, now)

    def _newly_due(self, now: Time) -> bool:
        """Once for each instant, so that a node that is always due does not stop the time."""
        if self._polled_at is None or now < self._polled_at:  # at the start, or the clock was set back
            return True
        return now > self._polled_at and self._next is not None and now >= self._next

    def _answer(self, question: msg.TimeStep, now: Time) -> None:
        executor = self._node.executor
        if (due_now := self._newly_due(now)) or self._work != self._polled_work or self._waits() > 0.0:
            self._polled_at = now
            if isinstance(executor, CountingExecutor):
                executor.work += due_now  # it may set off something elsewhere
            self._poll()
            self._polled_work = self._work
        due, clock = self._due(), times.from_msg(now.to_msg())
        if due is not None and due <= clock and due_now:  # what was done has made something due at once
            self._poll()
            self._polled_work, due = self._work, self._due()
        if due is not None:
            due = max(due, clock)  # what is long due is due now
        self._next = _ros_time(times.to_msg(due)) if due is not None else None
        self._asked, self._told_work = False, self._work
        self._seen_work = self._told_work
        self._answers.publish(
            msg.TimeHandled(
                node=self._node.get_fully_qualified_name(),
                round=question.round,
                handled=now.to_msg(),
                next_due=times.to_msg(due) if due is not None else msg.TimeHandled().next_due,
                work=self._told_work,
                real_wait_s=self._waits(),
            )
        )

    @property
    def _work(self) -> int:
        executor = self._node.executor
        return executor.work if isinstance(executor, CountingExecutor) else 0

    def uncounted(self) -> set[Any]:
        """What an executor must not count as work: the question itself, and the clock."""
        clock = getattr(self._node, "_time_source", None)
        return {self._questions, getattr(clock, "_clock_sub", None)}

    def _on_question(self, question: msg.TimeStep) -> None:
        self._question, self._asked = question, True
        if not self.kept:
            self.kept = True
            self._begins()
            if isinstance(self._node.executor, CountingExecutor):
                self._node.executor.thrifty = True


def _ros_time(stamp: Any) -> Time:
    return Time.from_msg(stamp, clock_type=ClockType.ROS_TIME)
