"""The driver of a TurtleBot 4: a base that wants TwistStamped, with hazards and a dock.

Run as a process: `python -m tests.bodies.fakes.create3 [stamped]`.
"""

import sys
import time
from typing import Any

from irobot_create_msgs.action import Dock, Undock
from irobot_create_msgs.msg import DockStatus, HazardDetection, HazardDetectionVector
from rclpy.action import ActionServer
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import BatteryState, CameraInfo, Image, LaserScan

from tests.bodies.fakes.base import FakeBase, run

_TYPES = {"bump": HazardDetection.BUMP, "cliff": HazardDetection.CLIFF, "drop": HazardDetection.WHEEL_DROP}


class FakeCreate3(FakeBase):
    """An iRobot Create 3 and what a TurtleBot 4 puts on it."""

    def make_senses(self) -> None:
        self.scan = self.create_publisher(LaserScan, "scan", qos_profile_sensor_data)
        self.image = self.create_publisher(Image, "oakd/rgb/preview/image_raw", qos_profile_sensor_data)
        self.info = self.create_publisher(CameraInfo, "oakd/rgb/preview/camera_info", qos_profile_sensor_data)
        self.battery = self.create_publisher(BatteryState, "battery_state", qos_profile_sensor_data)
        self.hazards = self.create_publisher(HazardDetectionVector, "hazard_detection", qos_profile_sensor_data)
        self.dock = self.create_publisher(DockStatus, "dock_status", qos_profile_sensor_data)
        self.docked = False
        self.docking = ActionServer(self, Dock, "dock", lambda goal: self.go(goal, docked=True))
        self.undocking = ActionServer(self, Undock, "undock", lambda goal: self.go(goal, docked=False))

    def go(self, goal: Any, *, docked: bool) -> Any:
        kind = Dock if docked else Undock
        if "dock-fails" in self.faults:
            goal.abort()
            return kind.Result(is_docked=self.docked)
        time.sleep(0.2)  # this driver does nothing else meanwhile
        self.docked = docked
        goal.succeed()
        return kind.Result(is_docked=docked)

    def sense(self) -> None:
        super().sense()
        if self.steps % 3 == 0:
            seen = [HazardDetection(type=_TYPES[each]) for each in sorted(self.faults & set(_TYPES))]
            self.hazards.publish(HazardDetectionVector(detections=seen))
        if self.steps % 25 == 0:
            self.dock.publish(DockStatus(dock_visible=True, is_docked=self.docked))


if __name__ == "__main__":
    run(lambda: FakeCreate3(stamped="stamped" in sys.argv))
