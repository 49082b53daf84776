"""The life cycle that every node shares.

A subclass says what it needs (`Settings`), and fills four hooks: `configure`, `activate`, `deactivate`, `cleanup`.
It configures and activates itself; a `KithError` in `configure` is told as one line, and tried again every two
seconds, so that a node whose port or file is taken comes up by itself when it is free.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Generic

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.action import ActionClient, ActionServer
from rclpy.client import Client
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.event_handler import PublisherEventCallbacks, SubscriptionEventCallbacks
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.subscription import Subscription
from rclpy.timer import Timer

from culture_profiles.errors import KithError
from nodes.base import graph, qos, times
from nodes.base.health import Health
from nodes.base.settings import SettingsT, declare, read
from nodes.base.stepping import CountingExecutor, Stepping

_RETRY_S = 2.0
_DIAGNOSTICS_S = 1.0
_KEEP_RESULTS_S = 60


class KithNode(LifecycleNode, Generic[SettingsT]):
    """A lifecycle node that starts itself, reports its health and keeps its callbacks on one thread."""

    name: ClassVar[str]
    """Default node name; the launch files may give another."""
    settings_type: ClassVar[type[Any]]

    settings: SettingsT

    def __init__(self) -> None:
        super().__init__(self.name)
        declare(self, self.settings_type)
        self.health = Health()
        self._made: list[Callable[[], object]] = []
        self._steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._posted: deque[Callable[[], None]] = deque()
        self._wake = self.create_guard_condition(self._run_posted)
        self._polls: list[Callable[[], None]] = []
        self._ros_timers: set[Timer] = set()
        self._own_time = self._step_with_the_time() if self.get_parameter("use_sim_time").value else None
        self._diagnostics = self.create_publisher(DiagnosticArray, graph.DIAGNOSTICS.name, qos.STATE)
        self.create_timer(_DIAGNOSTICS_S, self.report, clock=self._steady)
        self._starter = self.create_timer(_RETRY_S, self.start, clock=self._steady)

    # Hooks ----------------------------------------------------------------------------------------------------------
    def configure(self) -> None:
        """Open files, create publishers, subscriptions, services. May raise KithError: told, and tried again."""

    def activate(self) -> None:
        """Begin to act."""

    def deactivate(self) -> None:
        """Cease to act; keep what was opened."""

    def cleanup(self) -> None:
        """Close the files and threads of `configure`, also half-way; what the tools made is destroyed by itself."""

    def next_due(self) -> datetime | None:
        """When the node has something to do of its own by the ROS clock; None: only when something comes in.

        Asked only where simulated time jumps: everything that `every` polls for must be told here.
        """
        return None

    def real_wait_s(self) -> float:
        """Real seconds for which the node still waits for something real, such as peers after a start."""
        return 0.0

    # The default handlers of QoS events only log mismatches, which one QoS module rules out; yet every wake-up of the
    # executor looks at each, which cost the body a quarter of its time.

    # Tools ----------------------------------------------------------------------------------------------------------
    @property
    def active(self) -> bool:
        """Whether the node acts now."""
        return self.health.active

    def now(self) -> datetime:
        """The ROS clock as an aware datetime in UTC."""
        return times.from_msg(self.get_clock().now().to_msg())

    def steady_s(self) -> float:
        """Seconds that only ever go forward, for watchdogs; no relation to the time of day."""
        return float(self._steady.now().nanoseconds) / 1e9

    def publisher(self, topic: graph.Topic) -> Any:
        """A publisher that is silent unless the node is active."""
        made = self.create_lifecycle_publisher(
            topic.type, topic.name, topic.qos, event_callbacks=PublisherEventCallbacks(use_default_callbacks=False)
        )
        if self.active:  # rclpy activates those alone that are there when the node becomes active
            made.on_activate(None)
        self._made.append(lambda: self.destroy_lifecycle_publisher(made))
        return made

    def subscription(self, topic: graph.Topic, callback: Callable[[Any], object]) -> Subscription:
        """A subscription that is delivered only while the node is active."""

        def deliver(message: Any) -> None:
            if self.active:
                callback(message)

        made = self.create_subscription(
            topic.type,
            topic.name,
            deliver,
            topic.qos,
            event_callbacks=SubscriptionEventCallbacks(use_default_callbacks=False),
        )
        self._made.append(lambda: self.destroy_subscription(made))
        return made

    def every(self, seconds: float, callback: Callable[[], None], *, steady: bool = False) -> Timer:
        """Call back every so many seconds of ROS time (or steady time) while active."""

        def tick() -> None:
            if self.active:
                callback()

        made = self.create_timer(seconds, tick, clock=self._steady if steady else None)
        if not steady:
            self._ros_timers.add(made)
            if self._own_time is not None and self._own_time.kept:
                made.cancel()
        self._polls.append(tick)
        self._made.append(lambda: self.destroy_timer(made))
        self._made.append(lambda: self._ros_timers.discard(made))
        self._made.append(lambda: self._polls.remove(tick))
        return made

    def client(self, service: graph.Service) -> Client:
        """A client of a service; use `call_async`, never the blocking call."""
        made = self.create_client(service.type, service.name)
        self._made.append(lambda: self.destroy_client(made))
        return made

    def service(self, service: graph.Service, callback: Callable[[Any, Any], Any]) -> Any:
        """Offer a service; the callback fills and returns the response."""
        made = self.create_service(service.type, service.name, callback)
        self._made.append(lambda: self.destroy_service(made))
        return made

    def action_client(self, action: graph.Action) -> ActionClient:
        """A client of an action."""
        made = ActionClient(self, action.type, action.name)
        self._made.append(made.destroy)
        return made

    def action_server(
        self,
        action: graph.Action,
        execute: Callable[[Any], Any],
        *,
        keep_results_s: int = _KEEP_RESULTS_S,
        **callbacks: Any,
    ) -> ActionServer:
        """Offer an action. `execute` may be `async def`: it then shares the executor with everything else.

        `keep_results_s`: how long after its end a goal's result can be asked for. With every step of any goal each
        client is sent the list of all that are kept: what is kept long is paid for again and again.
        """
        made = ActionServer(self, action.type, action.name, execute, result_timeout=keep_results_s, **callbacks)
        self._made.append(made.destroy)
        return made

    def post(self, callback: Callable[[], None]) -> None:
        """Run something on the executor's thread. The only call that other threads may make."""
        self._posted.append(callback)
        self._wake.trigger()

    def after(self, seconds: float, callback: Callable[[], None], *, steady: bool = False) -> Timer:
        """Call back once, so many seconds from now, if the node is active then. Cancel the timer to prevent it."""

        def once() -> None:
            timer.cancel()
            self.destroy_timer(timer)
            if self.active:
                callback()

        timer = self.create_timer(seconds, once, clock=self._steady if steady else None)
        return timer

    # Life cycle -----------------------------------------------------------------------------------------------------
    def start(self) -> None:
        """Configure and activate, as far as that goes now. Harmless when already active."""
        if not self.get_parameter("autostart").value:
            self._starter.cancel()
            return
        if self._state_machine.current_state[1] == "unconfigured":
            self.trigger_configure()
        if self._state_machine.current_state[1] == "inactive":
            self.trigger_activate()
        if self.active:
            self._starter.cancel()
            self.report()

    def stop(self) -> None:
        """Deactivate and clean up, from whatever state."""
        if self.active:
            self.trigger_deactivate()
        if self._state_machine.current_state[1] == "inactive":
            self.trigger_cleanup()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Read the settings, then the hook."""
        try:
            self.settings = read(self, self.settings_type)
            self.configure()
        except (KithError, ValueError) as problem:
            self.health.error("start", str(problem))
            self.get_logger().error(str(problem), throttle_duration_sec=60.0)
            self._close()
            return TransitionCallbackReturn.FAILURE
        except Exception as problem:  # rclpy would swallow it and leave half a node behind
            self._close()
            self.post(partial(_raise, problem))
            return TransitionCallbackReturn.FAILURE
        self.health.clear("start")
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Publishers first, then the hook."""
        result = super().on_activate(state)
        self.health.active = True
        try:
            self.activate()
        except Exception as problem:  # as in on_configure
            self.post(partial(_raise, problem))
        return result

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """The hook first, so that it can still publish."""
        self.deactivate()
        self.health.active = False
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """The hook, then everything that the tools made for `configure`."""
        self._close()
        return super().on_cleanup(state)

    def _close(self) -> None:
        self.cleanup()
        while self._made:
            self._made.pop()()

    # Simulated time -------------------------------------------------------------------------------------------------
    def _step_with_the_time(self) -> Stepping:
        waits = lambda: self.real_wait_s() if self.active else _RETRY_S  # noqa: E731
        return Stepping(self, self._poll, self.next_due, waits, self._leave_it_to_the_polls)

    def keep_time_with(self, executor: CountingExecutor) -> None:
        """Answer the keeper of simulated time, where there is one, from within this executor."""
        if self._own_time is not None:
            executor.uncounted = self._own_time.uncounted()
            executor.something_ready = self._own_time.look_at_clock
            executor.turn_over = self._own_time.turn_over

    def _leave_it_to_the_polls(self) -> None:
        for timer in self._ros_timers:
            timer.cancel()

    def _poll(self) -> None:
        # At a jump each timer is due once; run here, all is done before the answer goes out.
        for poll in list(self._polls):
            poll()

    # Health ---------------------------------------------------------------------------------------------------------
    def report(self) -> None:
        """Publish the node's health now."""
        full_name = self.get_fully_qualified_name().lstrip("/")
        status = DiagnosticStatus(
            level=bytes([self.health.level]),
            name=full_name,
            message=self.health.message,
            hardware_id=full_name,
            values=[KeyValue(key=key, value=value) for key, value in self.health.values.items()],
        )
        message = DiagnosticArray(status=[status])
        message.header.stamp = times.to_msg(self.now())
        self._diagnostics.publish(message)

    def _run_posted(self) -> None:
        while self._posted:
            if isinstance(self.executor, CountingExecutor):
                self.executor.work += 1
            self._posted.popleft()()


def _raise(problem: Exception) -> None:
    """On the executor's thread, where it ends the process in an orderly way."""
    raise problem
