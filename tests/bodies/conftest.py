"""Bodies under test, each in a process of its own, and a peer that behaves as the stack above them does."""

import array
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import rclpy
from geometry_msgs.msg import Twist
from kith_msgs.msg import AudioChunk
from rclpy.executors import SingleThreadedExecutor
from std_msgs.msg import String

from nodes.base import graph

BODIES = {"embedded": "sim.embedded.node"}
"""Name and module. A body added here must pass the whole contract."""

DEADLINE_S = 15.0


def seconds(stamp: Any) -> float:
    return float(stamp.sec + stamp.nanosec / 1e9)


class Peer:
    """Listens to the whole contract from its start, and sends what the stack would send."""

    def __init__(self) -> None:
        self.context = rclpy.Context()
        self.context.init()
        self.node = rclpy.create_node("peer", context=self.context)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.executor.add_node(self.node)
        self.audio = self._listen(graph.AUDIO_IN)
        self.playback = self._listen(graph.AUDIO_PLAYBACK)
        self.odometry = self._listen(graph.ODOM)
        self.battery = self._listen(graph.BATTERY_STATE)
        self.bumper = self._listen(graph.BUMPER)
        self._out = self._publisher(graph.AUDIO_OUT)
        self._control = self._publisher(graph.AUDIO_CONTROL)
        self._cmd_vel = self._publisher(graph.CMD_VEL)

    def _listen(self, topic: graph.Topic) -> list[Any]:
        heard: list[Any] = []
        self.node.create_subscription(topic.type, topic.name, heard.append, topic.qos)
        return heard

    def _publisher(self, topic: graph.Topic) -> Any:
        return self.node.create_publisher(topic.type, topic.name, topic.qos)

    def connected(self) -> bool:
        return all(each.get_subscription_count() for each in (self._out, self._control, self._cmd_vel)) and bool(
            self.audio and self.odometry
        )

    def until(self, true: Callable[[], Any], what: str, within_s: float = DEADLINE_S) -> Any:
        deadline = time.monotonic() + within_s
        while not (result := true()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not within {within_s:.0f} s")
            self.executor.spin_once(timeout_sec=0.01)
        return result

    def spin_for(self, duration_s: float) -> None:
        deadline = time.monotonic() + duration_s
        while time.monotonic() < deadline:
            self.executor.spin_once(timeout_sec=0.01)

    def now(self) -> float:
        return self.node.get_clock().now().nanoseconds / 1e9

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

    def played(self, utterance_id: str) -> list[Any]:
        return [each for each in self.playback if each.utterance_id == utterance_id]

    def close(self) -> None:
        self.executor.shutdown(timeout_sec=1.0)
        self.node.destroy_node()
        self.context.shutdown()


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
def peer(body: "subprocess.Popen[str]") -> Iterator[Peer]:
    """Connected to the body."""
    made = Peer()
    made.until(made.connected, "the body's topics")
    yield made
    made.close()
