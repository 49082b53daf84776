"""A node's side of simulated time that jumps: it says when it has done all there is to do, and when it is next due.

One process keeps the time. It publishes `/clock` and asks each node (`TimeStep`); when all have answered twice without
any work in between, nothing is under way, and it jumps to the earliest time that anybody is due. Whoever is not asked,
on a robot or in a simulator that runs by itself, notices nothing of this.
"""

import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any

from kith_msgs import msg
from rclpy import Context
from rclpy.clock_type import ClockType
from rclpy.event_handler import PublisherEventCallbacks, SubscriptionEventCallbacks
from rclpy.executors import SingleThreadedExecutor
from rclpy.guard_condition import GuardCondition
from rclpy.lifecycle import LifecycleNode
from rclpy.task import Task
from rclpy.time import Time
from rclpy.timer import Timer

from nodes.base import graph, times


class CountingExecutor(SingleThreadedExecutor):
    """Counts what it runs, but for timers, posted calls (which count themselves) and what keeps the time.

    A coroutine that awaits something is looked at in every turn of the executor: that counts only where it went on.
    """

    def __init__(self, *, context: Context | None = None) -> None:
        super().__init__(context=context)
        self.work = 0
        self.uncounted: set[Any] = set()
        self._awaiting: dict[Any, tuple[int, ...] | None] = {}

    def wait_for_ready_callbacks(self, *args: Any, **kwargs: Any) -> Any:
        """As the base class, and one more is counted."""
        for task in [task for task in self._awaiting if task.done() or task.cancelled()]:
            del self._awaiting[task]
            self.work += 1
        ready = super().wait_for_ready_callbacks(*args, **kwargs)
        task, entity = ready[0], ready[1]
        if isinstance(entity, Timer | GuardCondition) or entity in self.uncounted:
            return ready
        if not isinstance(task, Task) or task not in self._awaiting:
            self.work += 1
            if isinstance(task, Task) and inspect.iscoroutine(getattr(task, "_handler", None)):
                self._awaiting[task] = None
            return ready
        before, here = self._awaiting[task], _place(task)
        self.work += before is not None and here != before
        self._awaiting[task] = here
        return ready


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
    ) -> None:
        self._node = node
        self._poll = poll
        self._due = due
        self._waits = waits
        self._asked: msg.TimeStep | None = None
        self._polled: tuple[int, Any] | None = None
        # Answered one turn of the executor later: whatever came in with the question is done, and counted, before.
        self._later = node.create_guard_condition(self._answer)
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

    def answer(self) -> None:
        """Answer what was asked, if anything was. Call when the clock has moved."""
        if self._asked is not None:
            self._later.trigger()

    def _answer(self) -> None:
        asked = self._asked
        if asked is None or self._node.get_clock().now() < _ros_time(asked.now):
            return  # the question overtook the clock
        self._asked = None
        executor = self._node.executor
        work = executor.work if isinstance(executor, CountingExecutor) else 0
        # Asked again at the same instant, with nothing done since: there is nothing to look for.
        if (work, asked.now) != self._polled:
            self._polled = (work, asked.now)
            self._poll()
        due = self._due()
        self._answers.publish(
            msg.TimeHandled(
                node=self._node.get_fully_qualified_name(),
                round=asked.round,
                handled=asked.now,
                next_due=times.to_msg(due) if due is not None else msg.TimeHandled().next_due,
                work=executor.work if isinstance(executor, CountingExecutor) else 0,
                real_wait_s=self._waits(),
            )
        )

    def uncounted(self) -> set[Any]:
        """What an executor must not count as work: the question itself, and the clock."""
        clock = getattr(self._node, "_time_source", None)
        return {self._questions, getattr(clock, "_clock_sub", None)}

    def _on_question(self, question: msg.TimeStep) -> None:
        self._asked = question
        if self._polled is not None and self._polled[1] == question.now:
            self._answer()  # what came in with it counts in the next answer, and two must be the same
        else:
            self.answer()


def _ros_time(stamp: Any) -> Time:
    return Time.from_msg(stamp, clock_type=ClockType.ROS_TIME)
