"""The safety node: velocity requests in, what the wheels may do out."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from geometry_msgs.msg import Twist, Vector3
from kith_msgs.msg import SafetyState
from nav_msgs.msg import Odometry
from sensor_msgs.msg import BatteryState, LaserScan
from tf2_msgs.msg import TFMessage

from culture_profiles.errors import KithError
from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.pose import Frames, Pose
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.safety.gate import Gate, Halt, Limits, Velocity
from nodes.safety.held import HeldStop
from nodes.safety.scanner import Turn

_WATCH_S = 0.02
_LOOKS_S = 0.25  # how often silence of scanner, button and body is looked for
_CHARGING = (BatteryState.POWER_SUPPLY_STATUS_CHARGING, BatteryState.POWER_SUPPLY_STATUS_FULL)
_ZEROS_AFTER_A_STOP = 10  # a zero that gets lost must not keep a robot moving


@dataclass(frozen=True, kw_only=True)
class SafetySettings(Settings):
    """What the safety node can be told."""

    max_speed: float = setting(0.5, "Fastest travel in any direction, m/s", low=0.0, high=1.5)
    max_turn: float = setting(1.0, "Fastest turning, rad/s", low=0.0, high=3.0)
    request_timeout_s: float = setting(0.2, "Stop after so many seconds without a request", low=0.05, high=1.0)
    body_timeout_s: float = setting(1.0, "Stop after so many seconds without odometry", low=0.1, high=5.0)
    without_lidar: float = setting(0.3, "Fastest travel without a laser scanner, m/s", low=0.0, high=1.5)
    low_battery: float = setting(0.10, "Below this charge it goes slowly", low=0.0, high=0.9)
    empty_battery: float = setting(0.03, "Below this charge it stands still", low=0.0, high=0.5)


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
            without_lidar=self.settings.without_lidar,
            low_battery=self.settings.low_battery,
            empty_battery=self.settings.empty_battery,
        )
        robot = self.get_namespace().strip("/").replace("/", "-") or "robot"
        home = self.settings.home_dir
        self._held = HeldStop(Path(home) / "robots" / robot / "stopped") if home else None
        self._gate = Gate(limits, stopped=self._held.read() if self._held else False)
        self._zeros = 0
        self._frames = Frames()
        self._told: tuple[str, float] | None = None
        self._tells = self.publisher(graph.SAFETY_STATE)
        self._wheels = self.publisher(graph.CMD_VEL)
        self.subscription(graph.CMD_VEL_REQUEST, self._on_request)
        self.subscription(graph.BUMPER, lambda message: self._feel(self._gate.bumper, message.data))
        self.subscription(graph.CLIFF, lambda message: self._feel(self._gate.cliff, message.data))
        self.subscription(graph.TOUCH, lambda message: self._feel(self._gate.touched, message.data))
        self.subscription(graph.STOP_BUTTON, self._on_button)
        self.subscription(graph.ODOM, self._on_odom)
        self.subscription(graph.BATTERY_STATE, self._on_battery)
        self.subscription(graph.TF_STATIC, self._on_frames)
        self.subscription(graph.SCAN, self._on_scan)
        self.service(graph.SAFETY_STOP, self._on_stop)
        self._watching = self.every(_WATCH_S, self._watch, steady=True)
        self.every(_LOOKS_S, self._tell, steady=True)

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

    def _feel(self, sense: Any, felt: bool) -> None:
        sense(felt)
        if felt:
            self._stop()
        self._tell()

    def _on_button(self, message: Any) -> None:
        self._gate.button(message.data, self.steady_s())
        if message.data:
            self._stop()
            self._tell()

    def _on_odom(self, odom: Odometry) -> None:
        position, turn = odom.pose.pose.position, odom.pose.pose.orientation
        base = Pose.from_quaternion(position.x, position.y, (turn.x, turn.y, turn.z, turn.w))
        self._gate.body(self.steady_s(), base)

    def _on_battery(self, message: BatteryState) -> None:
        self._gate.battery(message.percentage, message.power_supply_status in _CHARGING)

    def _on_frames(self, message: TFMessage) -> None:
        for each in message.transforms:
            place, turn = each.transform.translation, each.transform.rotation
            pose = Pose.from_quaternion(place.x, place.y, (turn.x, turn.y, turn.z, turn.w))
            self._frames.put(each.child_frame_id, each.header.frame_id, pose, None)

    def _on_scan(self, message: LaserScan) -> None:
        scanner = self._gate.scanner
        scanner.mounted = self._frames.find(message.header.frame_id, "base_link", 0.0, 0.0) or scanner.mounted
        stamp = message.header.stamp
        scanner.turn(
            Turn(
                np.asarray(message.ranges, np.float64),
                message.angle_min,
                message.angle_increment,
                message.range_min,
                message.range_max,
                stamp.sec + stamp.nanosec / 1e9,
            ),
            self.steady_s(),
        )

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
        at = self.steady_s()
        halted, standing = self._gate.halt(at), self._gate.standing(at)
        self.health.values["stopped"] = str(self._gate.stopped).lower()
        trouble = self._gate.scanner.trouble(at)
        text = trouble if standing is Halt.LIDAR and trouble else (standing.value if standing is not None else "")
        if standing is not None:
            self.health.warn("stopped", f"standing still: {text}")
        else:
            self.health.clear("stopped")
        if halted is Halt.NO_BODY:
            self.health.wait_for("the body's odom")
        elif halted is None:
            self.health.found("the body's odom")
        limit = self._gate.fastest()
        now = (text, limit)
        if now != self._told:
            self._told = now
            self._tells.publish(
                SafetyState(
                    stamp=times.to_msg(self.now()),
                    halted=standing is not None,
                    cause=standing.name.lower() if standing is not None else "",
                    text=text,
                    speed_limit=limit,
                )
            )


def main() -> int:
    """Run the safety node."""
    return run(SafetyNode)


if __name__ == "__main__":
    sys.exit(main())
