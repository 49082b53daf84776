"""The map that a robot has of the world is the world's own."""

import math

from sim.worlds import sdf
from sim.worlds.floor_plan import obstacles
from sim.worlds.mapping import home_map

WORLD = sdf.read(sdf.CARE_HOME)


def test_everything_that_stands_on_the_floor_is_on_the_map_and_the_places_are_free() -> None:
    home = home_map(WORLD)

    def taken(x: float, y: float) -> bool:
        column, row = (math.floor((at - first) / home.cell_m) for at, first in zip((x, y), home.origin, strict=True))
        return bool(home.occupied[column, row])

    for thing in obstacles(WORLD):
        xs, ys = zip(*thing.outline, strict=True)
        assert taken(sum(xs) / len(xs), sum(ys) / len(ys)), thing.model
    for name, place in {**home.named("place_"), **home.named("door_")}.items():
        assert not taken(*place.point), name
    assert not taken(*home.start.point)


def test_each_bedroom_has_a_doorway_that_looks_into_it() -> None:
    home = home_map(WORLD)
    rooms = {name for name in home.named("place_") if name.startswith("bedroom")}
    assert rooms == set(home.named("door_"))
    for name in rooms:
        door, place = home.named("door_")[name], home.named("place_")[name]
        inwards = (place.x - door.x) * math.cos(door.heading) + (place.y - door.y) * math.sin(door.heading)
        assert inwards > 0.5
