"""The floor: how much room there is, whose room a place is in, damaged maps."""

import math

import pytest

from culture_profiles.errors import KithError
from nodes.base.pose import Pose
from nodes.motion.floor import Floor
from tests.nodes.motion.floors import care_home, room


def test_clearance_is_the_distance_to_the_nearest_wall() -> None:
    floor = room(4.0, 3.0)
    assert floor.room_at((2.0, 1.5)) == pytest.approx(1.4, abs=0.11)
    assert floor.room_at((0.55, 1.5)) == pytest.approx(0.4, abs=0.06)
    assert floor.room_at((0.05, 1.5)) <= 0.0
    assert floor.room_at((-5.0, 1.5)) == 0.0
    assert floor.least_room((0.5, 1.5), (3.5, 1.5)) == pytest.approx(0.4, abs=0.11)


def test_bedrooms_are_private_and_begin_at_their_doors() -> None:
    floor = care_home()
    assert {name: floor.room(place.point) for name, place in floor.places.items() if name.startswith("bedroom")} == {
        f"bedroom_{number}": f"bedroom_{number}" for number in (1, 2, 3, 4)
    }
    for shared in ("lounge", "dining_room", "corridor", "dock"):
        assert not floor.private(floor.places[shared].point)
    assert floor.private((2.0, 8.4))
    assert not floor.private((2.0, 7.6))
    assert floor.private((3.2, 9.2))  # in an armchair
    assert floor.to_a_door((2.0, 7.0)) == pytest.approx(1.0)


def test_where_a_robot_stands_is_told_as_people_call_it() -> None:
    floor = care_home()
    for name in ("lounge", "dining_room", "bedroom_2"):
        x, y = floor.places[name].point
        assert floor.place((x + 0.3, y)) == name
    assert floor.place((-50.0, -50.0)) == ""
    assert not any(floor.place(pose.point).startswith("seat_") for pose in floor.places.values())


def test_what_is_not_known_counts_as_taken() -> None:
    data = [-1] * 10_000
    for row in range(40, 60):
        for column in range(40, 60):
            data[row * 100 + column] = 0
    floor = Floor.from_grid(data, 100, 100, 0.05, (0.0, 0.0))
    assert floor.room_at((2.5, 2.5)) > 0.3
    assert floor.room_at((1.0, 1.0)) <= 0.0


@pytest.mark.parametrize(
    ("data", "width", "height", "cell_m", "origin"),
    [
        ([0] * 99, 10, 10, 0.05, (0.0, 0.0)),
        ([], 0, 0, 0.05, (0.0, 0.0)),
        ([0] * 100, 10, 10, 0.0, (0.0, 0.0)),
        ([0] * 100, 10, 10, math.nan, (0.0, 0.0)),
        ([0] * 100, 10, 10, 0.05, (math.nan, 0.0)),
    ],
)
def test_a_damaged_map_is_refused_in_one_line(
    data: list[int], width: int, height: int, cell_m: float, origin: tuple[float, float]
) -> None:
    with pytest.raises(KithError, match="map of the floor"):
        Floor.from_grid(data, width, height, cell_m, origin)


def test_a_room_without_a_door_is_nobodys() -> None:
    assert room(4.0, 3.0).room((2.0, 1.5)) == ""
    floor = room(4.0, 3.0)
    floor.places["dock"] = Pose(1.0, 1.0, 0.0)
    assert not floor.private((1.0, 1.0))
