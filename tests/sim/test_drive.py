"""The simulated base: how it moves, and above all how it stops."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.embedded.battery import Battery
from sim.embedded.drive import Drive


def test_it_drives_as_told() -> None:
    drive = Drive(0.0)
    for tick in range(20):
        drive.command(0.5, 0.0, tick * 0.05)
    drive.advance(1.0)
    assert drive.pose.x_m == pytest.approx(0.5)
    assert (drive.pose.y_m, drive.pose.heading_rad) == (0.0, 0.0)


def test_it_turns_on_the_spot_counter_clockwise() -> None:
    drive = Drive(0.0)
    for tick in range(10):
        drive.command(0.0, math.pi / 2, tick * 0.1)
    drive.advance(1.0)
    assert drive.pose.heading_rad == pytest.approx(math.pi / 2, abs=1e-6)
    assert math.hypot(drive.pose.x_m, drive.pose.y_m) == pytest.approx(0.0, abs=1e-9)


@given(late=st.floats(0.25, 5.0), ticks=st.integers(1, 50))
def test_it_stands_still_250_ms_after_the_last_command_however_late_it_is_looked_at(late: float, ticks: int) -> None:
    drive = Drive(0.0)
    drive.command(0.5, 0.0, 0.0)
    for tick in range(1, ticks + 1):
        drive.advance(late * tick / ticks)
    assert drive.pose.x_m == pytest.approx(0.5 * 0.25, abs=1e-6)
    assert drive.speed_m_s == 0.0


def test_it_never_moves_before_the_first_command() -> None:
    drive = Drive(0.0)
    drive.advance(10.0)
    assert drive.pose.x_m == drive.driven_m == 0.0


@pytest.mark.parametrize("bad", [(math.nan, 0.0), (0.0, math.inf), (-math.inf, math.nan)])
def test_a_velocity_that_is_no_number_stops_it(bad: tuple[float, float]) -> None:
    drive = Drive(0.0)
    drive.command(0.5, 0.0, 0.0)
    with pytest.raises(ValueError, match="not a number"):
        drive.command(*bad, 0.1)
    drive.advance(0.2)
    assert drive.pose.x_m == pytest.approx(0.05)


@given(speed=st.floats(-100, 100), turn=st.floats(-100, 100))
def test_wheels_have_a_top_speed_and_the_curve_stays_the_same(speed: float, turn: float) -> None:
    drive = Drive(0.0)
    drive.command(speed, turn, 0.0)
    drive.advance(0.1)
    assert abs(drive.speed_m_s) + abs(drive.turn_rad_s) * 0.2 <= 0.55 + 1e-6
    assert drive.speed_m_s * turn == pytest.approx(drive.turn_rad_s * speed, abs=1e-6)


def test_the_bumper_tells_of_a_wall_and_the_base_stays_in_the_room() -> None:
    drive = Drive(0.0)
    now = 0.0
    while not drive.bumped and now < 20.0:
        drive.command(0.5, 0.0, now)
        now += 0.05
        drive.advance(now)
    assert drive.pose.x_m == pytest.approx(4.0 - 0.28)
    assert drive.bumped
    drive.advance(now + 1.0)
    assert drive.bumped  # it still touches
    drive.command(-0.5, 0.0, now + 1.0)
    drive.advance(now + 1.2)
    assert not drive.bumped
    assert drive.pose.x_m == pytest.approx(4.0 - 0.28 - 0.1)


def test_the_battery_empties_with_time_and_way_and_never_below_nothing() -> None:
    battery = Battery(charge_at_start=0.5, lasts_hours=8.0)
    assert battery.charge(3600.0, 0.0) == pytest.approx(0.375)
    assert battery.charge(0.0, 200.0) == pytest.approx(0.49)
    assert battery.charge(1e6, 0.0) == 0.0
    assert battery.voltage(0.0) == 22.0
