"""An executor's wait that gathers what it waits for once, and again only when something was made or destroyed.

rclpy's own builds lists, contexts and a wait set for every turn, which is most of what a node does in simulated time.
Only for one thread.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from rclpy.executors import (
    ExternalShutdownException,
    ShutdownException,
    SingleThreadedExecutor,
    TimeoutException,
)
from rclpy.impl.implementation_singleton import rclpy_implementation as _rclpy
from rclpy.waitable import NumberOfEntities

_BY_POINTER = ("timer", "subscription", "client", "service")


class _Waker:
    """What rclpy wakes an executor with after each callback: needed only where a coroutine may go on now."""

    def __init__(self, executor: "ThriftyExecutor") -> None:
        self._executor = executor

    def trigger(self) -> None:
        """Called by the callback that ends: it is unfinished itself."""
        if sum(not task.done() for task, _, _ in self._executor._tasks) > 1:
            self._executor._guard.trigger()


_One = tuple[Any, Any]  # an entity and its node


class _Entities:
    """All that may be waited for, by kind, with what every turn needs of it at hand."""

    def __init__(self, waitables: list[_One], guards: list[_One], of: dict[str, dict[int, _One]]) -> None:
        """`of`: what the wait set names by its pointer, by kind."""
        self.waitables, self.guards, self.of = waitables, guards, of
        self.handles = {kind: [each.handle for each, _ in some.values()] for kind, some in of.items()}
        self.size = _size(self.handles, len(guards), [each for each, _ in waitables])

    @classmethod
    def of_nodes(cls, nodes: Iterable[Any]) -> "_Entities":
        """Everything that these nodes have now."""
        waitables: list[_One] = []
        guards: list[_One] = []
        of: dict[str, dict[int, _One]] = {kind: {} for kind in _BY_POINTER}
        for node in nodes:
            waitables += [(each, node) for each in node.waitables]
            guards += [(each, node) for each in node.guards]
            for kind, some in of.items():
                some.update((each.handle.pointer, (each, node)) for each in getattr(node, f"{kind}s"))
        return cls(waitables, guards, of)

    @cached_property
    def one_of_group(self) -> dict[Any, Any]:
        """One entity of each callback group."""
        everything = [*self.waitables, *self.guards, *(one for some in self.of.values() for one in some.values())]
        return {each.callback_group: each for each, _ in everything}

    def but(self, blocked: set[Any]) -> "_Entities":
        """Without those whose callback group waits for a coroutine of its own."""

        def free(one: _One) -> bool:
            return one[0].callback_group not in blocked

        left = {kind: {at: one for at, one in some.items() if free(one)} for kind, some in self.of.items()}
        return _Entities(list(filter(free, self.waitables)), list(filter(free, self.guards)), left)


class ThriftyExecutor(SingleThreadedExecutor):
    """As the base class until `thrifty` is set. Futures are completed on its own thread only."""

    thrifty = False

    _guard: Any
    _tasks: list[Any]
    _wait_set: Any = None
    _size: tuple[int, ...] = ()
    _made: _Entities | None = None

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
            entities = self._entities()
            wait_set = self._filled(entities)
            wait_set.wait(left_ns)
            if self._is_shutdown:
                raise ShutdownException()
            if not self._context.ok():
                raise ExternalShutdownException()
            for ready in self._found(wait_set, entities):
                ran = True
                yield ready
            if until is not None and time.monotonic() >= until:
                raise TimeoutException()

    def _entities(self) -> _Entities:
        if self._made is None:
            self._made = _Entities.of_nodes(self.get_nodes())
        if self._tasks and (blocked := {g for g, one in self._made.one_of_group.items() if not g.can_execute(one)}):
            return self._made.but(blocked)
        return self._made

    def _filled(self, entities: _Entities) -> Any:
        for guard, _ in entities.guards:
            if guard._executor_triggered:  # triggered, but not handled
                guard.trigger()
        if entities.size != self._size or self._wait_set is None:
            with self._context.handle:
                self._wait_set = _rclpy.WaitSet(*entities.size, self._context.handle)
            self._size = entities.size
        wait_set = self._wait_set
        wait_set.clear_entities()
        for handle in entities.handles["subscription"]:
            wait_set.add_subscription(handle)
        for handle in entities.handles["client"]:
            wait_set.add_client(handle)
        for handle in entities.handles["service"]:
            wait_set.add_service(handle)
        for handle in entities.handles["timer"]:
            wait_set.add_timer(handle)
        for guard, _ in entities.guards:
            wait_set.add_guard_condition(guard.handle)
        wait_set.add_guard_condition(self._guard.handle)
        wait_set.add_guard_condition(self._sigint_gc.handle)
        for each, _ in entities.waitables:
            each.add_to_wait_set(wait_set)
        return wait_set

    def _found(self, wait_set: Any, entities: _Entities) -> Iterator[Any]:
        # All of it is read before anything runs: what runs may destroy some of it.
        made = self._made

        def there(each: Any, node: Any, kind: str) -> bool:
            return self._made is made or each in getattr(node, f"{kind}s")

        triggered = wait_set.get_ready_entities("guard_condition")
        found = {kind: wait_set.get_ready_entities(kind) for kind in _BY_POINTER}
        for guard, _ in entities.guards if triggered else ():
            if guard.handle.pointer in triggered:
                guard._executor_triggered = True
        for each, node in [each for each in entities.waitables if each[0].is_ready(wait_set)]:
            if there(each, node, "waitable") and self.can_execute(each):
                yield self._make_handler(each, node, self._take_waitable), each, node
        for kind, take in (
            ("timer", self._take_timer),
            ("subscription", self._take_subscription),
            ("guard", self._take_guard_condition),
            ("client", self._take_client),
            ("service", self._take_service),
        ):
            if kind == "guard":
                ready = [each for each in entities.guards if each[0]._executor_triggered]
            else:
                ready = [entities.of[kind][at] for at in found[kind] if at in entities.of[kind]]
            for each, node in ready:
                if not there(each, node, kind) or (kind == "timer" and not each.handle.is_timer_ready()):
                    continue
                if self.can_execute(each):
                    yield self._make_handler(each, node, take), each, node


def _size(handles: dict[str, list[Any]], guards: int, waitables: list[Any]) -> tuple[int, ...]:
    # The executor's own guard and the one for SIGINT beside the nodes'.
    count = NumberOfEntities(
        len(handles["subscription"]),
        guards + 2,
        len(handles["timer"]),
        len(handles["client"]),
        len(handles["service"]),
    )
    for waitable in waitables:
        count += waitable.get_num_entities()
    return tuple(getattr(count, name) for name in count.__slots__)
