"""Gazebo's side of the bridge, on Gazebo's own transport: the topics and messages of a Harmonic server.

Run as a process: `python -m tests.bodies.fakes.gazebo`. It tells on standard output what it is told.
"""

import math
import sys
import threading
import time
from typing import Any

from sim.gazebo.transport import Transport, load

_MODEL = "/model/kith_robot"
_WORLD = "/world/care_home/model/kith_robot"
_STEP_S = 0.02


class FakeGazebo:
    """A drive without a command timeout, a joint, a lidar, a camera, a bumper and a clock."""

    def __init__(self) -> None:
        self.transport = Transport()
        self.velocity = (0.0, 0.0)
        self.angle = 0.0
        self.x = 0.0
        self.placed: dict[str, tuple[float, float]] = {}
        self.out = {
            topic: self.transport.publisher(topic, kind)
            for topic, kind in (
                (f"{_MODEL}/odometry", "gz.msgs.Odometry"),
                (f"{_WORLD}/joint_state", "gz.msgs.Model"),
                ("/scan", "gz.msgs.LaserScan"),
                ("/camera/image_raw", "gz.msgs.Image"),
                ("/camera/camera_info", "gz.msgs.CameraInfo"),
                (f"{_WORLD}/link/bumper/sensor/bumper/contact", "gz.msgs.Contacts"),
                ("/world/care_home/clock", "gz.msgs.Clock"),
            )
        }
        self.transport.subscribe(f"{_MODEL}/cmd_vel", "gz.msgs.Twist", self.drive)
        self.transport.subscribe("/joint/HeadYaw", "gz.msgs.Double", self.aim)

    def drive(self, twist: Any) -> None:
        if not math.isfinite(twist.linear.x):
            print("NaN at the wheels", flush=True)
        self.velocity = (twist.linear.x, twist.angular.z)

    def aim(self, angle: Any) -> None:
        self.angle = angle.data

    def send(self, topic: str, fill: Any) -> None:
        kind, publish = self.out[topic]
        message = kind()
        fill(message)
        publish(message)

    def step(self, steps: int) -> None:
        self.x += self.velocity[0] * _STEP_S

        def stamp(header: Any) -> None:
            header.stamp.sec, header.stamp.nsec = divmod(steps * 20_000_000, 1_000_000_000)

        def odometry(message: Any) -> None:
            stamp(message.header)
            for key, value in (("frame_id", "odom"), ("child_frame_id", "base_link")):
                pair = message.header.data.add()
                pair.key = key
                pair.value.append(value)
            message.pose.position.x, message.pose.orientation.w = self.x, 1.0
            message.twist.linear.x, message.twist.angular.z = self.velocity

        def joints(message: Any) -> None:
            joint = message.joint.add()
            joint.name, joint.axis1.position = "HeadYaw", self.angle

        def scan(message: Any) -> None:
            message.frame = "kith_robot::laser::lidar"
            message.angle_min, message.angle_max, message.angle_step = -3.14159265, 3.12413936, math.pi / 180
            message.range_min, message.range_max, message.count, message.vertical_count = 0.3, 10.0, 360, 1
            message.ranges.extend([2.5] * 360)

        def image(message: Any) -> None:
            message.width, message.height, message.step, message.pixel_format_type = 4, 3, 12, 3
            message.data = bytes(range(36))

        def info(message: Any) -> None:
            message.width, message.height = 4, 3
            message.intrinsics.k.extend([3.0, 0, 2, 0, 3.0, 1.5, 0, 0, 1])

        def contacts(message: Any) -> None:
            contact = message.contact.add()
            contact.collision1.name, contact.collision2.name = "kith_robot::bumper::bumper", "walls::walls::south"

        self.send("/world/care_home/clock", lambda message: stamp_time(message.sim, steps))
        if steps % 2 == 0:
            self.send(f"{_MODEL}/odometry", odometry)
            self.send(f"{_WORLD}/joint_state", joints)
        if steps % 5 == 0:
            self.send("/scan", scan)
            self.send("/camera/image_raw", image)
            self.send("/camera/camera_info", info)
        if self.x > 0.3:
            self.send(f"{_WORLD}/link/bumper/sensor/bumper/contact", contacts)


def stamp_time(moment: Any, steps: int) -> None:
    moment.sec, moment.nsec = divmod(steps * 20_000_000, 1_000_000_000)


def main() -> None:
    load()
    world = FakeGazebo()
    threading.Thread(target=lambda: (sys.stdin.read(), sys.exit()), daemon=True).start()
    steps = 0
    while True:
        steps += 1
        world.step(steps)
        time.sleep(_STEP_S)


if __name__ == "__main__":
    main()
