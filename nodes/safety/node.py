"""The safety node: velocity requests in, what the wheels may do out."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geometry_msgs.msg import Twist, Vector3

from culture_profiles.errors import KithError
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.safety.gate import Gate, Halt, Limits, Velocity
from nodes.safety.held import HeldStop

_WATCH_S = 0.02
_ZEROS_AFTER_A_STOP = 10  # a zero that gets lost must not keep a robot moving


@dataclass(frozen=True, kw_only=True)
class SafetySettings(Settings):
    """What the safety node can be told."""

    max_speed: float = setting(0.5, "Fastest travel in any direction, m/s", low=0.0, high=1.5)
    max_turn: float = setting(1.0, "Fastest turning, rad/s", low=0.0, high=3.0)
    request_timeout_s: float = setting(0.2, "Stop after so many seconds without a request", low=0.05, high=1.0)
    body_timeout_s: float = setting(1.0, "Stop after so many seconds without odometry", low=0.1, high=5.0)


class SafetyNode(KithNode[SafetySettings]):
    """The only publisher of cmd_vel."""

    name = "safety"
    settings_type = SafetySettings

    def configure(self) -> None:
        """Stand still until the body is heard and somebody asks."""
        limits = Limits(
            self.settings.max_speed,
            self.settings.max_turn,
            self.settings.request_timeout_s,
            self.settings.body_timeout_s,
        )
        robot = self.get_namespace().strip("/").replace("/", "-") or "robot"
        home = self.settings.home_dir
        self._held = HeldStop(Path(home) / "robots" / robot / "stopped") if home else None
        self._gate = Gate(limits, stopped=self._held.read() if self._held else False)
        self._zeros = 0
        self._wheels = self.publisher(graph.CMD_VEL)
        self.subscription(graph.CMD_VEL_REQUEST, self._on_request)
        self.subscription(graph.BUMPER, self._on_bumper)
        self.subscription(graph.ODOM, lambda _: self._gate.body(self.steady_s()))
        self.service(graph.SAFETY_STOP, self._on_stop)
        self._watching = self.every(_WATCH_S, self._watch, steady=True)

    def activate(self) -> None:
        """An explicit zero: whatever an earlier life asked for is over."""
        self._stop()
        self._tell()

    def deactivate(self) -> None:
        """Leave nothing moving."""
        self._wheels.publish(Twist())

    def _on_request(self, message: Twist) -> None:
        at = self.steady_s()
        self._gate.request(Velocity(message.linear.x, message.linear.y, message.angular.z), at)
        halted = self._gate.halt(at)
        if halted is None:
            self._send(self._gate.now(at))
        elif halted is not Halt.SILENCE:
            self.health.values["refused"] = halted.value
            self._stop()
        self._tell()

    def _on_bumper(self, message: Any) -> None:
        self._gate.bumper(message.data)
        if message.data:
            self._stop()
        self._tell()

    def _on_stop(self, request: Any, response: Any) -> Any:
        self._gate.stopped = request.data
        self._stop()
        self._tell()
        response.success, response.message = True, "stopped" if request.data else "free to move"
        try:
            if self._held is not None:
                self._held.write(request.data)
            self.health.clear("held")
        except KithError as problem:
            # It stands all the same; only a restart would forget it.
            self.health.error("held", str(problem))
            response.message += f"; {problem}"
        return response

    def _watch(self) -> None:
        if not self._zeros:
            self._watching.cancel()  # nothing was let through since the last zeros: an idle robot costs nothing
            return
        if self._gate.halt(self.steady_s()) is not None:
            self._wheels.publish(Twist())
            self._zeros -= 1

    def _send(self, allowed: Velocity) -> None:
        self._watch_for_silence()
        self._wheels.publish(Twist(linear=Vector3(x=allowed.x, y=allowed.y), angular=Vector3(z=allowed.turn)))

    def _stop(self) -> None:
        self._wheels.publish(Twist())
        self._watch_for_silence()

    def _watch_for_silence(self) -> None:
        self._zeros = _ZEROS_AFTER_A_STOP  # sent as soon as requests fall silent
        if self._watching.is_canceled():
            self._watching.reset()

    def _tell(self) -> None:
        halted = self._gate.halt(self.steady_s())
        self.health.values["stopped"] = str(self._gate.stopped).lower()
        if halted in (Halt.STOPPED, Halt.BUMPER):
            self.health.warn("stopped", f"standing still: {halted.value}")
        else:
            self.health.clear("stopped")
        if halted is Halt.NO_BODY:
            self.health.wait_for("the body's odom")
        elif halted is None:
            self.health.found("the body's odom")


def main() -> int:
    """Run the safety node."""
    return run(SafetyNode)


if __name__ == "__main__":
    sys.exit(main())
