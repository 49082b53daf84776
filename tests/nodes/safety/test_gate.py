"""What may reach the wheels."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.base.pose import Pose
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


@pytest.mark.parametrize("sense", ["cliff", "touched"])
def test_an_edge_or_a_hand_on_the_head_stops_until_whoever_drives_lets_go(sense: str) -> None:
    gate = _driving()
    getattr(gate, sense)(True)
    assert gate.now(0.0).still
    getattr(gate, sense)(False)
    assert gate.now(0.0).still
    gate.request(Velocity(), 0.05)
    gate.request(Velocity(0.3), 0.1)
    assert gate.now(0.1) == Velocity(0.3)


def test_from_what_the_bumper_has_met_it_may_only_go_back_slowly_and_after_letting_go() -> None:
    gate = _driving()
    gate.bumper(True)
    gate.request(Velocity(-0.3), 0.05)
    assert gate.now(0.05).still
    gate.request(Velocity(), 0.1)
    gate.request(Velocity(0.3), 0.15)
    assert gate.now(0.15).still
    gate.request(Velocity(-0.3, 0.0, 0.5), 0.2)
    assert gate.now(0.2).still
    gate.request(Velocity(-0.3), 0.25)
    assert gate.now(0.25) == Velocity(-0.1)
    gate.bumper(False)
    gate.request(Velocity(), 0.3)
    gate.request(Velocity(0.3), 0.35)
    assert gate.now(0.35) == Velocity(0.3)


def test_a_stop_button_that_falls_silent_counts_as_pressed() -> None:
    gate = _driving()
    gate.button(False, 0.0)
    assert gate.halt(0.1) is None
    gate.button(True, 0.1)
    assert gate.halt(0.1) is Halt.BUTTON
    gate.button(False, 0.2)
    assert gate.halt(0.2) is None
    gate.request(Velocity(0.3), 3.0)
    gate.body(3.0)
    assert gate.halt(3.0) is Halt.BUTTON


def test_a_low_battery_slows_and_an_empty_one_stops_unless_it_charges() -> None:
    gate = _driving()
    gate.battery(math.nan, charging=False)
    assert gate.now(0.0) == Velocity(0.3)
    gate.battery(0.08, charging=False)
    assert gate.now(0.0) == Velocity(0.2)
    gate.battery(0.02, charging=False)
    assert gate.halt(0.0) is Halt.BATTERY
    gate.battery(0.02, charging=True)
    assert gate.halt(0.0) is None


def test_a_body_whose_place_is_no_number_gives_no_sign_of_life() -> None:
    gate = Gate(LIMITS)
    gate.request(Velocity(0.3), 0.0)
    gate.body(0.0, Pose(math.nan, 0.0, 0.0))
    assert gate.halt(0.0) is Halt.NO_BODY
    gate.body(0.0, Pose(1.0, 0.0, 0.0))
    assert gate.halt(0.0) is None


def test_a_clock_that_jumps_back_stops() -> None:
    gate = _driving(100.0)
    assert gate.halt(50.0) is not None
