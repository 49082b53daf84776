"""Everybody's place in the world: seats, ways, and the room that each leaves to the robot and to others."""

import math
from itertools import pairwise
from pathlib import Path

from culture_profiles.errors import KithError
from sim.graph import ROBOT_PLACE
from sim.residents.walking import Walker, beside, last_part
from sim.worlds import sdf
from sim.worlds.floor_plan import FloorPlan, Point, obstacles
from sim.worlds.placed import Placed

_RADIUS_M = 0.22
_AROUND_PEOPLE_M = 0.4
_AROUND_ROBOT_M = 0.65
_COMES_INTO_SIGHT_M = 2.0
_WAYS_REMEMBERED = 500


class Whereabouts:
    """The residents of one world, as walkers."""

    def __init__(self, path: Path = sdf.CARE_HOME) -> None:
        """Errors: KithError for a world that cannot be read, or that nobody can walk in."""
        world = sdf.read(path)
        self._plan = FloorPlan(obstacles(world), _RADIUS_M)
        self._frames = world.frames
        self._homes: dict[str, Placed] = {}
        self._usual: dict[tuple[float, ...], tuple[Point, ...]] = {}
        self.robot: tuple[float, float, float] = (0.0, 0.0, 0.0)
        for model in world.models:
            x, y, _ = model.pose.position
            if model.uri == "resident":
                self._homes[model.name.removeprefix("resident_")] = Placed(x, y, model.pose.yaw, sits=True)
            elif model.uri == "kith_robot":
                self.robot = (x, y, model.pose.yaw)
        self.walkers = {name: Walker(placed) for name, placed in self._homes.items()}

    def comes_near(self, name: str, *, from_afar: bool = True) -> None:
        """Walk up to the robot and look at it; `from_afar` false: only the last steps of the way. Errors: KithError."""
        walker = self.walkers[name]
        others = [each.destination for other, each in self.walkers.items() if other != name]
        spot = beside(self._plan, self.robot[:2], self.robot[2], others)
        way = self._way(name, spot)
        if not from_afar:
            way = last_part((_place(walker), *way), _COMES_INTO_SIGHT_M)
            walker.placed = Placed(*way[0], walker.placed.heading_rad)
        walker.go(way, math.atan2(self.robot[1] - spot[1], self.robot[0] - spot[0]))
        walker.looks_at_robot = True

    def goes_home(self, name: str) -> None:
        """Walk back to their own seat. Errors: KithError."""
        home = self._homes[name]
        self.walkers[name].go(self._way(name, (home.x_m, home.y_m)), home.heading_rad, sits=True)
        self.walkers[name].looks_at_robot = None

    def goes(self, name: str, place: str) -> None:
        """Walk to a place of the world, to a seat, or to the robot. Errors: KithError, for people to read."""
        if place == ROBOT_PLACE:
            self.comes_near(name)
            return
        frame = self._frames.get(place) or self._frames.get(f"place_{place}")
        if frame is None:
            raise KithError("this world has no such place")
        x, y, _ = frame.position
        self.walkers[name].go(self._way(name, (x, y)), frame.yaw, sits=place.startswith("seat_"))

    def goes_to(self, name: str, x_m: float, y_m: float, heading_rad: float) -> None:
        """Walk to a pose. Errors: KithError."""
        if not all(map(math.isfinite, (x_m, y_m, heading_rad))):
            raise KithError("the pose is not made of numbers")
        self.walkers[name].go(self._way(name, (x_m, y_m)), heading_rad)

    def step(self, elapsed_s: float) -> list[tuple[str, Placed]]:
        """Everybody moves on; who has moved, and where they are."""
        return [(name, each.placed) for name, each in self.walkers.items() if each.step(elapsed_s, self.robot[:2])]

    def everybody(self) -> list[tuple[str, Placed]]:
        """Where all are."""
        return [(name, each.placed) for name, each in self.walkers.items()]

    def _way(self, name: str, end: Point) -> tuple[Point, ...]:
        start = _place(self.walkers[name])
        others = [
            _place(each)
            for other, each in self.walkers.items()
            if other != name and not each.placed.sits and not each.walking
        ]
        around = [(self.robot[:2], _AROUND_ROBOT_M), *((place, _AROUND_PEOPLE_M) for place in others)]
        usual = self._usual_way(start, end)
        if all(_distance(place, (start, *usual)) > room_m for place, room_m in around):
            return usual
        plan = self._plan.copy()
        for place, room_m in around:
            plan.block(*place, room_m)
        return plan.way(start, end)

    def _usual_way(self, start: Point, end: Point) -> tuple[Point, ...]:
        """The way when nobody is on it. People walk the same ways again and again."""
        key = (round(start[0], 1), round(start[1], 1), *end)
        if key not in self._usual:
            if len(self._usual) >= _WAYS_REMEMBERED:
                self._usual.clear()
            self._usual[key] = self._plan.way(start, end)
        return self._usual[key]


def _place(walker: Walker) -> Point:
    return walker.placed.x_m, walker.placed.y_m


def _distance(point: Point, way: tuple[Point, ...]) -> float:
    """From a point to the nearest of a way."""
    nearest = math.dist(point, way[0])
    for (ax, ay), (bx, by) in pairwise(way):
        dx, dy = bx - ax, by - ay
        along = ((point[0] - ax) * dx + (point[1] - ay) * dy) / max(dx * dx + dy * dy, 1e-12)
        along = max(0.0, min(1.0, along))
        nearest = min(nearest, math.hypot(point[0] - ax - along * dx, point[1] - ay - along * dy))
    return nearest
