"""What may reach the wheels."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.safety.gate import Gate, Halt, Limits, Velocity
from nodes.safety.held import HeldStop

LIMITS = Limits(speed=0.5, turn=1.0)


def _driving(at: float = 0.0) -> Gate:
    gate = Gate(LIMITS)
    gate.body(at)
    gate.request(Velocity(0.3), at)
    return gate


def test_nothing_moves_before_the_body_is_heard() -> None:
    gate = Gate(LIMITS)
    gate.request(Velocity(0.3), 0.0)
    assert (gate.now(0.0), gate.halt(0.0)) == (Velocity(), Halt.NO_BODY)
    gate.body(0.0)
    assert gate.now(0.0) == Velocity(0.3)


def test_silence_of_200_ms_stops() -> None:
    gate = _driving()
    assert gate.now(0.2) == Velocity(0.3)
    assert (gate.now(0.21), gate.halt(0.21)) == (Velocity(), Halt.SILENCE)


def test_a_body_that_falls_silent_stops() -> None:
    gate = _driving()
    gate.request(Velocity(0.3), 1.1)
    assert gate.halt(1.1) is Halt.NO_BODY


def test_a_bump_stops_until_whoever_drives_lets_go() -> None:
    gate = _driving()
    gate.bumper(True)
    assert gate.halt(0.0) is Halt.BUMPER
    gate.bumper(False)
    gate.request(Velocity(0.3), 0.1)
    assert gate.halt(0.1) is Halt.BUMPER
    gate.request(Velocity(), 0.15)
    gate.request(Velocity(0.3), 0.2)
    assert gate.now(0.2) == Velocity(0.3)


def test_stopped_by_hand_stays_stopped(tmp_path: Path) -> None:
    gate = _driving()
    gate.stopped = True
    assert gate.halt(0.0) is Halt.STOPPED
    held = HeldStop(tmp_path / "robots" / "robot" / "stopped")
    assert not held.read()
    held.write(True)
    assert held.read()
    held.write(False)
    assert not held.read()


def test_the_direction_is_kept_when_the_speed_is_cut() -> None:
    gate = _driving()
    gate.request(Velocity(3.0, 4.0, -9.0), 0.0)
    allowed = gate.now(0.0)
    assert math.hypot(allowed.x, allowed.y) == pytest.approx(0.5)
    assert allowed.y / allowed.x == pytest.approx(4 / 3)
    assert allowed.turn == -1.0


_numbers = st.floats(allow_nan=True, allow_infinity=True)


@given(_numbers, _numbers, _numbers)
def test_no_request_ever_moves_it_faster_than_allowed(x: float, y: float, turn: float) -> None:
    gate = _driving()
    gate.request(Velocity(x, y, turn), 0.0)
    allowed = gate.now(0.0)
    assert allowed.finite
    assert math.hypot(allowed.x, allowed.y) <= 0.5 + 1e-9
    assert abs(allowed.turn) <= 1.0
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(turn)):
        assert allowed.still
