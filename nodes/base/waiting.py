"""An executor's wait that gathers what it waits for once, and again only when something was made or destroyed.

rclpy's own builds lists, contexts and a wait set for every turn, which is most of what a node does in simulated time.
Only for one thread.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from rclpy.executors import (
    ExternalShutdownException,
    ShutdownException,
    SingleThreadedExecutor,
    TimeoutException,
)
from rclpy.impl.implementation_singleton import rclpy_implementation as _rclpy
from rclpy.waitable import NumberOfEntities


class _Waker:
    """What rclpy wakes an executor with after each callback: needed only where a coroutine may go on now."""

    def __init__(self, executor: "ThriftyExecutor") -> None:
        self._executor = executor

    def trigger(self) -> None:
        """Called by the callback that ends: it is unfinished itself."""
        if sum(not task.done() for task, _, _ in self._executor._tasks) > 1:
            self._executor._guard.trigger()


class ThriftyExecutor(SingleThreadedExecutor):
    """As the base class until `thrifty` is set. Futures are completed on its own thread only."""

    thrifty = False

    _guard: Any
    _tasks: list[Any]
    _wait_set: Any = None
    _size: tuple[int, ...] = ()
    _whole_size: tuple[int, ...] = ()
    _made: tuple[list[Any], ...] | None = None

    def wake(self) -> None:
        """Something was made or destroyed."""
        self._made = None
        super().wake()

    def add_node(self, node: Any) -> bool:
        """As the base class."""
        self._made = None
        return bool(super().add_node(node))

    def _make_handler(self, *args: Any) -> Any:
        guard = self._guard
        if self.thrifty:  # the base class hands it to the handler
            self._guard = _Waker(self)
        try:
            return super()._make_handler(*args)
        finally:
            self._guard = guard

    def _wait_for_ready_callbacks(
        self, timeout_sec: Any = None, nodes: Any = None, condition: Callable[[], bool] = lambda: False
    ) -> Iterator[Any]:
        if self.thrifty:
            yield from self._ready(timeout_sec)
        else:
            yield from super()._wait_for_ready_callbacks(timeout_sec, nodes, condition)

    def _ready(self, timeout_s: float | None) -> Iterator[Any]:
        until = None if timeout_s is None or timeout_s < 0 else time.monotonic() + timeout_s
        ran = False
        while not ran:
            if self._is_shutdown:
                raise ShutdownException()
            for task, entity, node in list(self._tasks):
                if not task.executing() and not task.done() and not task.cancelled():
                    ran = True
                    yield task, entity, node
            if self._tasks:
                self._tasks = [each for each in self._tasks if not each[0].done() and not each[0].cancelled()]
            left_ns = -1 if until is None else max(0, int((until - time.monotonic()) * 1e9))
            wait_set, waitables, guards = self._filled(busy=bool(self._tasks))
            wait_set.wait(left_ns)
            if self._is_shutdown:
                raise ShutdownException()
            if not self._context.ok():
                raise ExternalShutdownException()
            for ready in self._found(wait_set, waitables, guards):
                ran = True
                yield ready
            if until is not None and time.monotonic() >= until:
                raise TimeoutException()

    def _filled(self, *, busy: bool) -> tuple[Any, list[Any], list[Any]]:
        if self._made is None:
            made: tuple[list[Any], ...] = ([], [], [], [], [], [])
            for node in self.get_nodes():
                for kept, some in zip(
                    made,
                    (node.subscriptions, node.guards, node.timers, node.clients, node.services, node.waitables),
                    strict=True,
                ):
                    kept.extend(some)
            self._made, self._whole_size = made, ()
        of = self._made
        if busy:  # what shares a group with a coroutine that goes on waits for it
            of = tuple([each for each in some if self.can_execute(each)] for some in of)
        subscriptions, guards, timers, clients, services, waitables = of
        for guard in guards:
            if guard._executor_triggered:  # triggered, but not handled
                guard.trigger()
        size = self._whole_size if not busy and self._whole_size else _size(of)
        if not busy:
            self._whole_size = size
        if size != self._size or self._wait_set is None:
            with self._context.handle:
                self._wait_set = _rclpy.WaitSet(*size, self._context.handle)
            self._size = size
        wait_set = self._wait_set
        wait_set.clear_entities()
        for each in subscriptions:
            wait_set.add_subscription(each.handle)
        for each in clients:
            wait_set.add_client(each.handle)
        for each in services:
            wait_set.add_service(each.handle)
        for each in timers:
            wait_set.add_timer(each.handle)
        for each in guards:
            wait_set.add_guard_condition(each.handle)
        wait_set.add_guard_condition(self._guard.handle)
        wait_set.add_guard_condition(self._sigint_gc.handle)
        for each in waitables:
            each.add_to_wait_set(wait_set)
        return wait_set, waitables, guards

    def _found(self, wait_set: Any, waitables: list[Any], guards: list[Any]) -> Iterator[Any]:
        ready = {kind: wait_set.get_ready_entities(kind) for kind in _KINDS}
        if triggered := ready["guard_condition"]:
            for guard in guards:
                if guard.handle.pointer in triggered:
                    guard._executor_triggered = True
        acting = [each for each in waitables if each.is_ready(wait_set)]
        for node in self.get_nodes():
            for each in node.waitables:
                if each in acting and each.callback_group.can_execute(each):
                    yield self._make_handler(each, node, self._take_waitable), each, node
        for node in self.get_nodes():
            if ready["timer"]:
                for each in node.timers:
                    if (
                        each.handle.pointer in ready["timer"]
                        and each.handle.is_timer_ready()
                        and self.can_execute(each)
                    ):
                        yield self._make_handler(each, node, self._take_timer), each, node
            if ready["subscription"]:
                for each in node.subscriptions:
                    if each.handle.pointer in ready["subscription"] and self.can_execute(each):
                        yield self._make_handler(each, node, self._take_subscription), each, node
            for each in node.guards:
                if each._executor_triggered and self.can_execute(each):
                    yield self._make_handler(each, node, self._take_guard_condition), each, node
            if ready["client"]:
                for each in node.clients:
                    if each.handle.pointer in ready["client"] and self.can_execute(each):
                        yield self._make_handler(each, node, self._take_client), each, node
            if ready["service"]:
                for each in node.services:
                    if each.handle.pointer in ready["service"] and self.can_execute(each):
                        yield self._make_handler(each, node, self._take_service), each, node


def _size(of: tuple[list[Any], ...]) -> tuple[int, ...]:
    subscriptions, guards, timers, clients, services, waitables = of
    count = NumberOfEntities(len(subscriptions), len(guards) + 2, len(timers), len(clients), len(services))
    for waitable in waitables:
        count += waitable.get_num_entities()
    return tuple(getattr(count, name) for name in count.__slots__)


_KINDS = ("subscription", "guard_condition", "timer", "client", "service")
