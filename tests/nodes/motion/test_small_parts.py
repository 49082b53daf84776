"""Docking, joints that do not move, backing off, frames."""

import math

import pytest

from nodes.base.pose import Frames, Pose
from nodes.motion.backing import BackingOff
from nodes.motion.docking import Docking
from nodes.motion.joints import Joints

HERE = Pose(1.0, 2.0, 0.0)


def test_docking_ends_when_the_battery_charges() -> None:
    docking = Docking(battery_tells=True)
    assert docking.step(HERE, False, 0.05) == 0.0
    assert docking.step(HERE, True, 0.05) == (True, "")


def test_docking_creeps_on_and_then_says_that_nothing_charges() -> None:
    docking, here = Docking(battery_tells=True), HERE
    doing = docking.step(here, False, 0.05)
    for _ in range(1000):
        if isinstance(doing, tuple):
            break
        here = Pose(here.x + doing * 0.05, here.y, 0.0)
        doing = docking.step(here, False, 0.05)
    assert isinstance(doing, tuple)
    assert not doing[0]
    assert "does not charge" in doing[1]
    assert here.x - HERE.x == pytest.approx(0.3, abs=0.02)


def test_without_word_of_the_battery_being_there_is_enough() -> None:
    assert Docking(battery_tells=False).step(HERE, False, 0.05) == (True, "")


def test_a_joint_that_stands_far_from_its_aim_is_stuck_and_one_on_its_way_is_not() -> None:
    joints = Joints()
    joints.aim({"HeadYaw": 1.0, "HipPitch": 0.0})
    for _ in range(40):
        joints.told({"HeadYaw": 0.0, "HipPitch": 0.0})
        stuck = joints.stuck(0.05)
    assert stuck == ("HeadYaw",)
    for step in range(40):
        joints.told({"HeadYaw": step / 40, "HipPitch": math.nan})
        stuck = joints.stuck(0.05)
    assert stuck == ()


def test_it_backs_off_the_way_it_came_after_letting_go() -> None:
    backing = BackingOff()
    backing.drove(0.3)
    speeds = [backing.speed(0.05) for _ in range(100)]
    assert speeds[0] == 0.0
    assert min(speeds) < 0.0
    assert max(speeds) == 0.0
    assert speeds[-1] == 0.0


def test_frames_hang_together_age_and_never_loop() -> None:
    frames = Frames()
    frames.put("odom", "map", Pose(1.0, 1.0, math.pi / 2), None)
    frames.put("base_link", "odom", Pose(2.0, 0.0, 0.0), 10.0)
    found = frames.find("base_link", "map", 10.5, 1.0)
    assert found is not None
    assert found.point == pytest.approx((1.0, 3.0))
    assert frames.find("base_link", "map", 12.0, 1.0) is None
    frames.put("odom", "map", Pose(math.nan, 0.0, 0.0), None)
    assert frames.find("odom", "map", 0.0, 0.0) == Pose(1.0, 1.0, math.pi / 2)
    frames.put("map", "base_link", Pose(0.0, 0.0, 0.0), None)
    assert frames.find("odom", "nowhere", 10.0, 1.0) is None
