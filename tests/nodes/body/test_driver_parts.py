"""The plain logic of bodies over drivers: wheels, scans, pictures, joints, what floods and what falls silent."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sensor_msgs.msg import BatteryState

from culture_profiles.errors import KithError
from nodes.body import battery, frames
from nodes.body.inlet import Inlet
from nodes.body.joints import Joints, Limit
from nodes.body.pictures import colours
from nodes.body.robot_voice import WordsWay, estimate_s, sentences
from nodes.body.scans import Cone, all_round, cleaned
from nodes.body.watchdog import SILENCE_S
from nodes.body.wheels import STILL, Velocity, Wheels

_TICK_S = 0.02


@given(
    st.lists(
        st.tuples(
            st.floats(0.0, 2.0),
            st.sampled_from([Velocity(0.5), Velocity(turn=1.0), STILL, Velocity(math.nan), Velocity(0.2, math.inf)]),
        ),
        max_size=30,
    )
)
def test_whatever_is_commanded_the_base_is_told_to_stand_within_its_silence(
    commands: list[tuple[float, Velocity]],
) -> None:
    wheels, told, now = Wheels(), STILL, 0.0
    last_moving = -math.inf
    for gap, command in commands:
        until = now + gap
        while now < until:
            now += _TICK_S
            said = wheels.due(now)
            told = told if said is None else said
            assert told == STILL or now - last_moving <= SILENCE_S + _TICK_S
        told = wheels.command(command, now)
        assert told.finite
        if told != STILL:
            last_moving = now
    for _ in range(60):
        now += _TICK_S
        said = wheels.due(now)
        told = told if said is None else said
    assert told == STILL
    assert not wheels.driving


def test_a_standstill_is_repeated_for_a_base_that_missed_it() -> None:
    wheels = Wheels()
    wheels.command(Velocity(0.5), 0.0)
    zeros = [now / 100 for now in range(200) if wheels.due(now / 100) == STILL]
    assert SILENCE_S <= zeros[0] <= SILENCE_S + 0.02
    assert len(zeros) > 10
    assert zeros[-1] < SILENCE_S + 1.1  # and then it is quiet


@given(st.lists(st.floats(0.0, 0.5), max_size=200), st.floats(1.0, 100.0))
def test_a_flood_is_thinned_to_the_rate_that_is_wanted(gaps: list[float], rate: float) -> None:
    inlet, now, taken = Inlet(rate), 0.0, 0
    for gap in gaps:
        now += gap
        taken += inlet.take(now)
    assert taken <= now * rate + 2


@given(st.lists(st.floats(width=32), min_size=1, max_size=100))
def test_a_scan_is_made_of_distances_or_is_not_believed(ranges: list[float]) -> None:
    made = cleaned(np.array(ranges, np.float32), 0.1, 8.0)
    if made is None:
        return
    assert not np.isnan(made).any()
    assert (made >= np.float32(0.1)).all()
    assert (np.isinf(made) | (made <= np.float32(8.0))).all()


def test_a_hole_in_a_scan_may_hide_what_its_neighbours_see() -> None:
    made = cleaned(np.array([3.0, math.nan, 1.0, 0.0, 9.0, 0.05], np.float32), 0.1, 8.0)
    assert made is not None
    assert made.tolist() == pytest.approx([3.0, 1.0, 1.0, math.inf, math.inf, 0.1])
    assert cleaned(np.array([math.nan, math.nan, 1.0], np.float32), 0.1, 8.0) is None
    assert cleaned(np.array([0.0, -1.0], np.float32), 0.1, 8.0) is None


def test_a_sonar_counts_only_where_it_looks_and_when_it_meets_something() -> None:
    turn = all_round(np.full(181, 4.0, np.float32), -math.pi / 2, math.pi / 180, (Cone(math.pi, 0.5, 0.7, 2.5),))
    assert turn[180] == pytest.approx(4.0)  # ahead
    assert turn[0] == pytest.approx(0.7)  # behind
    assert math.isinf(turn[50])
    assert not Cone(0.0, 0.5, math.nan, 2.5).met
    assert not Cone(0.0, 0.5, 2.5, 2.5).met


@pytest.mark.parametrize(
    ("encoding", "channels", "made"), [("rgb8", 3, "rgb8"), ("bgra8", 4, "bgr8"), ("mono8", 1, "rgb8")]
)
def test_pictures_become_three_bytes_a_pixel(encoding: str, channels: int, made: str) -> None:
    step = 4 * channels + 3  # rows may be padded
    told, pixels = colours(bytes(range(2 * step)), 2, 4, step, encoding)
    assert told == made
    assert pixels.shape == (2, 4, 3)
    assert pixels[1, 0, 0] == step
    with pytest.raises(ValueError, match="cut off"):
        colours(b"123", 2, 4, step, encoding)
    with pytest.raises(ValueError, match="set the camera to rgb8"):
        colours(b"", 2, 4, step, "yuv422")


def test_joints_stop_at_their_ends_and_late_ones_are_named() -> None:
    joints = Joints({"HeadYaw": Limit(-2.0, 2.0, 7.0), "HeadPitch": Limit(-0.7, 0.4, 7.0)})
    assert joints.aim({"HeadYaw": 9.0, "HeadPitch": 0.1}, 0.0) == {"HeadYaw": 2.0, "HeadPitch": 0.1}
    for bad in ({"Tail": 0.0}, {"HeadYaw": math.nan}):
        with pytest.raises(ValueError, match=r"joint called|not a number"):
            joints.aim(bad, 0.0)
    joints.told({"HeadYaw": 0.0, "HeadPitch": 0.1}, 0.5)
    assert joints.late(2.0) == []
    joints.told({"HeadYaw": 0.0, "HeadPitch": 0.1}, 4.0)
    assert joints.late(4.0) == ["HeadYaw"]
    joints.told({"HeadYaw": 1.95, "HeadPitch": 0.1}, 5.0)
    assert joints.late(9.0) == []


@pytest.mark.parametrize(("told", "known"), [(0.5, 0.5), (80.0, 0.8), (100.0, 1.0), (math.nan, None), (-1.0, None)])
def test_a_battery_is_a_fraction_or_nothing(told: float, known: float | None) -> None:
    made = battery.believed(BatteryState(percentage=told))
    assert (made.percentage if made else None) == (pytest.approx(known) if known is not None else None)


def test_poses_are_six_numbers() -> None:
    assert frames.place("1 2 3 0 0 3.14159265").rotation == pytest.approx((0.0, 0.0, 1.0, 0.0), abs=1e-6)
    for bad in ("", "1 2 3", "1 2 3 4 5 x", "1 2 3 4 5 nan"):
        with pytest.raises(KithError, match="laser_pose is"):
            frames.place(bad, "laser_pose")


def test_words_are_said_sentence_by_sentence_and_take_time() -> None:
    assert sentences("Good morning. How are you?  ") == ["Good morning.", "How are you?"]
    assert estimate_s("one two three four", 120.0) > estimate_s("one two", 120.0) > 1.0
    assert estimate_s("おはようございます", 120.0) > 1.5
    way = WordsWay(8000, 120.0, 0.0)
    way.queue.add("u", np.full(800, 500, np.int16), 8000, 1, True)
    said, ended = [], []
    for tick in range(400):
        now = tick * 0.02
        said += [(round(now, 2), each) for each in way.due(now)]
        happened = way.events()
        ended += [each.happened.value for each in happened]
        if "started" in [each.happened.value for each in happened]:
            way.words("u", "One word. Two words more.", now)
    assert [each for _, each in said] == ["One word.", "Two words more."]
    assert said[1][0] - said[0][0] == pytest.approx(estimate_s("One word.", 120.0), abs=0.05)
    assert ended == ["started", "finished"]
