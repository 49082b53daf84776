"""Simulated residents and the embedded body together: who is seen, and what the microphone hears."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rclpy
from communication_skills.action import Say
from hri_msgs.msg import IdsMatch
from rclpy.action import ActionClient
from rclpy.executors import SingleThreadedExecutor
from std_srvs.srv import SetBool

from nodes.base import graph
from nodes.base.models import default_models_dir
from sim import graph as stage

DEADLINE_S = 30.0


class Scene:
    """Both processes, and a peer that listens and directs."""

    def __init__(self, models: Path) -> None:
        arguments = ["--ros-args", "-p", f"models_dir:={models}"]
        self._processes = [
            subprocess.Popen([sys.executable, "-m", "sim.embedded.node"]),
            subprocess.Popen([sys.executable, "-m", "sim.residents.node", *arguments]),
        ]
        self._context = rclpy.Context()
        self._context.init()
        self.node = rclpy.create_node("peer", context=self._context)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self.node)
        self.audio_in = self._listen(graph.AUDIO_IN)
        self.room = self._listen(graph.ROOM_AUDIO)
        self.matches = self._listen(graph.CANDIDATE_MATCHES)
        self.bodies = self._listen(graph.BODIES_TRACKED)
        self._present = self.node.create_client(SetBool, stage.present("hanna").name)
        self._say = ActionClient(self.node, Say, stage.say("hanna").name)
        ready: Callable[[], bool] = lambda: self._present.service_is_ready() and self._say.server_is_ready()  # noqa: E731
        self.until(lambda: ready() and self.audio_in, "both nodes")

    def _listen(self, topic: graph.Topic) -> list[Any]:
        heard: list[Any] = []
        self.node.create_subscription(topic.type, topic.name, heard.append, topic.qos)
        return heard

    def until(self, true: Callable[[], Any], what: str, within_s: float = DEADLINE_S) -> Any:
        deadline = time.monotonic() + within_s
        while not (result := true()):
            assert time.monotonic() < deadline, f"{what}: not within {within_s:.0f} s"
            self._executor.spin_once(timeout_sec=0.02)
        return result

    def wait(self, future: Any) -> Any:
        self.until(future.done, "an answer")
        return future.result()

    def present(self, here: bool) -> None:
        assert self.wait(self._present.call_async(SetBool.Request(data=here))).success

    def begin(self, text: str) -> Any:
        return self.wait(self._say.send_goal_async(Say.Goal(input=text)))

    def result(self, handle: Any) -> int:
        return int(self.wait(handle.get_result_async()).result.result.error_code)

    def close(self) -> list[int]:
        self._executor.shutdown(timeout_sec=1.0)
        self._say.destroy()
        self.node.destroy_node()
        self._context.shutdown()
        for process in self._processes:
            process.terminate()
        return [process.wait(timeout=10) for process in self._processes]


@pytest.fixture
def scene(ros_domain: int) -> Iterator[Scene]:
    made = Scene(default_models_dir())
    yield made
    assert made.close() == [0, 0]


def stamp_ns(chunk: Any) -> int:
    return int(chunk.header.stamp.sec * 10**9 + chunk.header.stamp.nanosec)


def test_a_resident_comes_is_known_by_two_signals_speaks_into_the_microphone_and_leaves(scene: Scene) -> None:
    assert not scene.begin("Hello.").accepted  # nobody there speaks

    scene.present(True)
    scene.until(lambda: len(scene.matches) >= 2, "both signals")
    kinds = {(each.id1, each.id1_type, each.id2_type) for each in scene.matches}
    assert kinds == {("hanna", IdsMatch.PERSON, IdsMatch.BODY), ("hanna", IdsMatch.PERSON, IdsMatch.FACE)}
    assert all(each.confidence > 0.9 for each in scene.matches)
    body_id = next(each.id2 for each in scene.matches if each.id2_type == IdsMatch.BODY)
    scene.until(lambda: scene.bodies and list(scene.bodies[-1].ids) == [body_id], "the body is tracked")

    handle = scene.begin("Good morning. What a fine day it is.")
    assert handle.accepted
    assert not scene.begin("I speak while I speak.").accepted
    assert scene.result(handle) == 0
    end = stamp_ns(scene.room[-1]) + len(scene.room[-1].samples) * 10**9 // 16_000
    scene.until(lambda: stamp_ns(scene.audio_in[-1]) > end, "the microphone has heard the end")
    said = np.concatenate([np.frombuffer(each.samples, np.int16) for each in scene.room]).astype(float)
    heard = np.concatenate([np.frombuffer(each.samples, np.int16) for each in scene.audio_in]).astype(float)
    at = round((stamp_ns(scene.room[0]) - stamp_ns(scene.audio_in[0])) * 16_000 / 10**9)
    noise = heard[at : at + len(said)] - said
    assert 1.2 < len(said) / 16_000 < 4.0
    assert np.sqrt(np.mean(noise**2)) < 40  # the noise floor alone: every word arrived, at its moment
    assert np.sqrt(np.mean(said**2)) > 1_000

    before = len(scene.matches)
    scene.until(lambda: len(scene.matches) >= before + 2, "the signals are renewed", within_s=6.0)

    before = len(scene.matches)
    scene.present(False)
    scene.until(lambda: [each.confidence for each in scene.matches[before:]][-2:] == [0.0, 0.0], "the signals end")
    scene.until(lambda: list(scene.bodies[-1].ids) == [], "nobody is tracked")


def test_who_leaves_while_speaking_is_heard_no_further(scene: Scene) -> None:
    scene.present(True)
    handle = scene.begin("This is a rather long sentence, which nobody here will ever hear to its very end.")
    scene.until(lambda: len(scene.room) > 10, "the beginning")
    scene.present(False)
    assert scene.result(handle) != 0
    total = sum(len(each.samples) for each in scene.room) / 16_000
    assert total < 2.0
