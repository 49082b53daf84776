"""A base's driver as drivers are: it keeps the last velocity for ever, and has faults on demand.

Run as a process: `python -m tests.bodies.fakes.base [stamped]`. Faults come on `fake/fault` as a word.
"""

import array
import contextlib
import math
import sys
from typing import Any

import rclpy
from geometry_msgs.msg import Twist, TwistStamped
from nav_msgs.msg import Odometry
from rclpy.node import Node
from sensor_msgs.msg import BatteryState, CameraInfo, Image, LaserScan
from std_msgs.msg import String

_STEP_S = 0.02


class FakeBase(Node):
    """Wheels, odometry, scanner, camera, battery."""

    below = "driver"
    """Its namespace."""

    odom_every = 2
    """Steps between two odometry messages."""

    def __init__(self, name: str = "fake_driver", *, stamped: bool = False) -> None:
        super().__init__(name, namespace=self.below)
        self.faults: set[str] = set()
        self.velocity = (0.0, 0.0, 0.0)
        self.place = [0.0, 0.0, 0.0]
        self.steps = 0
        kind = TwistStamped if stamped else Twist
        self.create_subscription(kind, "cmd_vel", lambda m: self.obey(m.twist if stamped else m), 10)
        self.create_subscription(String, "/fake/fault", self.on_fault, 10)
        self.odom = self.create_publisher(Odometry, "odom", 10)
        self.make_senses()
        self.create_timer(_STEP_S, self.step)

    def make_senses(self) -> None:
        self.scan = self.create_publisher(LaserScan, "scan", 10)
        self.image = self.create_publisher(Image, "camera/image_raw", 10)
        self.info = self.create_publisher(CameraInfo, "camera/camera_info", 10)
        self.battery = self.create_publisher(BatteryState, "battery_state", 10)

    def obey(self, twist: Any) -> None:
        if "deaf" not in self.faults:
            self.velocity = (twist.linear.x, twist.linear.y, twist.angular.z)

    def on_fault(self, message: String) -> None:
        if message.data == "die":
            sys.exit(9)
        if message.data == "none":
            self.faults.clear()
        elif message.data:
            self.faults.add(message.data)
        self.fault(message.data)

    def fault(self, word: str) -> None:
        """What else a fault does at once."""

    def step(self) -> None:
        self.steps += 1
        x, y, turn = self.velocity
        if not all(map(math.isfinite, self.velocity)):
            sys.exit("a velocity that is no number reached the wheels")
        heading = self.place[2]
        self.place[0] += (x * math.cos(heading) - y * math.sin(heading)) * _STEP_S
        self.place[1] += (x * math.sin(heading) + y * math.cos(heading)) * _STEP_S
        self.place[2] += turn * _STEP_S
        if "silent" in self.faults:
            return
        for _ in range(50 if "flood" in self.faults else 1):
            if self.steps % self.odom_every == 0 or "flood" in self.faults:
                self.tell_odom()
        self.sense()

    def tell_odom(self) -> None:
        message = Odometry(child_frame_id="base_footprint")
        message.header.frame_id = "wheel_odom"
        message.header.stamp = self.get_clock().now().to_msg()
        nan = "nan" in self.faults
        message.pose.pose.position.x = math.nan if nan else self.place[0]
        message.pose.pose.position.y = self.place[1]
        message.pose.pose.position.z = 0.3
        message.pose.pose.orientation.z = math.sin(self.place[2] / 2)
        message.pose.pose.orientation.w = math.cos(self.place[2] / 2)
        twist = message.twist.twist
        twist.linear.x, twist.linear.y, twist.angular.z = self.velocity
        self.odom.publish(message)

    def sense(self) -> None:
        if self.steps % 5 == 0:
            self.scan.publish(self.scanned())
        if self.steps % 7 == 0:
            self.see(self.image, self.info, "rgba8")
        if self.steps % 25 == 0:
            self.battery.publish(BatteryState(percentage=80.0, voltage=12.0))  # per cent: some drivers do

    def scanned(self) -> LaserScan:
        """Half a turn, with a hole of numbers that are none; something 1.5 m ahead."""
        count = 181
        ranges = [5.0] * count
        ranges[85:96] = [1.5] * 11
        ranges[20:30] = [math.nan] * 10
        ranges[40] = 0.0
        if "clear" in self.faults:
            ranges = [7.0] * count
        if "nan" in self.faults:
            ranges = [math.nan] * count
        jitter = 0.002 * (self.steps // 5 % 2)  # no real scanner says the same twice
        ranges = [each + jitter if each else each for each in ranges]
        scan = LaserScan(
            angle_min=-math.pi / 2, angle_max=math.pi / 2, angle_increment=math.pi / 180, range_min=0.1, range_max=8.0
        )
        scan.ranges = array.array("f", ranges)
        scan.header.frame_id = "base_scan"
        scan.header.stamp = self.get_clock().now().to_msg()
        return scan

    def see(self, image: Any, info: Any, encoding: str) -> None:
        width, height, channels = 64, 48, 4 if encoding == "rgba8" else 3
        data = bytes((x * 4 + self.steps) % 256 for _ in range(height) for x in range(width * channels))
        picture = Image(height=height, width=width, encoding=encoding, step=width * channels)
        picture.data = array.array("B", data)
        stamp = self.get_clock().now().to_msg()
        stamp.sec -= 4000  # a robot whose clock is another one
        picture.header.stamp = stamp
        image.publish(picture)
        measures = CameraInfo(height=height, width=width, distortion_model="plumb_bob")
        measures.k[0] = measures.k[4] = 60.0
        info.publish(measures)


def run(make: Any) -> None:
    rclpy.init()
    node = make()
    with contextlib.suppress(KeyboardInterrupt):
        rclpy.spin(node)


if __name__ == "__main__":
    run(lambda: FakeBase(stamped="stamped" in sys.argv))
