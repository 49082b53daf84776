"""Bodies under test, each in a process of its own, and a peer that behaves as the stack above them does."""

import array
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from geometry_msgs.msg import Twist
from kith_msgs.msg import AudioChunk
from sensor_msgs.msg import JointState
from std_msgs.msg import String

from nodes.base import graph
from tests.peer import DEADLINE_S, Peer

BODIES = {"embedded": "sim.embedded.node"}
"""Name and module. A body added here must pass the whole contract."""


def seconds(stamp: Any) -> float:
    return float(stamp.sec + stamp.nanosec / 1e9)


class Stack(Peer):
    """Listens to the whole contract from its start, and sends what the stack above a body would send."""

    def __init__(self) -> None:
        super().__init__()
        self.audio = self.listen(graph.AUDIO_IN)
        self.playback = self.listen(graph.AUDIO_PLAYBACK)
        self.odometry = self.listen(graph.ODOM)
        self.battery = self.listen(graph.BATTERY_STATE)
        self.bumper = self.listen(graph.BUMPER)
        self.touch = self.listen(graph.TOUCH)
        self.joints = self.listen(graph.JOINT_STATES)
        self.scans = self.listen(graph.SCAN)
        self.images: list[Any] = []
        self.camera_info: list[Any] = []
        self.tf = self.listen(graph.TF)
        self.tf_static = self.listen(graph.TF_STATIC)
        self._out = self.publisher(graph.AUDIO_OUT)
        self._control = self.publisher(graph.AUDIO_CONTROL)
        self._cmd_vel = self.publisher(graph.CMD_VEL)
        self._joint_targets = self.publisher(graph.JOINT_TARGETS)

    def connected(self) -> bool:
        return all(
            each.get_subscription_count() for each in (self._out, self._control, self._cmd_vel, self._joint_targets)
        ) and bool(self.audio and self.odometry)

    def send(self, utterance_id: str, duration_s: float, last: bool = True, rate: int = 22_050) -> None:
        """A tone for the loudspeaker, all at once, in chunks of 20 ms."""
        step, total = rate // 50, round(rate * duration_s)
        for sequence, start in enumerate(range(0, total, step)):
            length = min(step, total - start)
            self._out.publish(
                AudioChunk(
                    sequence=sequence,
                    sample_rate=rate,
                    channels=1,
                    samples=array.array("h", [4000, -4000] * (length // 2) + [0] * (length % 2)),
                    utterance_id=utterance_id,
                    last=last and start + step >= total,
                )
            )

    def silence(self, utterance_id: str) -> None:
        self._control.publish(String(data=utterance_id))

    def drive(self, speed_m_s: float, turn_rad_s: float = 0.0) -> None:
        message = Twist()
        message.linear.x, message.angular.z = speed_m_s, turn_rad_s
        self._cmd_vel.publish(message)

    def see(self) -> None:
        """Pictures are many bytes: they are listened to where a test is about them."""
        self.images = self.listen(graph.CAMERA_IMAGE)
        self.camera_info = self.listen(graph.CAMERA_INFO)

    def aim(self, **angles: float) -> None:
        self._joint_targets.publish(JointState(name=list(angles), position=list(angles.values())))

    def angle(self, joint: str) -> float:
        return float(self.joints[-1].position[list(self.joints[-1].name).index(joint)])

    def played(self, utterance_id: str) -> list[Any]:
        return [each for each in self.playback if each.utterance_id == utterance_id]


@pytest.fixture(params=sorted(BODIES))
def body(request: pytest.FixtureRequest, ros_domain: int) -> Iterator["subprocess.Popen[str]"]:
    """The process of a body."""
    command = f"import sys; from {BODIES[request.param]} import main; sys.exit(main())"
    process = subprocess.Popen([sys.executable, "-c", command], stderr=subprocess.PIPE, text=True)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate(timeout=DEADLINE_S)


@pytest.fixture
def peer(body: "subprocess.Popen[str]") -> Iterator[Stack]:
    """Connected to the body."""
    made = Stack()
    made.until(made.connected, "the body's topics")
    yield made
    made.close()
