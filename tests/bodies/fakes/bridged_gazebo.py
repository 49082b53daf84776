"""Gazebo as it arrives through the bridge: the topics of launch/gazebo_bridge.yaml, on the side of ROS.

Its drive keeps the last velocity, its stamps are of simulated time, contacts are told only while they last.
Run as a process: `python -m tests.bodies.fakes.bridged_gazebo`.
"""

import math
from typing import Any

from ros_gz_interfaces.msg import Contact, Contacts, Entity
from sensor_msgs.msg import CameraInfo, Image, JointState, LaserScan
from std_msgs.msg import Float64

from sim.gazebo.robot import limits, robot_of
from sim.worlds import sdf
from tests.bodies.fakes.base import FakeBase, run


class BridgedGazebo(FakeBase):
    """What is heard of Gazebo."""

    below = "gazebo"

    def make_senses(self) -> None:
        self.scan = self.create_publisher(LaserScan, "scan", 10)
        self.image = self.create_publisher(Image, "camera/image_raw", 10)
        self.info = self.create_publisher(CameraInfo, "camera/camera_info", 10)
        self.states = self.create_publisher(JointState, "joint_states", 10)
        self.bumper = self.create_publisher(Contacts, "bumper", 10)
        robot = robot_of(sdf.read(sdf.CARE_HOME))
        assert robot is not None
        self.angles = dict.fromkeys(limits(robot), 0.0)
        self.targets = dict(self.angles)
        for name in self.angles:
            self.create_subscription(Float64, f"joint/{name}", self.aimer(name), 10)

    def aimer(self, name: str) -> Any:
        return lambda message: self.targets.update({name: message.data})

    def sense(self) -> None:
        for name, target in self.targets.items():
            reach = 0.0 if "stuck" in self.faults else 0.15
            self.angles[name] += max(-reach, min(reach, target - self.angles[name]))
        names = [*self.angles, "wheel_left_joint", "wheel_right_joint"]
        angles = [*self.angles.values(), self.steps * 0.1, math.nan if "nan" in self.faults else 0.0]
        self.states.publish(JointState(name=names, position=angles, velocity=[0.0] * len(names)))
        if self.steps % 5 == 0:
            self.scan.publish(self.scanned())
        if self.steps % 5 == 2:
            self.see(self.image, self.info, "rgb8")
        if "bump" in self.faults:
            ends = [Entity(name=name) for name in ("kith_robot::bumper::bumper", "walls::walls::south")]
            self.bumper.publish(Contacts(contacts=[Contact(collision1=ends[0], collision2=ends[1])]))
        own = [Entity(name=name) for name in ("kith_robot::bumper::bumper", "kith_robot::base_link::base")]
        self.bumper.publish(Contacts(contacts=[Contact(collision1=own[0], collision2=own[1])]))


if __name__ == "__main__":
    run(BridgedGazebo)
