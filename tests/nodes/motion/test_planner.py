"""Ways over the floor: they arrive, they keep clear of things and people, and they say when there is none."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.motion.planner import MARGIN_M, RADIUS_M, NoWayError, Obstacle, Planner, distance_to, length
from tests.nodes.motion.floors import care_home, drawn, room

ROOM_M = RADIUS_M + MARGIN_M
_PLANNER = Planner(care_home())
_points = st.tuples(st.floats(-1.0, 17.0), st.floats(-1.0, 13.0))
_obstacles = st.lists(st.builds(Obstacle, st.floats(0, 16), st.floats(0, 12), st.floats(0.3, 0.9)), max_size=4)


@settings(max_examples=60, deadline=None)
@given(_points, _points, _obstacles)
def test_a_way_arrives_and_comes_too_near_to_nothing(
    start: tuple[float, float], end: tuple[float, float], around: list[Obstacle]
) -> None:
    try:
        way = _PLANNER.way(start, end, around)
    except NoWayError:
        return
    assert way[-1] == end
    legs = list(pairwise((start, *way)))
    assert length(start, way) >= math.dist(start, end) - 1e-6
    for begin, finish in legs[1:]:  # the first leads away from wherever the robot stood
        assert _PLANNER.floor.least_room(begin, finish) >= ROOM_M - _PLANNER.floor.cell_m
    for each in around:
        kept = min(each.radius_m, math.dist(start, (each.x, each.y)))
        assert min(distance_to((each.x, each.y), *leg) for leg in legs) >= kept - 0.16


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(care_home().places)), st.sampled_from(sorted(care_home().places)))
def test_every_place_of_the_home_can_be_got_to(start: str, end: str) -> None:
    places = care_home().places
    way = _PLANNER.way(places[start].point, places[end].point)
    assert length(places[start].point, way) < 2.2 * math.dist(places[start].point, places[end].point) + 6.0


def test_the_middle_of_a_doorway_is_preferred() -> None:
    way = _PLANNER.way((1.0, 7.0), (2.0, 9.6))
    through = min(math.dist((2.0, 8.0), begin) for begin in _along((1.0, 7.0), way))
    assert through < 0.15


def test_it_goes_round_a_person_if_there_is_room_and_else_says_so() -> None:
    planner = Planner(room(6.0, 4.0))
    around = [Obstacle(3.0, 2.0, 0.8)]
    way = planner.way((1.0, 2.0), (5.0, 2.0), around)
    assert min(math.dist((3.0, 2.0), point) for point in _along((1.0, 2.0), way)) > 0.7
    with pytest.raises(NoWayError):
        planner.way((1.0, 2.0), (5.0, 2.0), [Obstacle(3.0, 2.0, 1.7)])


def test_a_robot_that_is_nearer_than_allowed_may_leave() -> None:
    planner = Planner(room(6.0, 4.0))
    assert planner.way((3.3, 2.0), (5.0, 2.0), [Obstacle(3.0, 2.0, 0.8)])[-1] == (5.0, 2.0)


def test_a_place_without_room_is_refused() -> None:
    planner = Planner(room(6.0, 4.0))
    for place in ((0.2, 2.0), (9.0, 2.0)):
        with pytest.raises(NoWayError, match="no room"):
            planner.way((3.0, 2.0), place)


def test_a_gap_that_is_too_narrow_is_no_way() -> None:
    wall = "#" * 20 + " " * 4 + "#" * 20
    hall = "#" + " " * 42 + "#"
    planner = Planner(drawn("#" * 44, *[hall] * 15, wall, *[hall] * 15, "#" * 44))
    with pytest.raises(NoWayError):
        planner.way((2.2, 0.8), (2.2, 2.6))


def _along(start: tuple[float, float], way: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    return [
        (a[0] + (b[0] - a[0]) * share / 50, a[1] + (b[1] - a[1]) * share / 50)
        for a, b in pairwise((start, *way))
        for share in range(51)
    ]
