"""Who walks, who steps back, and whose place is no longer known."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.base.pose import Pose
from nodes.motion.people import GOOD_FOR_S, People


def _seen(*poses: Pose, every_s: float = 0.1) -> People:
    people = People()
    for step, pose in enumerate(poses):
        people.seen("a", pose, step * every_s)
    return people


def test_a_walker_walks_and_a_sitter_does_not() -> None:
    walking = _seen(*(Pose(step * 0.08, 0.0, 0.0) for step in range(10)))
    assert walking.here(0.9)["a"].walks
    assert math.isclose(walking.here(0.9)["a"].velocity[0], 0.8, rel_tol=0.01)
    assert not _seen(*(Pose(1.0, 0.0, 0.0) for _ in range(10))).here(0.9)["a"].walks


def test_a_step_back_with_the_face_to_the_robot_is_unease() -> None:
    back = _seen(*(Pose(1.0 + step * 0.04, 0.0, math.pi) for step in range(8)))
    assert back.here(0.7)["a"].steps_back((0.0, 0.0))


def test_who_turns_and_walks_away_is_not_uneasy_nor_who_comes_or_leans() -> None:
    away = _seen(*(Pose(1.0 + step * 0.08, 0.0, 0.0) for step in range(8)))
    comes = _seen(*(Pose(3.0 - step * 0.08, 0.0, math.pi) for step in range(8)))
    leans = _seen(*(Pose(1.0 + 0.05 * (step % 2), 0.0, math.pi) for step in range(8)))
    for people in (away, comes, leans):
        assert not people.here(0.7)["a"].steps_back((0.0, 0.0))


def test_a_place_that_is_not_told_any_more_is_not_known() -> None:
    people = _seen(Pose(1.0, 0.0, 0.0))
    assert "a" in people.here(GOOD_FOR_S)
    assert "a" not in people.here(GOOD_FOR_S + 0.1)


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.floats(allow_nan=True, allow_infinity=True)] * 3, st.floats(0.0, 1e6)), max_size=20))
def test_no_place_and_no_jump_of_the_clock_breaks_it(told: list[tuple[float, float, float, float]]) -> None:
    people = People()
    for x, y, heading, now in told:
        people.seen("a", Pose(x, y, heading), now)
        for person in people.here(now).values():
            assert person.pose.finite
            person.steps_back((0.0, 0.0))
            assert not math.isnan(person.velocity[0])
