"""What the laser scanner says to moving: how fast, and when it cannot be believed."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.base.pose import Pose
from nodes.safety.gate import Gate, Halt, Limits, Velocity
from nodes.safety.scanner import RADIUS_M, Scanner, Turn

COUNT = 360
_chance = np.random.default_rng(1)


def _turn(met: dict[int, float] | None = None, stamp_s: float = 0.0, noise_m: float = 0.01, far: float = 5.0) -> Turn:
    """Something at `far` all around, and what is met at some degrees."""
    ranges = np.full(COUNT, far) + _chance.normal(0.0, noise_m, COUNT)
    for degrees, distance in (met or {}).items():
        ranges[degrees % COUNT] = distance
    return Turn(ranges, 0.0, 2 * math.pi / COUNT, 0.3, 10.0, stamp_s)


def _fastest(met: dict[int, float], x: float = 0.5) -> float:
    scanner = Scanner()
    scanner.turn(_turn(met), 0.0)
    return scanner.fastest(x, 0.0)


def test_the_nearer_something_is_ahead_the_slower_it_may_go() -> None:
    speeds = [_fastest({0: far}) for far in (3.0, 1.5, 0.8, 0.5, 0.34)]
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[0] > 0.5
    assert 0.0 < speeds[2] <= 0.25
    assert speeds[-1] == 0.0


def test_what_is_behind_or_beside_does_not_hold_it() -> None:
    assert _fastest({180: 0.35}) > 0.5
    assert _fastest({90: 0.6, 270: 0.6}) > 0.5
    assert _fastest({180: 0.34}, x=-0.5) == 0.0


@settings(deadline=None)
@given(st.floats(0.3, 3.0), st.integers(-30, 30))
def test_from_any_speed_allowed_it_stands_before_it_touches(far: float, degrees: int) -> None:
    speed = _fastest({degrees: far})
    along = far * math.cos(math.radians(degrees))
    beside = abs(far * math.sin(math.radians(degrees)))
    if beside >= RADIUS_M or speed == 0.0:
        return
    free = along - math.sqrt(RADIUS_M**2 - beside**2)
    assert min(speed, 0.5) * 0.25 + min(speed, 0.5) ** 2 / 1.2 <= free  # the watchdog's 250 ms, then braking


def _limits(scanner: Scanner, moved: Pose) -> str:
    scanner.moved(Pose(0.0, 0.0, 0.0))
    scanner.moved(moved)
    return scanner.trouble(0.5)


def test_a_frozen_scanner_is_found_out_when_the_robot_moves() -> None:
    scanner, same = Scanner(), _turn()
    for step in range(10):
        scanner.turn(Turn(same.ranges.copy(), 0.0, same.angle_step, 0.3, 10.0, step * 0.1), 0.5)
    assert scanner.trouble(0.5) == ""  # a quiet room before a scanner without noise
    assert "frozen" in _limits(scanner, Pose(0.2, 0.0, 0.0))
    scanner.turn(_turn(stamp_s=2.0), 0.5)
    assert scanner.trouble(0.5) == ""  # it has recovered


def test_a_stamp_that_stands_is_frozen_too_and_one_that_jumps_is_not() -> None:
    scanner = Scanner()
    for _ in range(10):
        scanner.turn(_turn(stamp_s=7.0), 0.5)
    assert "frozen" in scanner.trouble(0.5)
    for stamp in (1e9, 3.0, -5.0):
        scanner.turn(_turn(stamp_s=stamp), 0.5)
        assert scanner.trouble(0.5) == ""


def test_silence_and_errors_stop_and_their_end_frees() -> None:
    scanner = Scanner()
    assert scanner.trouble(100.0) == ""  # a body without one
    scanner.turn(_turn(), 0.0)
    assert "silent" in scanner.trouble(1.0)
    scanner.turn(Turn(np.full(COUNT, math.nan), 0.0, 0.01, 0.3, 10.0, 0.0), 1.0)
    assert "errors" in scanner.trouble(1.0)
    scanner.turn(_turn(stamp_s=1.0), 1.1)
    assert scanner.trouble(1.1) == ""


def test_single_errors_are_no_reason_to_stop_and_too_near_to_measure_is() -> None:
    assert _fastest(dict.fromkeys(range(20, 60), math.nan)) > 0.5
    assert _fastest({0: -math.inf}) == 0.0


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=50), st.floats(-1, 1), st.floats(-1, 1))
def test_no_scan_breaks_it_or_lets_it_go_faster_than_allowed(ranges: list[float], x: float, y: float) -> None:
    gate = Gate(Limits(speed=0.5))
    gate.scanner.turn(Turn(np.array(ranges, np.float64), 0.0, 0.1, 0.3, 10.0, 0.0), 0.0)
    gate.body(0.0)
    gate.request(Velocity(x, y), 0.0)
    allowed = gate.now(0.0)
    assert allowed.finite
    assert math.hypot(allowed.x, allowed.y) <= 0.5 + 1e-9


def test_the_gate_stands_still_with_a_scanner_that_fell_silent() -> None:
    gate = Gate(Limits())
    gate.scanner.turn(_turn(), 0.0)
    gate.body(1.0)
    gate.request(Velocity(0.3), 1.0)
    assert gate.halt(1.0) is Halt.LIDAR


def test_without_a_scanner_it_goes_slowly() -> None:
    gate = Gate(Limits(without_lidar=0.2))
    gate.body(0.0)
    gate.request(Velocity(0.5), 0.0)
    assert gate.now(0.0).x == pytest.approx(0.2)


def test_a_scanner_that_is_mounted_turned_is_understood() -> None:
    scanner = Scanner()
    scanner.mounted = Pose(0.1, 0.0, math.pi)
    scanner.turn(_turn({180: 0.35}), 0.0)
    assert scanner.fastest(0.5, 0.0) < 0.2
    assert scanner.fastest(-0.5, 0.0) > 0.5
