"""Coming near a person: how near, from where, and not at all when they are uneasy."""

import math

import pytest

from nodes.base.pose import Pose
from nodes.motion.approaching import NEAREST_M, TOLERANCE_M, Approach, Doing, Ended, Wish, polite
from nodes.motion.drive import Manner
from nodes.motion.planner import Planner
from nodes.motion.travelling import Around
from tests.nodes.motion.floors import care_home, drawn
from tests.nodes.motion.stroll import Stroll, stays

HOME = Planner(care_home())


def _approach(wish: Wish, give_up_after_s: float = 30.0) -> Approach:
    return Approach(HOME, "a", wish, polite(Manner(speed=0.4)), give_up_after_s=give_up_after_s)


def _over(doing: Doing) -> bool:
    return doing.ended is not None


@pytest.mark.parametrize("wanted", [0.9, 1.2, 1.6])
def test_it_stops_before_the_person_at_the_distance_they_want_and_faces_them(wanted: float) -> None:
    stroll = Stroll(Pose(4.5, 3.0, 0.0), a=stays(0.7, 3.6))
    assert stroll.until(_approach(Wish(wanted)).step, _over, 60.0).ended is Ended.ARRIVED
    place = stroll.here
    assert math.dist(place.point, (0.7, 3.6)) == pytest.approx(wanted, abs=0.2)
    assert stroll.nearest["a"] >= wanted - TOLERANCE_M - 0.02
    assert abs(math.atan2(place.y - 3.6, place.x - 0.7)) < 0.7  # before them, not beside them
    facing = math.atan2(3.6 - place.y, 0.7 - place.x) - place.heading
    assert abs(math.atan2(math.sin(facing), math.cos(facing))) < 0.15


def test_it_comes_from_the_side_that_they_want() -> None:
    stroll = Stroll(Pose(4.5, 3.0, 0.0), a=stays(5.5, 4.0, -math.pi / 2))
    assert stroll.until(_approach(Wish(1.2, "left")).step, _over, 60.0).ended is Ended.ARRIVED
    assert stroll.here.x > 5.9  # they look down the map: their left is to the right of it


def test_it_goes_round_who_has_their_back_to_it() -> None:
    stroll = Stroll(Pose(3.0, 3.0, 0.0), a=stays(5.0, 3.0, 0.0))
    assert stroll.until(_approach(Wish(1.1)).step, _over, 60.0).ended is Ended.ARRIVED
    assert stroll.here.x > 5.0
    assert stroll.nearest["a"] >= 1.1 - TOLERANCE_M - 0.02


def test_where_it_does_not_get_through_it_stays_in_sight_of_who_has_just_stood_still() -> None:
    walled, open_ = "#" + " " * 39 + "##" + " " * 17 + "#", "#" + " " * 58 + "#"
    floor = drawn("#" * 60, *[walled] * 17, *[open_] * 4, *[walled] * 17, "#" * 60)  # a gap of 40 cm

    def walks(now: float) -> Pose:
        return Pose(4.4 + 0.3 * now, 2.0, 0.0) if now < 3.0 else Pose(5.3, 2.0, math.pi)

    stroll = Stroll(Pose(1.0, 2.0, 0.0), a=walks)
    approach = Approach(Planner(floor), "a", Wish(0.9), polite(Manner(speed=0.4)), give_up_after_s=30.0)
    assert stroll.until(approach.step, _over, 90.0).ended is Ended.ARRIVED
    assert stroll.here.x < 4.0


@pytest.mark.parametrize("asked", [0.1, -3.0, math.nan, math.inf])
def test_a_wish_without_sense_brings_it_no_nearer_than_is_decent(asked: float) -> None:
    assert Wish(asked).wanted_m >= NEAREST_M


def test_a_raised_hand_stops_it() -> None:
    stroll = Stroll(Pose(4.5, 3.0, 0.0), a=stays(0.7, 3.6))
    approach = _approach(Wish(1.0))

    def step(around: Around, elapsed_s: float) -> Doing:
        approach.hand_raised = approach.distance(around) < 2.5
        return approach.step(around, elapsed_s)

    doing = stroll.until(step, _over, 60.0)
    assert (doing.ended, doing.speed, doing.turn) == (Ended.UNEASY, 0.0, 0.0)
    assert math.dist(stroll.here.point, (0.7, 3.6)) > 2.3
    assert "raised a hand" in doing.line


def test_a_step_back_stops_it() -> None:
    stroll = Stroll(Pose(6.5, 3.0, math.pi))
    near_at: list[float] = []

    def shrinks(now: float) -> Pose:
        if not near_at and stroll.here.x < 4.9:
            near_at.append(now)
        return Pose(3.0 - min(0.4, 0.5 * (now - near_at[0])) if near_at else 3.0, 3.0, 0.0)

    stroll.movers["a"] = shrinks
    stroll.nearest["a"] = math.inf
    assert stroll.until(_approach(Wish(1.0)).step, _over, 60.0).ended is Ended.UNEASY


def test_who_gets_up_and_goes_is_come_to_where_they_stop() -> None:
    def strolls(now: float) -> Pose:
        return Pose(min(7.0, 2.0 + 0.6 * max(0.0, now - 3.0)), 7.0, 0.0 if now > 3.0 else -math.pi / 2)

    stroll = Stroll(Pose(4.5, 3.0, 0.0), a=strolls)
    assert stroll.until(_approach(Wish(1.2)).step, _over, 90.0).ended is Ended.ARRIVED
    assert math.dist(stroll.here.point, (7.0, 7.0)) == pytest.approx(1.2, abs=0.25)


def test_following_it_stays_with_them_at_their_distance() -> None:
    def strolls(now: float) -> Pose:
        return Pose(min(9.0, 2.0 + 0.3 * max(0.0, now - 20.0)), 7.0, 0.0)

    stroll = Stroll(Pose(1.0, 7.0, 0.0), a=strolls)
    approach = _approach(Wish(1.0, follow=True))
    stroll.until(approach.step, lambda _: stroll.now > 70.0, 71.0)
    assert math.dist(stroll.here.point, (9.0, 7.0)) < 1.9
    assert stroll.nearest["a"] >= 0.6


def test_nobody_known_there_is_nobody_to_go_to() -> None:
    assert Stroll(Pose(4.5, 3.0, 0.0)).until(_approach(Wish()).step, _over, 1.0).ended is Ended.NOT_FOUND


def test_a_bedroom_is_entered_only_when_that_is_allowed() -> None:
    """Care rule 20."""
    at = stays(3.2, 9.2, math.pi)
    assert Stroll(Pose(4.5, 7.0, 0.0), a=at).until(_approach(Wish()).step, _over, 5.0).ended is Ended.NOT_ALLOWED
    stroll = Stroll(Pose(4.5, 7.0, 0.0), a=at)
    assert stroll.until(_approach(Wish(may_enter_private=True)).step, _over, 90.0).ended is Ended.ARRIVED
    assert care_home().to_a_door(stroll.here.point) > 0.75  # and never stands in the door
