"""The shortest way that keeps clear of things and people: A* on the floor's cells, then straightened. Pure."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from culture_profiles.errors import KithError
from nodes.motion.floor import Floor, Point
from nodes.motion.search import cheapest

RADIUS_M = 0.28
"""Half the robot's width."""
MARGIN_M = 0.05
_EASY_M = 0.55  # with so much room on each side a way costs nothing extra
_NARROW_COSTS = 8.0
_NEAREST_FREE_M = 1.0
_LANE_M, _DOORWAY_M = 0.42, 1.0
_HASTE = 1.1
_FEW_CELLS = 250
_LEAVES_M = 0.05
_BESIDE_COSTS = 2.0


class NoWayError(KithError):
    """There is no way there."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Somebody or something to keep so far away from, counted from the robot's middle."""

    x: float
    y: float
    radius_m: float


class Planner:
    """Ways over one floor."""

    def __init__(self, floor: Floor, room_m: float = RADIUS_M + MARGIN_M) -> None:
        """`room_m`: the least distance between the robot's middle and anything on the map."""
        self.floor = floor
        self.room_m = room_m
        clear = floor.clearance
        narrow = np.clip((_EASY_M - clear) / (_EASY_M - room_m), 0.0, 1.0)
        self._cost = np.where(clear >= room_m, 1.0 + _NARROW_COSTS * narrow, np.inf)
        columns, rows = np.arange(clear.shape[0]) + 0.5, np.arange(clear.shape[1]) + 0.5
        self._x = (floor.origin[0] + columns * floor.cell_m)[:, None]
        self._y = (floor.origin[1] + rows * floor.cell_m)[None, :]
        if floor.doors:
            # Narrow lanes, such as behind chairs, are for doorways alone: elsewhere a robot gets shut in.
            far = np.min([np.hypot(self._x - door.x, self._y - door.y) for door in floor.doors.values()], axis=0)
            self._cost[(clear < _LANE_M) & (far > _DOORWAY_M)] = np.inf

    def free(self, point: Point, around: Sequence[Obstacle] = ()) -> bool:
        """Whether the robot can stand there."""
        cell = self.floor.cell(point)
        if not self.floor.inside(cell) or not math.isfinite(self._cost[cell]):
            return False
        return all(math.dist(point, (each.x, each.y)) >= each.radius_m for each in around)

    def clear(self, start: Point, end: Point, around: Sequence[Obstacle] = ()) -> bool:
        """Whether the straight way between two points is free."""
        if self.floor.least_room(start, end) < self.room_m:
            return False
        return all(distance_to((each.x, each.y), start, end) >= each.radius_m for each in around)

    def way(self, start: Point, end: Point, around: Sequence[Obstacle] = ()) -> tuple[Point, ...]:
        """Points to travel through, `end` the last; without `start`. Wherever the robot stands it may leave.

        Errors: NoWayError.
        """
        # Who stands nearer than that already is no reason to stay: away from them is free.
        around = [
            Obstacle(each.x, each.y, min(each.radius_m, max(0.0, math.dist(start, (each.x, each.y)) - _LEAVES_M)))
            for each in around
        ]
        goal = self.floor.cell(end)
        if not self.free(end, around):
            raise NoWayError("there is no room for the robot there")
        cost = self._cost_with(around)
        cost[goal] = self._cost[goal]  # its middle may be too near to somebody, though the place itself is not
        first = self._nearest_free(start, cost)
        if _enclosed(cost, first, goal) or _enclosed(cost, goal, first):
            raise NoWayError("there is no way there")  # told soon, without a look at the whole floor
        try:
            cells = cheapest(cost, first, goal, _HASTE)
        except LookupError as nothing:
            raise NoWayError("there is no way there") from nothing
        points = [start, *(self.floor.middle(cell) for cell in cells[:-1]), end]
        return self._straightened(points, around)

    def _straightened(self, points: list[Point], around: Sequence[Obstacle]) -> tuple[Point, ...]:
        made = []
        index = 0
        while index < len(points) - 1:
            later = index + 1
            step = 1
            # Ever longer strides, then shorter ones: a corner is found in a few looks.
            while later < len(points) - 1:
                further = min(later + step, len(points) - 1)
                if self._as_good(points, index, further, around):
                    later, step = further, step * 2
                elif step == 1:
                    break
                else:
                    step = 1
            made.append(points[later])
            index = later
        return tuple(made)

    def _as_good(self, points: list[Point], start: int, end: int, around: Sequence[Obstacle]) -> bool:
        """Whether the straight way is free and hardly narrower than the one it replaces."""
        if not self.clear(points[start], points[end], around):
            return False
        kept = min(self.floor.room_at(each) for each in points[start + 1 : end + 1])
        return self.floor.least_room(points[start], points[end]) >= min(kept, _EASY_M) - 0.02

    def _cost_with(self, around: Sequence[Obstacle]) -> npt.NDArray[np.float64]:
        cost = self._cost.copy()
        for each in around:
            far = np.hypot(self._x - each.x, self._y - each.y)
            # Beside people a little more room than they need, where there is some.
            cost += np.where(far < each.radius_m + 0.3, _BESIDE_COSTS, 0.0)
            cost[far < each.radius_m] = np.inf
        return cost

    def _nearest_free(self, point: Point, cost: npt.NDArray[np.float64]) -> tuple[int, int]:
        column, row = self.floor.cell(point)
        if self.floor.inside((column, row)) and math.isfinite(cost[column, row]):
            return column, row
        reach = math.ceil(_NEAREST_FREE_M / self.floor.cell_m)
        near = [
            (math.hypot(dx, dy), (column + dx, row + dy))
            for dx in range(-reach, reach + 1)
            for dy in range(-reach, reach + 1)
            if self.floor.inside((column + dx, row + dy)) and math.isfinite(cost[column + dx, row + dy])
        ]
        if not near:
            raise NoWayError("the robot stands where it cannot get away from")
        return min(near)[1]


def distance_to(point: Point, start: Point, end: Point) -> float:
    """From a point to the nearest of a straight way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / max(dx * dx + dy * dy, 1e-12)
    along = max(0.0, min(1.0, along))
    return math.hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def length(start: Point, way: Sequence[Point]) -> float:
    """How long a way is, from `start` on."""
    points = (start, *way)
    return sum(math.dist(points[index], points[index + 1]) for index in range(len(points) - 1))


def _enclosed(cost: npt.NDArray[np.float64], start: tuple[int, int], end: tuple[int, int]) -> bool:
    """Whether a start has only a few free cells around it, and the end is none of them."""
    seen, queue = {start}, deque([start])
    while queue:
        if len(seen) > _FEW_CELLS:
            return False
        x, y = queue.popleft()
        for there in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            inside = 0 <= there[0] < cost.shape[0] and 0 <= there[1] < cost.shape[1]
            if inside and there not in seen and math.isfinite(cost[there]):
                seen.add(there)
                queue.append(there)
    return end not in seen
