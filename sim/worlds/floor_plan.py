"""The world from above: what stands on the floor, and how to walk around it. Metres, in the frame `map`."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from culture_profiles.errors import KithError
from nodes.motion.search import cheapest
from sim.worlds.description import World
from sim.worlds.pose import Pose

Point = tuple[float, float]

_CELL_M = 0.1
_FEET_M, _HEAD_M = 0.06, 1.6
"""What lies lower or higher is in nobody's way."""
_STRIDE = 4  # cells: how finely a way is straightened
_HASTE = 1.2  # a fifth longer at most, and found much sooner; the way is straightened afterwards


@dataclass(frozen=True)
class Obstacle:
    """Something on the floor: its outline, counter-clockwise, and which model it belongs to."""

    model: str
    outline: tuple[Point, ...]
    tall: bool
    """Whether it hides who stands behind it."""


def obstacles(world: World) -> tuple[Obstacle, ...]:
    """Everything static that somebody would bump into; people and robot are not among it."""
    found = []
    for model in world.models:
        if not model.static or model.uri == "resident":
            continue
        for link in model.links:
            for shape in link.shapes:
                if not shape.collides or shape.geometry.kind == "plane":
                    continue
                pose = model.pose * link.pose * shape.pose
                size = shape.geometry.size
                x, y, z = size if len(size) == 3 else (2 * size[0], 2 * size[0], size[-1])
                low, high = pose.position[2] - z / 2, pose.position[2] + z / 2
                if high > _FEET_M and low < _HEAD_M:
                    found.append(Obstacle(model.name, _outline(pose, x, y), tall=high > _HEAD_M))
    return tuple(found)


def _outline(pose: Pose, x: float, y: float) -> tuple[Point, ...]:
    corners = ((x / 2, y / 2), (-x / 2, y / 2), (-x / 2, -y / 2), (x / 2, -y / 2))
    turn, (px, py, _) = pose.yaw, pose.position
    cosine, sine = math.cos(turn), math.sin(turn)
    return tuple((px + a * cosine - b * sine, py + a * sine + b * cosine) for a, b in corners)


class FloorPlan:
    """Where there is room for somebody of a radius, and the shortest way between two places."""

    def __init__(self, things: tuple[Obstacle, ...], radius_m: float, cell_m: float = _CELL_M) -> None:
        """Errors: KithError for a world of no or boundless size."""
        self._cell_m = cell_m
        points = [point for thing in things for point in thing.outline]
        if not points:
            raise KithError("the world has nothing in it that bounds the floor")
        self._left = min(x for x, _ in points) - 1.0
        self._low = min(y for _, y in points) - 1.0
        width = math.ceil((max(x for x, _ in points) + 1.0 - self._left) / self._cell_m)
        depth = math.ceil((max(y for _, y in points) + 1.0 - self._low) / self._cell_m)
        if width * depth > 4_000_000:
            raise KithError("the world is too large to walk in: more than 200 m on a side")
        self._taken: npt.NDArray[np.bool_] = np.zeros((width, depth), bool)
        for thing in things:
            self._take(thing, radius_m)

    def block(self, x_m: float, y_m: float, radius_m: float) -> None:
        """Somebody stands there, so much room around them included."""
        columns = self._left + (np.arange(self._taken.shape[0])[:, None] + 0.5) * self._cell_m
        rows = self._low + (np.arange(self._taken.shape[1])[None, :] + 0.5) * self._cell_m
        self._taken |= np.hypot(columns - x_m, rows - y_m) < radius_m

    @property
    def taken(self) -> npt.NDArray[np.bool_]:
        """Which cells have no room, by column and row from `origin`."""
        return self._taken

    @property
    def origin(self) -> Point:
        """The corner of the first cell."""
        return self._left, self._low

    def copy(self) -> "FloorPlan":
        """The same floor, for `block` to change."""
        made = FloorPlan.__new__(FloorPlan)
        made._cell_m = self._cell_m
        made._left, made._low, made._taken = self._left, self._low, self._taken.copy()
        return made

    def _take(self, thing: Obstacle, radius_m: float) -> None:
        """Cells whose middle is within the radius of a convex outline."""
        xs, ys = zip(*thing.outline, strict=True)
        first, last = (
            self._cell((min(xs) - radius_m, min(ys) - radius_m)),
            self._cell((max(xs) + radius_m, max(ys) + radius_m)),
        )
        columns, rows = np.arange(first[0], last[0] + 1), np.arange(first[1], last[1] + 1)
        x = self._left + (columns[:, None] + 0.5) * self._cell_m
        y = self._low + (rows[None, :] + 0.5) * self._cell_m
        inside = np.ones((len(columns), len(rows)), bool)
        near = np.full((len(columns), len(rows)), np.inf)
        for (ax, ay), (bx, by) in zip(thing.outline, (*thing.outline[1:], thing.outline[0]), strict=True):
            inside &= (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0
            length2 = max((bx - ax) ** 2 + (by - ay) ** 2, 1e-12)
            along = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2, 0.0, 1.0)
            near = np.minimum(near, np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
        self._taken[first[0] : last[0] + 1, first[1] : last[1] + 1] |= inside | (near < radius_m)

    def _cell(self, point: Point) -> tuple[int, int]:
        return math.floor((point[0] - self._left) / self._cell_m), math.floor((point[1] - self._low) / self._cell_m)

    def _middle(self, cell: tuple[int, int]) -> Point:
        return self._left + (cell[0] + 0.5) * self._cell_m, self._low + (cell[1] + 0.5) * self._cell_m

    def _inside(self, cell: tuple[int, int]) -> bool:
        return 0 <= cell[0] < self._taken.shape[0] and 0 <= cell[1] < self._taken.shape[1]

    def free(self, point: Point) -> bool:
        """Whether somebody can stand there."""
        cell = self._cell(point)
        return self._inside(cell) and not self._taken[cell]

    def clear(self, start: Point, end: Point) -> bool:
        """Whether the straight way between two points is free."""
        count = max(1, math.ceil(math.dist(start, end) / (self._cell_m / 2)))
        shares = np.arange(count + 1) / count
        columns = np.floor((start[0] + (end[0] - start[0]) * shares - self._left) / self._cell_m).astype(int)
        rows = np.floor((start[1] + (end[1] - start[1]) * shares - self._low) / self._cell_m).astype(int)
        if columns.min() < 0 or rows.min() < 0:
            return False
        if columns.max() >= self._taken.shape[0] or rows.max() >= self._taken.shape[1]:
            return False
        return not self._taken[columns, rows].any()

    def way(self, start: Point, end: Point) -> tuple[Point, ...]:
        """Points to walk through, the end among them; A* on cells of 0.1 m, then straightened.

        A seat is within furniture: the way begins and ends with the step out of it and into it.
        Errors: KithError when there is none.
        """
        out, into = self._nearest_free(start), self._nearest_free(end)
        try:
            cells = cheapest(np.where(self._taken, np.inf, 1.0), self._cell(out), self._cell(into), _HASTE)
        except LookupError as nothing:
            raise KithError("there is no way there") from nothing
        points = [out, *(self._middle(cell) for cell in cells), into]
        straight = [points[0]]
        index = 0
        while index < len(points) - 1:
            later = index + 1
            while later + 1 < len(points):
                further = min(later + _STRIDE, len(points) - 1)
                if not self.clear(points[index], points[further]):
                    break
                later = further
            straight.append(points[later])
            index = later
        return tuple(dict.fromkeys([*straight, end]))

    def _nearest_free(self, point: Point) -> Point:
        if self.free(point):
            return point
        cell = self._cell(point)
        near = [
            (math.hypot(dx, dy), (cell[0] + dx, cell[1] + dy))
            for dx in range(-12, 13)
            for dy in range(-12, 13)
            if self._inside((cell[0] + dx, cell[1] + dy)) and not self._taken[cell[0] + dx, cell[1] + dy]
        ]
        if not near:
            raise KithError("that place is inside something: nobody can stand there")
        return self._middle(min(near)[1])
