"""A robot without its home: it goes on from its last snapshots, brings home what it was told, and erases what was."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rclpy
from kith_msgs import srv
from rclpy.executors import SingleThreadedExecutor

from culture_profiles.fact import Fact, make_fact
from culture_profiles.store import ProfileStore, receipts_in
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.base.profile_client import robot_profiles
from nodes.base.settings import Settings
from nodes.profiles.register import store_path

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DEADLINE_S = 25.0
pytestmark = pytest.mark.usefixtures("ros_domain")


def fact(key: str, value: str, source: str = "carer", when: datetime = NOW) -> Fact:
    return make_fact(resident_id="hanna", key=key, value=value, source=source, status="stated", when=when)


class Robot(KithNode[Settings]):
    name = "robot"
    settings_type = Settings
    home = ""

    def configure(self) -> None:
        self.profiles = robot_profiles(self, lambda *_: None, self.home, "anna")
        self.erase = self.client(graph.ERASE_PROFILE)


class Stage:
    """The home's node as a process, and robots in this one."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.node: subprocess.Popen[bytes] | None = None
        self.robot: Robot | None = None
        rclpy.init()
        self.executor = SingleThreadedExecutor()

    def home_comes(self) -> None:
        self.node = subprocess.Popen(
            [sys.executable, "-m", "nodes.profiles.node", "--ros-args", "-p", f"home_dir:={self.home}"]
        )

    def home_goes(self) -> None:
        if self.node is not None:
            self.node.terminate()
            assert self.node.wait(DEADLINE_S) == 0
            self.node = None

    def robot_starts(self) -> Robot:
        Robot.home = str(self.home.parent / "robot")
        self.robot = Robot()
        self.executor.add_node(self.robot)
        self.robot.start()
        self.robot.profiles.follow("hanna")
        return self.robot

    def robot_stops(self) -> None:
        if self.robot is not None:
            self.robot.stop()
            self.executor.remove_node(self.robot)
            self.robot.destroy_node()
            self.robot = None

    def until(self, true: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + DEADLINE_S
        while not (result := true()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not within {DEADLINE_S:.0f} s")
            self.executor.spin_once(timeout_sec=0.05)
        return result


@pytest.fixture
def stage(home_dir: Path) -> Iterator[Stage]:
    with ProfileStore(store_path(home_dir)) as store:
        store.set_fact(fact("name.full", "Hanna Kowalska"))
        store.set_fact(fact("address.form", "Mrs Kowalska"))
    made = Stage(home_dir)
    try:
        yield made
    finally:
        made.robot_stops()
        made.home_goes()
        made.executor.shutdown(timeout_sec=1.0)
        rclpy.try_shutdown()


def shelved(robot: Robot) -> dict[str, int]:
    assert robot.profiles._shelf is not None
    return robot.profiles._shelf.held()


def value(robot: Robot, key: str = "address.form") -> str | None:
    profile = robot.profiles.profile("hanna")
    return profile.value(key) if profile else None


def test_a_robot_restarted_without_its_home_goes_on_and_reconciles_later(stage: Stage) -> None:
    stage.home_comes()
    robot = stage.robot_starts()
    stage.until(lambda: shelved(robot) == {"hanna": 2}, "the snapshot on the robot's own disk")
    stage.robot_stops()
    stage.home_goes()
    folder = stage.home.parent / "robot" / "robots" / "anna" / "snapshots"
    assert all(b"Kowalska" not in path.read_bytes() for path in folder.iterdir()), "encrypted"

    robot = stage.robot_starts()
    stage.until(lambda: value(robot) == "Mrs Kowalska", "the last snapshot")
    told = robot.profiles.set_fact(fact("address.form", "pani Hanno", "resident"))
    assert told.done() and told.result().sequence == 0
    assert value(robot) == "pani Hanno"
    stage.robot_stops()
    with ProfileStore(store_path(stage.home)) as store:  # meanwhile a carer edits the same at home
        store.set_fact(fact("address.form", "Hanna"))

    robot = stage.robot_starts()
    stage.until(lambda: value(robot) == "pani Hanno", "what was told, after another restart")
    stage.home_comes()
    stage.until(lambda: shelved(robot) == {"hanna": 4}, "both edits in one history")
    assert value(robot) == "pani Hanno", "the person's own word outranks the carer's"
    stage.home_goes()
    with ProfileStore(store_path(stage.home)) as store:
        assert [kept.value for kept in store.history("hanna", "address.form")] == [
            "Mrs Kowalska",
            "Hanna",
            "pani Hanno",
        ]


def test_an_erased_resident_goes_from_the_robots_disk_too(stage: Stage) -> None:
    stage.home_comes()
    robot = stage.robot_starts()
    stage.until(lambda: shelved(robot) == {"hanna": 2}, "the snapshot on the robot's own disk")
    stage.robot_stops()

    other = stage.robot_starts()  # the same robot; what it holds is known to the home before it is erased
    stage.until(other.erase.service_is_ready, "the service")
    call = other.erase.call_async(srv.EraseProfile.Request(resident_id="hanna", by="ann"))
    stage.until(call.done, "the erasure")
    assert call.result().success and "anna" in call.result().pending
    stage.until(lambda: shelved(other) == {}, "the robot's erasure")
    path = store_path(stage.home)
    stage.until(lambda: "anna" not in receipts_in(path)[0].pending, "the receipt")
    stage.until(lambda: other.profiles.profile("hanna") is None, "nothing to speak from")
