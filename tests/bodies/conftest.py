"""Bodies under test, each in a process of its own, and a peer that behaves as the stack above them does."""

import array
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from geometry_msgs.msg import Twist
from kith_msgs.msg import AudioChunk, Caption
from sensor_msgs.msg import JointState
from std_msgs.msg import String

from nodes.base import graph
from tests.bodies.bodies import BODIES, Body
from tests.conftest import own_domain
from tests.nodes.body.conftest import VirtualCard, what_is_missing
from tests.peer import DEADLINE_S, Peer


def seconds(stamp: Any) -> float:
    return float(stamp.sec + stamp.nanosec / 1e9)


class Stack(Peer):
    """Listens to the whole contract from its start, and sends what the stack above a body would send."""

    def __init__(self, *, commands: bool = True) -> None:
        """`commands`: it drives the body itself; false where the real nodes above do."""
        super().__init__()
        self.audio = self.listen(graph.AUDIO_IN)
        self.playback = self.listen(graph.AUDIO_PLAYBACK)
        self.odometry = self.listen(graph.ODOM)
        self.battery = self.listen(graph.BATTERY_STATE)
        self.bumper = self.listen(graph.BUMPER)
        self.touch = self.listen(graph.TOUCH)
        self.hand_touch = self.listen(graph.HAND_TOUCH)
        self.cliff = self.listen(graph.CLIFF)
        self.joints = self.listen(graph.JOINT_STATES)
        self.scans = self.listen(graph.SCAN)
        self.images: list[Any] = []
        self.camera_info: list[Any] = []
        self.tf = self.listen(graph.TF)
        self.tf_static = self.listen(graph.TF_STATIC)
        self._out = self.publisher(graph.AUDIO_OUT)
        self._control = self.publisher(graph.AUDIO_CONTROL)
        self._cmd_vel = self.publisher(graph.CMD_VEL) if commands else None
        self._joint_targets = self.publisher(graph.JOINT_TARGETS)
        self._captions = self.publisher(graph.CAPTIONS)
        self._fault = self.node.create_publisher(String, "/fake/fault", 10)
        self._utterances = 0
        self._sees = False

    def connected(self, body: Body, *, fake: bool = True) -> bool:
        ends = {
            "audio_out": self._out,
            "audio_control": self._control,
            "cmd_vel": self._cmd_vel,
            "joint_targets": self._joint_targets,
        }
        there = all(end is None or end.get_subscription_count() for part, end in ends.items() if body.has(part))
        driver = not (body.driver and fake) or self._fault.get_subscription_count()
        return bool(there and driver and self.odometry)

    def forget(self) -> None:
        """Nothing has been heard yet. Static frames are told once, and stay known."""
        for heard in vars(self).values():
            if isinstance(heard, list) and heard is not self.tf_static:
                heard.clear()
        self._utterances += 10

    def utterance(self, number: int = 1) -> str:
        """An id that was not used before in this run of the body."""
        return f"u{self._utterances + number}"

    def fault(self, word: str) -> None:
        """Tell the fake driver what to do wrong."""
        self._fault.publish(String(data=word))

    def caption(self, utterance_id: str, text: str) -> None:
        """The words of an utterance, as the voice publishes them when it begins to sound."""
        self._captions.publish(Caption(utterance_id=utterance_id, locale="en_GB", text=text))

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
        assert self._cmd_vel is not None
        self._cmd_vel.publish(message)

    def see(self) -> None:
        """Pictures are many bytes: they are listened to where a test is about them."""
        if not self._sees:
            self._sees = True
            for topic, heard in ((graph.CAMERA_IMAGE, self.images), (graph.CAMERA_INFO, self.camera_info)):
                self.node.create_subscription(topic.type, topic.name, heard.append, topic.qos)

    def aim(self, **angles: float) -> None:
        self._joint_targets.publish(JointState(name=list(angles), position=list(angles.values())))

    def angle(self, joint: str) -> float:
        return float(self.joints[-1].position[list(self.joints[-1].name).index(joint)])

    def played(self, utterance_id: str) -> list[Any]:
        return [each for each in self.playback if each.utterance_id == utterance_id]


class Processes:
    """What a test starts, and ends whatever happens."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[str]] = []

    def start(self, module: str, *arguments: str, **parameters: Any) -> "subprocess.Popen[str]":
        """A module as a program; parameters go to ROS."""
        given = [part for name, value in parameters.items() for part in ("-p", f"{name}:={value}")]
        ros = ["--ros-args", *given] if given else []
        # A group of its own: Ctrl-C in the terminal of a test must not reach a driver before its body.
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments, *ros], stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        self._started.append(process)
        return process

    def body(self, body: Body) -> "subprocess.Popen[str]":
        """A body and its driver; the body's process."""
        if body.driver:
            self.start(*body.driver)
        return self.start(body.module, **body.parameters)

    def end(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=DEADLINE_S)


@pytest.fixture(scope="module")
def domain() -> Iterator[int]:
    """A ROS domain for all tests of a module: a body starts once, and all that is asked of it is asked of the same."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield from own_domain(monkeypatch)


@pytest.fixture(scope="module")
def sound_card() -> Iterator[str]:
    """A virtual sound card, where its parts are installed; what is missing, in words, where not."""
    if missing := what_is_missing():
        yield missing
        return
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = Path(tempfile.mkdtemp(prefix="kith-sound-"))
        card = VirtualCard(folder)
        for name, value in card.environment.items():
            monkeypatch.setenv(name, value)
        yield ""
        card.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", params=BODIES, ids=lambda body: body.name)
def body(request: pytest.FixtureRequest) -> Body:
    """Which body is tried."""
    return request.param


@pytest.fixture(scope="module")
def running(body: Body, domain: int, sound_card: str) -> Iterator[Stack]:
    """The body's process and its driver's, with a stack above it."""
    processes = Processes()
    processes.body(body)
    stack = Stack()
    try:
        stack.until(lambda: stack.connected(body), "the body's topics")
        yield stack
    finally:
        stack.close()
        processes.end()


@pytest.fixture
def peer(running: Stack, body: Body, sound_card: str, request: pytest.FixtureRequest) -> Stack:
    """Connected to the body, and as if it had just begun to listen. Skips what the body has no part for."""
    for mark in request.node.iter_markers("needs"):
        for part in mark.args:
            if not body.has(part):
                pytest.skip(f"{body.name} lacks {part}: see launch/body.yaml")
            if body.sound_card and part.startswith("audio") and sound_card:
                pytest.skip(f"{sound_card} missing: apt-get install pulseaudio pulseaudio-utils libasound2-plugins")
    running.forget()
    return running


@pytest.fixture
def processes(ros_domain: int) -> Iterator[Processes]:
    """Processes of one test alone."""
    made = Processes()
    yield made
    made.end()
