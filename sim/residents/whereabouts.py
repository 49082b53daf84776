"""Everybody's place in the world: seats, ways, and the room that each leaves to the robot and to others."""

import math
from itertools import pairwise
from pathlib import Path

from culture_profiles.errors import KithError
from sim.residents.walking import Walker, aside, beside, last_part
from sim.worlds import sdf
from sim.worlds.floor_plan import FloorPlan, Point, obstacles
from sim.worlds.placed import ROBOT_PLACE, Placed
from sim.worlds.pose import Pose, turned

_RADIUS_M = 0.22
_AROUND_PEOPLE_M = 0.4
_AROUND_ROBOT_M = 0.65
_COMES_INTO_SIGHT_M = 2.0
_WAYS_REMEMBERED = 500
_WAITS_FOR_ROBOT_S = 2.0
_STEP_BACK_M = 0.4
_SEEN_M, _SEEN_RAD, _LOST_M = 2.0, 1.2, 3.5
_OWN_SEAT_M = 0.8
_TURNS_TO_ROBOT_M = 3.0
_IN_ITS_WAY_M = 1.5
_STEPS_ASIDE_AFTER_S = 3.0
_STANDS_M = 0.05


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
        self._robot_was: Point = (0.0, 0.0)
        self._robot_stood_s = 0.0
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
        frame = self.frame(place)
        x, y, _ = frame.position
        self.walkers[name].go(self._way(name, (x, y)), frame.yaw, sits=place.startswith("seat_"))

    def frame(self, place: str) -> Pose:
        """Where a place or a seat is. Errors: KithError, for people to read."""
        frame = self._frames.get(place) or self._frames.get(f"place_{place}")
        if frame is None:
            raise KithError("this world has no such place")
        return frame

    def goes_to(self, name: str, x_m: float, y_m: float, heading_rad: float) -> None:
        """Walk to a pose. Errors: KithError."""
        if not all(map(math.isfinite, (x_m, y_m, heading_rad))):
            raise KithError("the pose is not made of numbers")
        self.walkers[name].go(self._way(name, (x_m, y_m)), heading_rad)

    def steps_back(self, name: str) -> None:
        """One step backwards. Errors: KithError where there is no room for it."""
        walker = self.walkers[name]
        place = walker.placed
        behind = (
            place.x_m - _STEP_BACK_M * math.cos(place.heading_rad),
            place.y_m - _STEP_BACK_M * math.sin(place.heading_rad),
        )
        if place.sits or not self._plan.free(behind):
            raise KithError("there is no room to step back")
        walker.backs(_STEP_BACK_M)

    def in_sight(self, name: str) -> bool:
        """Whether the robot sees somebody who is near: before it, with no wall between, and not just walking past."""
        walker, (x, y, heading) = self.walkers[name], self.robot
        place = _place(walker)
        if walker.walking or math.dist(place, (x, y)) > _SEEN_M:
            return False
        if abs(turned(math.atan2(place[1] - y, place[0] - x) - heading)) > _SEEN_RAD:
            return False
        # What is close around who sits is their own seat, what is close around others their own width.
        near_m = _OWN_SEAT_M if walker.placed.sits else _RADIUS_M
        share = max(0.0, 1.0 - near_m / max(math.dist(place, (x, y)), 1e-6))
        return self._plan.clear((x, y), (x + (place[0] - x) * share, y + (place[1] - y) * share))

    def far_from_robot(self, name: str) -> bool:
        """Whether somebody is too far away to be seen any more."""
        return math.dist(_place(self.walkers[name]), self.robot[:2]) > _LOST_M

    def step(self, elapsed_s: float) -> list[tuple[str, Placed]]:
        """Everybody moves on; who has moved, and where they are."""
        before = {name: each.placed for name, each in self.walkers.items()}
        self._notice_robot(elapsed_s)
        for each in self.walkers.values():
            each.step(elapsed_s, self.robot[:2])
        for name, walker in self.walkers.items():
            if walker.waited_s > _WAITS_FOR_ROBOT_S:
                self._goes_round(name, walker)
        return [(name, each.placed) for name, each in self.walkers.items() if each.placed != before[name]]

    @property
    def watches_robot(self) -> bool:
        """Whether somebody may still react to the robot, which has moved lately."""
        return self._robot_stood_s <= _STEPS_ASIDE_AFTER_S + 1.0

    def _notice_robot(self, elapsed_s: float) -> None:
        """Who stands about turns to a robot that comes near, and steps aside for one that waits before them."""
        stood = math.dist(self.robot[:2], self._robot_was) < _STANDS_M
        self._robot_stood_s = self._robot_stood_s + elapsed_s if stood else 0.0
        if not stood:
            self._robot_was = self.robot[:2]
        for name, walker in self.walkers.items():
            if walker.placed.sits or walker.walking:
                continue
            far = math.dist(_place(walker), self.robot[:2])
            if far < _TURNS_TO_ROBOT_M and self._plan.clear(_place(walker), self.robot[:2]):
                walker.faces(self.robot[:2], elapsed_s)
            if far < _IN_ITS_WAY_M and self._robot_stood_s > _STEPS_ASIDE_AFTER_S and not walker.looks_at_robot:
                self._robot_stood_s = 0.0
                self._step_aside(name, walker)

    def _goes_round(self, name: str, walker: Walker) -> None:
        """Past the robot that stands in the way, if there is room; else wait on."""
        walker.waited_s = 0.0
        walker.waits += 1
        if walker.waits % 2 == 0:  # the robot cannot get past either: one of the two gives way
            self._step_aside(name, walker)
            return
        try:
            walker.way_on(self._way(name, walker.destination))
        except KithError:
            self._step_aside(name, walker)

    def _step_aside(self, name: str, walker: Walker) -> None:
        others = [_place(each) for other, each in self.walkers.items() if other != name]
        if spot := aside(self._plan, _place(walker), self.robot[:2], others):
            walker.go([spot], None)

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
