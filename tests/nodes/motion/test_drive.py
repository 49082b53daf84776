"""Driving on odometry, against a base that does what it is told."""

import math
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.motion.drive import Drive, Manner, Pose, turned

STEP = 0.05
MANNER = Manner()


def _drive(here: Pose, goal: Pose, *, stuck_after: int | None = None) -> tuple[Pose, bool, list[tuple[float, float]]]:
    drive, commands = Drive(goal, MANNER, give_up_after_s=8.0), []
    for count in range(20 * 240):
        wanted = drive.step(here, STEP)
        if wanted is None:
            return here, True, commands
        if drive.stuck:
            return here, False, commands
        commands.append(wanted)
        if stuck_after is None or count < stuck_after:
            forward, turn = wanted
            heading = turned(here.heading + turn * STEP)
            here = Pose(
                here.x + forward * math.cos(heading) * STEP, here.y + forward * math.sin(heading) * STEP, heading
            )
    raise AssertionError("neither arrived nor gave up")


_coordinates = st.floats(-6, 6)
_headings = st.floats(-math.pi, math.pi)
_poses = st.builds(Pose, _coordinates, _coordinates, _headings)


@given(_poses, _poses)
@settings(max_examples=100, deadline=None)
def test_it_arrives_gently_from_anywhere(here: Pose, goal: Pose) -> None:
    there, arrived, commands = _drive(here, goal)
    assert arrived
    assert math.hypot(there.x - goal.x, there.y - goal.y) < 0.16
    assert abs(turned(there.heading - goal.heading)) < 0.06
    speeds = [0.0, *(forward for forward, _ in commands)]
    assert all(0 <= speed <= MANNER.speed for speed in speeds)
    assert all(later - sooner <= MANNER.speed_up * STEP + 1e-9 for sooner, later in pairwise(speeds))
    assert all(abs(turn) <= MANNER.turn for _, turn in commands)


def test_it_gives_up_when_it_comes_no_nearer() -> None:
    _, arrived, commands = _drive(Pose(0, 0, 0), Pose(3, 0, 0), stuck_after=40)
    assert not arrived
    assert len(commands) * STEP < 15
