"""How residents move: they sit, get up, walk, come near, look at the robot or away. Pure; the caller keeps the time.

Metres, radians, seconds, in the world's frame.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from culture_profiles.errors import KithError
from sim.worlds.floor_plan import FloorPlan, Point
from sim.worlds.placed import Placed
from sim.worlds.pose import turned

WALKING_M_S = 0.8
_TURNING_RAD_S = 2.5
_HEAD_RAD_S = 2.0
_BACKWARDS_M_S = 0.5
_HEAD_TURNS_RAD = 1.2
_LOOKING_AWAY_RAD = 1.0
_ROOM_FOR_ROBOT_M = 0.55
"""Nobody walks into the robot: they wait."""
TALKING_M = 1.1
"""How near people come to talk."""
_ANGLES = (0.0, 0.5, -0.5, 1.0, -1.0, 1.6, -1.6, 2.3, -2.3, math.pi)


class Walker:
    """One resident on their feet, or in a chair."""

    def __init__(self, placed: Placed) -> None:
        self.placed = placed
        self._way: list[Point] = []
        self._then: tuple[float | None, bool] | None = None
        self.looks_at_robot: bool | None = None
        self.waited_s = 0.0
        """How long the robot has stood in the way."""
        self.waits = 0
        self._back_m = 0.0

    @property
    def walking(self) -> bool:
        """Whether they are on their way."""
        return self._then is not None

    @property
    def destination(self) -> Point:
        """Where they will be."""
        return self._way[-1] if self._way else (self.placed.x_m, self.placed.y_m)

    def go(self, way: Iterable[Point], heading_rad: float | None, *, sits: bool = False) -> None:
        """Walk through these points, and turn at the end (None: stay as they came)."""
        self._way = list(way)
        self._then = (heading_rad, sits)
        self.placed = replace(self.placed, sits=False)

    def way_on(self, way: Iterable[Point]) -> None:
        """Another way to the same place."""
        self._way = list(way)

    def faces(self, point: Point, elapsed_s: float) -> None:
        """Turn on the spot, as one does to see who comes."""
        self._turn_to(math.atan2(point[1] - self.placed.y_m, point[0] - self.placed.x_m), elapsed_s)

    def stop(self) -> None:
        """Stand still where they are."""
        self._way, self._then = [], None

    def remaining_m(self) -> float:
        """How far there is still to walk."""
        points = [(self.placed.x_m, self.placed.y_m), *self._way]
        return sum(math.dist(a, b) for a, b in pairwise(points))

    def step(self, elapsed_s: float, robot: Point) -> bool:
        """Move on; returns whether anything changed."""
        before = self.placed
        if self._back_m > 0.0:
            self._step_back(min(self._back_m, _BACKWARDS_M_S * elapsed_s))
        elif self._way:
            self._walk(elapsed_s, robot)
        elif self._then is not None:
            heading, sits = self._then
            if heading is None or self._turn_to(heading, elapsed_s):
                self._then = None
                self.placed = replace(self.placed, sits=sits)
        self._turn_head(elapsed_s, robot)
        return self.placed != before

    def backs(self, far_m: float) -> None:
        """Take a step backwards, the face where it is."""
        self.stop()
        self._back_m = far_m

    def _step_back(self, far_m: float) -> None:
        self._back_m -= far_m
        x, y, heading = self.placed.x_m, self.placed.y_m, self.placed.heading_rad
        self.placed = replace(self.placed, x_m=x - far_m * math.cos(heading), y_m=y - far_m * math.sin(heading))

    def _walk(self, elapsed_s: float, robot: Point) -> None:
        here, goal = (self.placed.x_m, self.placed.y_m), self._way[0]
        way_m = math.dist(here, goal)
        if way_m < 1e-6:
            self._way.pop(0)
            return
        direction = math.atan2(goal[1] - here[1], goal[0] - here[0])
        if not self._turn_to(direction, elapsed_s) and abs(turned(direction - self.placed.heading_rad)) > 0.8:
            return
        share = min(1.0, WALKING_M_S * elapsed_s / way_m)
        there = here[0] + (goal[0] - here[0]) * share, here[1] + (goal[1] - here[1]) * share
        if math.dist(there, robot) < _ROOM_FOR_ROBOT_M and math.dist(there, robot) < math.dist(here, robot):
            self.waited_s += elapsed_s
            return
        self.waited_s = 0.0
        self.placed = replace(self.placed, x_m=there[0], y_m=there[1])
        if share == 1.0:
            self._way.pop(0)

    def _turn_to(self, heading_rad: float, elapsed_s: float) -> bool:
        left = turned(heading_rad - self.placed.heading_rad)
        most = _TURNING_RAD_S * elapsed_s
        self.placed = replace(self.placed, heading_rad=turned(self.placed.heading_rad + max(-most, min(most, left))))
        return abs(left) <= most

    def _turn_head(self, elapsed_s: float, robot: Point) -> None:
        wanted = 0.0
        if self.looks_at_robot is not None:
            at = turned(math.atan2(robot[1] - self.placed.y_m, robot[0] - self.placed.x_m) - self.placed.heading_rad)
            wanted = at if self.looks_at_robot else (_LOOKING_AWAY_RAD if at <= 0 else -_LOOKING_AWAY_RAD)
            wanted = max(-_HEAD_TURNS_RAD, min(_HEAD_TURNS_RAD, wanted))
        most = _HEAD_RAD_S * elapsed_s
        left = wanted - self.placed.head_yaw_rad
        self.placed = replace(self.placed, head_yaw_rad=self.placed.head_yaw_rad + max(-most, min(most, left)))


def beside(plan: FloorPlan, robot: Point, heading_rad: float, taken: Iterable[Point]) -> Point:
    """A place to talk with the robot from: before it if there is room, else further round.

    Errors: KithError when the robot stands where nobody can get near it.
    """
    others = list(taken)
    for angle in _ANGLES:
        spot = (
            robot[0] + TALKING_M * math.cos(heading_rad + angle),
            robot[1] + TALKING_M * math.sin(heading_rad + angle),
        )
        if plan.free(spot) and plan.clear(spot, robot) and all(math.dist(spot, each) > 0.5 for each in others):
            return spot
    raise KithError("nobody can get near the robot where it stands")


def aside(plan: FloorPlan, place: Point, robot: Point, taken: Iterable[Point]) -> Point | None:
    """A step out of the way of a robot that waits, to one side or the other; None: there is no room."""
    away = math.atan2(place[1] - robot[1], place[0] - robot[0])
    others = list(taken)
    for far in (0.8, 0.5):
        for angle in (math.pi / 2, -math.pi / 2, math.pi / 3, -math.pi / 3, 0.0):
            spot = place[0] + far * math.cos(away + angle), place[1] + far * math.sin(away + angle)
            if plan.free(spot) and plan.clear(place, spot) and all(math.dist(spot, each) > 0.5 for each in others):
                return spot
    return None


def last_part(way: tuple[Point, ...], length_m: float) -> tuple[Point, ...]:
    """The end of a way, so long at most: for who comes into sight."""
    kept = [way[-1]]
    for point in reversed(way[:-1]):
        step_m = math.dist(point, kept[-1])
        if step_m >= length_m:
            share = length_m / step_m
            ahead = kept[-1]
            kept.append((ahead[0] + (point[0] - ahead[0]) * share, ahead[1] + (point[1] - ahead[1]) * share))
            break
        kept.append(point)
        length_m -= step_m
    return tuple(reversed(kept))
