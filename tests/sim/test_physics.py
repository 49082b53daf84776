"""The simulated body in its world: how it moves, what it touches and sees, and above all how it stops."""

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from sim.embedded.battery import Battery
from sim.embedded.camera import Camera
from sim.embedded.lidar import Lidar
from sim.embedded.physics import Physics
from sim.worlds import sdf
from sim.worlds.description import World
from sim.worlds.looks import looks
from sim.worlds.placed import Placed


@cache
def care_home() -> World:
    return sdf.read(sdf.CARE_HOME)


@pytest.fixture
def physics() -> Physics:
    return Physics(care_home(), looks())


def drive(physics: Physics, speed: float, turn: float, seconds: float) -> float:
    """Commands at 20 Hz; returns when the last one was given."""
    start = physics.now_s
    for tick in range(round(seconds * 20)):
        physics.command(speed, turn, start + tick * 0.05)
    return start + (round(seconds * 20) - 1) * 0.05


def test_it_drives_as_told_once_it_is_up_to_speed(physics: Physics) -> None:
    drive(physics, 0.4, 0.0, 1.0)
    before = physics.odometry
    drive(physics, 0.4, 0.0, 1.0)
    assert physics.odometry.x_m - before.x_m == pytest.approx(0.4 * 0.95, abs=0.02)
    assert (physics.odometry.y_m, physics.odometry.heading_rad) == (
        pytest.approx(0.0, abs=1e-6),
        pytest.approx(0, abs=1e-6),
    )
    assert physics.driven_m == pytest.approx(physics.odometry.x_m, abs=0.01)


def test_it_turns_on_the_spot_counter_clockwise(physics: Physics) -> None:
    drive(physics, 0.0, 1.0, 1.0)
    assert 0.6 < physics.odometry.heading_rad < 1.0
    assert math.hypot(physics.odometry.x_m, physics.odometry.y_m) < 0.001


@settings(max_examples=15, deadline=None)
@given(speed=st.floats(-1.0, 1.0), turn=st.floats(-3.0, 3.0), late=st.floats(0.25, 5.0))
def test_it_stands_still_250_ms_after_the_last_command_however_late_it_is_looked_at(
    speed: float, turn: float, late: float
) -> None:
    seen, unseen = Physics(care_home(), looks()), Physics(care_home(), looks())
    last = drive(seen, speed, turn, 0.5)
    drive(unseen, speed, turn, 0.5)
    seen.advance(last + 0.25)
    stood = seen.odometry
    assert (stood.speed_m_s, stood.turn_rad_s) == (0.0, 0.0)
    seen.advance(last + late)
    unseen.advance(last + late)
    assert seen.odometry == stood
    assert unseen.odometry.x_m == pytest.approx(stood.x_m, abs=0.005)


def test_it_never_moves_before_the_first_command_and_then_costs_nothing(physics: Physics) -> None:
    physics.advance(2.0)
    assert (physics.odometry.x_m, physics.driven_m) == (0.0, pytest.approx(0.0, abs=1e-9))
    assert not physics.moving


@pytest.mark.parametrize("bad", [(math.nan, 0.0), (0.0, math.inf), (-math.inf, math.nan)])
def test_a_velocity_that_is_no_number_stops_it(physics: Physics, bad: tuple[float, float]) -> None:
    last = drive(physics, 0.5, 0.0, 1.0)
    with pytest.raises(ValueError, match="not a number"):
        physics.command(*bad, last)
    physics.advance(last + 0.1)
    assert physics.odometry.speed_m_s == 0.0


@settings(max_examples=20, deadline=None)
@given(speed=st.floats(-100, 100), turn=st.floats(-100, 100))
def test_wheels_have_a_top_speed(speed: float, turn: float) -> None:
    physics = Physics(care_home(), looks())
    drive(physics, speed, turn, 0.3)
    wheels = physics.odometry
    assert abs(wheels.speed_m_s) + abs(wheels.turn_rad_s) * 0.2 <= 0.56


def test_a_wall_stops_it_and_the_bumper_tells_until_it_has_left(physics: Physics) -> None:
    while not physics.bumped and physics.now_s < 20.0:
        drive(physics, -0.5, 0.0, 0.1)
    assert physics.bumped
    stuck = physics.base
    drive(physics, -0.5, 0.0, 1.0)
    assert math.dist((physics.base.x_m, physics.base.y_m), (stuck.x_m, stuck.y_m)) < 0.05
    assert physics.bumped
    drive(physics, 0.5, 0.0, 0.6)
    assert not physics.bumped


def test_a_clock_that_goes_back_or_jumps_moves_nothing(physics: Physics) -> None:
    last = drive(physics, 0.5, 0.0, 1.0)
    physics.advance(last + 0.25)
    stood = physics.odometry
    physics.advance(last - 100.0)
    physics.advance(last + 10_000.0)
    assert physics.odometry == stood


def test_arms_and_head_make_the_gesture_and_keep_within_their_limits(physics: Physics) -> None:
    physics.aim({"HeadYaw": 0.5, "HipPitch": -0.26, "RShoulderPitch": -0.4, "LElbowRoll": -9.0})
    physics.advance(1.0)
    physics.advance(2.0)
    angles = dict(zip(physics.joint_names, physics.joints()[0], strict=True))
    assert angles["HeadYaw"] == pytest.approx(0.5, abs=0.02)
    assert angles["RShoulderPitch"] == pytest.approx(-0.4, abs=0.02)
    assert angles["LElbowRoll"] == pytest.approx(-1.56, abs=0.03)
    x, _, z = physics.site("microphone")
    assert x > physics.base.x_m + 0.1  # a bow leans forward
    assert 1.0 < z < 1.3
    assert not physics.moving


@pytest.mark.parametrize("targets", [{"HeadYaw": math.nan}, {"HeadYaw": 0.3, "Tail": 1.0}])
def test_targets_that_make_no_sense_move_nothing(physics: Physics, targets: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"number|joint"):
        physics.aim(targets)
    physics.advance(0.5)
    assert physics.joints()[0][physics.joint_names.index("HeadYaw")] == pytest.approx(0.0, abs=0.001)


def test_the_lidar_sees_walls_furniture_and_people_at_their_distance_and_not_the_robot(physics: Physics) -> None:
    lidar = Lidar(physics.compiled.sensors["gpu_lidar"][1])
    ahead = round(-lidar.angle_min / lidar.angle_step)
    assert lidar.scan(physics)[ahead] == math.inf  # through the opening: nothing within reach
    physics.place("hanna", Placed(physics.base.x_m + 1.5, physics.base.y_m, math.pi))
    scan = lidar.scan(physics)
    assert scan[ahead] == pytest.approx(1.5 - 0.15, abs=0.05)
    assert scan.min() > 0.3
    physics.place("hanna", Placed(physics.base.x_m, physics.base.y_m + 1.5, math.pi))
    assert lidar.scan(physics)[ahead + round(math.pi / 2 / lidar.angle_step)] == pytest.approx(1.35, abs=0.05)


def test_the_camera_sees_a_face_where_somebody_looks_at_the_robot(physics: Physics) -> None:
    camera = Camera(physics, physics.compiled.sensors["camera"][1])
    try:
        empty = camera.picture().astype(int)
        placed = Placed(physics.base.x_m + 1.3, physics.base.y_m, math.pi)
        physics.place("hanna", placed)
        towards = camera.picture().astype(int)
        physics.place("hanna", Placed(placed.x_m, placed.y_m, 0.0))
        away = camera.picture().astype(int)
    finally:
        camera.close()
    middle = slice(120, 200)
    assert np.abs(towards - empty)[:, middle].mean() > 20
    face = np.abs(towards - away)[:120, middle].mean()
    assert face > 3  # from behind there is no face
    assert np.abs(towards - away)[:, :40].mean() < 1  # and nothing else has changed


def test_a_voice_fades_with_distance_and_behind_walls(physics: Physics) -> None:
    physics.place("hanna", Placed(physics.base.x_m + 1.0, physics.base.y_m, math.pi))
    near, blocked = physics.heard_from("hanna")
    assert near == pytest.approx(1.05, abs=0.1)
    assert not blocked
    physics.place("hanna", Placed(14.0, 9.5, 0.0))
    far, blocked = physics.heard_from("hanna")
    assert far > 10
    assert blocked
    assert physics.heard_from("somebody_else") == (0.0, False)


def test_a_world_without_the_robot_is_told_in_one_line() -> None:
    world = care_home()
    without = World(
        world.name,
        world.step_s,
        tuple(each for each in world.models if each.uri != "kith_robot"),
        world.frames,
        (),
    )
    with pytest.raises(KithError, match=r"has no robot: it must include model://kith_robot once"):
        Physics(without, looks())


def test_somebody_placed_nowhere_stays_where_they_were(physics: Physics) -> None:
    before: Any = physics.people["hanna"]
    with pytest.raises(ValueError, match="not a number"):
        physics.place("hanna", Placed(math.nan, 0.0, 0.0))
    assert physics.people["hanna"] == before


def test_the_battery_empties_with_time_and_way_and_never_below_nothing() -> None:
    battery = Battery(0.5, lasts_hours=8.0)
    battery.until(3600.0, 0.0, on_dock=False)
    assert battery.charge == pytest.approx(0.375)
    battery.until(3600.0, 200.0, on_dock=False)
    assert battery.charge == pytest.approx(0.365)
    battery.until(7200.0, 200.0, on_dock=True)
    assert battery.charging
    assert battery.charge == pytest.approx(0.74)
    battery.until(1e6, 200.0, on_dock=False)
    assert battery.charge == 0.0
    assert battery.voltage == 22.0
