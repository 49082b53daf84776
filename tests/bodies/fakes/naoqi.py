"""naoqi_driver2 as it is: no end of speech, no stop by itself, 48 kHz of four channels in blocks, touches at changes.

Run as a process: `python -m tests.bodies.fakes.naoqi [player]`. What it was told to say comes back on `/fake/said`.
"""

import array
import math
import sys
from typing import Any

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from naoqi_bridge_msgs.msg import AudioBuffer, Bumper, HandTouch, HeadTouch, JointAnglesWithSpeed
from sensor_msgs.msg import CameraInfo, Image, JointState, LaserScan, Range
from std_msgs.msg import String

from tests.bodies.fakes.base import FakeBase, run

_ARM = ("ShoulderPitch", "ShoulderRoll", "ElbowYaw", "ElbowRoll", "WristYaw", "Hand")
_JOINTS = ["HeadYaw", "HeadPitch", "HipPitch", "HipRoll", "KneePitch", *(side + each for side in "LR" for each in _ARM)]
_BLOCK_STEPS = 4  # 80 ms of sound at a time


class FakeNaoqi(FakeBase):
    """Pepper's driver."""

    odom_every = 3

    def make_senses(self) -> None:
        self.scan = self.create_publisher(LaserScan, "laser", 10)
        self.image = self.create_publisher(Image, "camera/front/image_raw", 10)
        self.info = self.create_publisher(CameraInfo, "camera/front/camera_info", 10)
        self.audio = self.create_publisher(AudioBuffer, "audio", 10)
        self.bumper = self.create_publisher(Bumper, "bumper", 10)
        self.head = self.create_publisher(HeadTouch, "head_touch", 10)
        self.hand = self.create_publisher(HandTouch, "hand_touch", 10)
        self.states = self.create_publisher(JointState, "joint_states", 10)
        self.sonar = self.create_publisher(Range, "sonar/front", 1)
        self.diagnostics = self.create_publisher(DiagnosticArray, "diagnostics", 10)
        self.said = self.create_publisher(String, "/fake/said", 10)
        self.create_subscription(String, "speech", self.say, 10)
        self.create_subscription(JointAnglesWithSpeed, "joint_angles", self.aim, 10)
        if "player" in sys.argv:
            self.create_subscription(AudioBuffer, "audio_out", self.play, 100)
        self.played = 0
        self.angles = dict.fromkeys(_JOINTS, 0.0)
        self.targets = dict(self.angles)
        self.angles["RShoulderPitch"] = self.targets["RShoulderPitch"] = 1.4
        self.random = np.random.default_rng(0)

    def say(self, message: String) -> None:
        self.said.publish(message)  # and nothing ever tells that it is over

    def play(self, message: AudioBuffer) -> None:
        self.played += len(message.data)
        if np.any(message.data):
            self.said.publish(String(data=f"sound {message.frequency} {len(message.channel_map)}"))

    def aim(self, message: JointAnglesWithSpeed) -> None:
        if not 0.0 < message.speed <= 1.0 or message.relative:
            sys.exit("joint angles that the robot would refuse")
        self.targets.update(zip(message.joint_names, message.joint_angles, strict=True))

    def fault(self, word: str) -> None:
        pressed = {"head": 1, "head-off": 0, "hand": 1, "hand-off": 0, "bump": 1, "bump-off": 0}.get(word)
        if word.startswith("head"):
            self.head.publish(HeadTouch(button=0, state=pressed))
        elif word.startswith("hand"):
            self.hand.publish(HandTouch(hand=4, state=pressed))
        elif word.startswith("bump"):
            self.bumper.publish(Bumper(bumper=2, state=pressed))

    def sense(self) -> None:
        for joint, target in self.targets.items():
            reach = 0.0 if "stuck" in self.faults else 0.15
            self.angles[joint] += max(-reach, min(reach, target - self.angles[joint]))
        if self.steps % 2 == 0 and "late-joints" not in self.faults:
            states = JointState(name=list(self.angles), position=list(self.angles.values()))
            if "nan" in self.faults:
                states.position[0] = math.nan
            self.states.publish(states)
        if self.steps % _BLOCK_STEPS == 0 and "no-audio" not in self.faults:
            self.hear()
        if self.steps % 5 == 0:
            self.scan.publish(self.scanned())
            nearest = 2.55 if "clear" in self.faults else 0.8
            self.sonar.publish(Range(field_of_view=0.52, min_range=0.25, max_range=2.55, range=nearest))
        if self.steps % 5 == 2:
            self.see(self.image, self.info, "rgb8")
        if self.steps % 25 == 0:
            self.tell_battery()

    def hear(self) -> None:
        frames = 48_000 * _BLOCK_STEPS // 50
        sound = self.random.normal(0.0, 300.0, (frames, 4)).astype(np.int16)
        block = AudioBuffer(frequency=48_000, channel_map=[3, 5, 0, 2], data=array.array("h", sound.tobytes()))
        block.header.stamp = self.get_clock().now().to_msg()
        self.audio.publish(block)

    def scanned(self) -> LaserScan:
        """As the driver makes it: 61 numbers over 240 degrees, minus one where it is blind."""
        ranges = [-1.0] * 61
        ranges[0:15] = ranges[23:38] = ranges[46:61] = [2.0] * 15
        if "clear" in self.faults:
            ranges = [2.9 if each > 0 else each for each in ranges]
        if "nan" in self.faults:
            ranges = [math.nan] * 61
        jitter = 0.002 * (self.steps // 5 % 2)  # no real scanner says the same twice
        ranges = [each + jitter if each > 0 else each for each in ranges]
        scan = LaserScan(
            angle_min=-2.0944, angle_max=2.0944, angle_increment=2 * 2.0944 / 61, range_min=0.1, range_max=3.0
        )
        scan.ranges = array.array("f", ranges)
        scan.header.frame_id = "base_footprint"
        scan.header.stamp = self.get_clock().now().to_msg()
        return scan

    def tell_battery(self) -> None:
        def status(hardware: str, level: bytes, **values: Any) -> DiagnosticStatus:
            pairs = [KeyValue(key=key.replace("_", " "), value=str(value)) for key, value in values.items()]
            return DiagnosticStatus(
                name=f"naoqi_driver_{hardware}:Status", hardware_id=hardware, level=level, values=pairs
            )

        hot = b"\x01" if "hot" in self.faults else b"\x00"
        self.diagnostics.publish(
            DiagnosticArray(
                status=[
                    status("joints", hot, Hot_Joints=""),
                    status("battery", b"\x00", Percentage=73, Charging="False", Fully_Charged="False"),
                ]
            )
        )


if __name__ == "__main__":
    run(FakeNaoqi)
