"""The floor as the robot knows it: how much room there is, the rooms behind doors, the named places. Pure.

Metres and radians in the frame `map`. Made of an occupancy grid (as a map server tells it) and of frames whose names
begin with `place_` and `door_`; a door's x axis points into the room behind it.
"""

import math
from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from culture_profiles.errors import KithError
from nodes.base.pose import Pose

Point = tuple[float, float]

CELL_M = 0.1
FAR_M = 1.5
"""Clearance is worked out as far as this."""
_OCCUPIED = 50  # per cent; what is not known (-1) counts as taken
_LARGEST = 4_000_000
_DOORWAY_M = 0.8  # from a wall to the middle of a doorway at most
PRIVATE = "bedroom"
_SEAT = "seat_"
_NEARBY_M = 5.0
"""Rooms whose names begin so are somebody's own."""


class Floor:
    """Where there is room, and how much: `clearance[column, row]` is the distance to the nearest thing."""

    def __init__(
        self,
        occupied: npt.NDArray[np.bool_],
        cell_m: float,
        origin: Point,
        places: Mapping[str, Pose] | None = None,
        doors: Mapping[str, Pose] | None = None,
    ) -> None:
        """`occupied[column, row]`. Errors: KithError for a map without size."""
        if not 0.01 <= cell_m <= 1.0 or min(occupied.shape, default=0) < 3 or occupied.size > _LARGEST:
            raise KithError("the map of the floor has no usable size")
        self._fine, self._fine_m = _distances(occupied, cell_m) - cell_m / 2, cell_m
        step = max(1, round(CELL_M / cell_m))
        self.clearance = _coarse(self._fine, step)
        self.cell_m = cell_m * step
        self.origin = origin
        self.places = dict(places or {})
        self.doors = dict(doors or {})
        self._rooms = self._find_rooms()

    @classmethod
    def from_grid(
        cls,
        data: Sequence[int] | npt.NDArray[np.int8],
        width: int,
        height: int,
        cell_m: float,
        origin: Point,
        places: Mapping[str, Pose] | None = None,
        doors: Mapping[str, Pose] | None = None,
    ) -> "Floor":
        """From the fields of nav_msgs/OccupancyGrid. Errors: KithError."""
        cells = np.asarray(data, np.int8)
        if width < 3 or height < 3 or len(cells) != width * height or not all(map(math.isfinite, (cell_m, *origin))):
            raise KithError("the map of the floor is damaged: its size and its cells disagree")
        grid = cells.reshape(height, width).T
        return cls((grid >= _OCCUPIED) | (grid < 0), cell_m, origin, places, doors)

    # Cells ----------------------------------------------------------------------------------------------------------
    def cell(self, point: Point) -> tuple[int, int]:
        """The cell in which a point is; it may lie outside."""
        return (
            math.floor((point[0] - self.origin[0]) / self.cell_m),
            math.floor((point[1] - self.origin[1]) / self.cell_m),
        )

    def middle(self, cell: tuple[int, int]) -> Point:
        """The middle of a cell."""
        return self.origin[0] + (cell[0] + 0.5) * self.cell_m, self.origin[1] + (cell[1] + 0.5) * self.cell_m

    def inside(self, cell: tuple[int, int]) -> bool:
        """Whether a cell is on the map."""
        return 0 <= cell[0] < self.clearance.shape[0] and 0 <= cell[1] < self.clearance.shape[1]

    def room_at(self, point: Point) -> float:
        """The distance from a point to the nearest thing, as finely as the map tells it; 0 off the map."""
        column = math.floor((point[0] - self.origin[0]) / self._fine_m)
        row = math.floor((point[1] - self.origin[1]) / self._fine_m)
        inside = 0 <= column < self._fine.shape[0] and 0 <= row < self._fine.shape[1]
        return float(self._fine[column, row]) if inside else 0.0

    def least_room(self, start: Point, end: Point) -> float:
        """The least clearance on the straight way between two points."""
        fine = self._fine
        count = math.ceil(math.dist(start, end) / self._fine_m)
        shares = np.arange(count + 1) / max(1, count)
        columns = np.floor((start[0] + (end[0] - start[0]) * shares - self.origin[0]) / self._fine_m).astype(int)
        rows = np.floor((start[1] + (end[1] - start[1]) * shares - self.origin[1]) / self._fine_m).astype(int)
        if columns.min() < 0 or rows.min() < 0 or columns.max() >= fine.shape[0] or rows.max() >= fine.shape[1]:
            return 0.0
        return float(fine[columns, rows].min())

    def not_on_map(self, met: npt.NDArray[np.float64] | None, explained_m: float) -> list[Point]:
        """Points (rows of x, y) that nothing on the map within a distance explains; one for each cell."""
        if met is None or not len(met):
            return []
        cells = np.floor((met - np.array(self.origin)) / self.cell_m).astype(int)
        on_map = ((cells >= 0) & (cells < np.array(self.clearance.shape))).all(axis=1)
        met, cells = met[on_map], cells[on_map]
        alone = self.clearance[cells[:, 0], cells[:, 1]] >= explained_m
        found = {tuple(cell): (x, y) for cell, (x, y) in zip(cells[alone].tolist(), met[alone].tolist(), strict=True)}
        return list(found.values())

    # Rooms and doors ------------------------------------------------------------------------------------------------
    def room(self, point: Point) -> str:
        """The room behind a door in which a point is; empty: none, so a place for everybody."""
        cell = self.cell(point)
        if not self.inside(cell):
            return ""
        number = int(self._rooms[cell])
        if number == 0:  # in furniture: the nearest floor tells
            number = self._nearest_room(cell)
        return self._names.get(number, "")

    def place(self, point: Point) -> str:
        """The named place nearest to a point, in the same room and not far; empty: none."""
        room = self.room(point)
        near = [
            (math.dist(point, pose.point), name)
            for name, pose in self.places.items()
            if not name.startswith(_SEAT) and self.room(pose.point) == room
        ]
        far, name = min(near, default=(math.inf, ""))
        return name if far <= _NEARBY_M else ""

    def private(self, point: Point) -> bool:
        """Whether a point is in somebody's own room."""
        return self.room(point).startswith(PRIVATE)

    def to_a_door(self, point: Point) -> float:
        """How far it is to the middle of the nearest doorway."""
        return min((math.dist(point, door.point) for door in self.doors.values()), default=math.inf)

    def _find_rooms(self) -> npt.NDArray[np.int32]:
        """Number the floor's parts, as they hang together while all doors are shut."""
        free = self.clearance > 0.05
        for door in self.doors.values():
            # The line across the doorway, walls included; two cells thick, so that no diagonal slips through.
            for along in np.arange(-_DOORWAY_M, _DOORWAY_M + 0.01, self.cell_m / 3):
                for through in (-self.cell_m / 2, 0.0, self.cell_m / 2):
                    cell = self.cell((door * Pose(float(through), float(along), 0.0)).point)
                    if self.inside(cell):
                        free[cell] = False
        numbers = np.zeros(free.shape, np.int32)
        self._names: dict[int, str] = {}
        for name, door in self.doors.items():
            start = self.cell((door * Pose(0.6, 0.0, 0.0)).point)
            if not self.inside(start) or not free[start] or numbers[start]:
                continue
            number = len(self._names) + 1
            self._names[number] = name
            _flood(free, numbers, start, number)
        return numbers

    def _nearest_room(self, cell: tuple[int, int]) -> int:
        reach = round(0.8 / self.cell_m)
        best, number = math.inf, 0
        for dx in range(-reach, reach + 1):
            for dy in range(-reach, reach + 1):
                there = cell[0] + dx, cell[1] + dy
                far = math.hypot(dx, dy)
                if self.inside(there) and far < best and self.clearance[there] > 0.05:
                    best, number = far, int(self._rooms[there])
        return number


def _flood(free: npt.NDArray[np.bool_], numbers: npt.NDArray[np.int32], start: tuple[int, int], number: int) -> None:
    queue = deque([start])
    numbers[start] = number
    while queue:
        x, y = queue.popleft()
        for there in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if 0 <= there[0] < free.shape[0] and 0 <= there[1] < free.shape[1] and free[there] and not numbers[there]:
                numbers[there] = number
                queue.append(there)


def _coarse(fine: npt.NDArray[np.float64], step: int) -> npt.NDArray[np.float64]:
    """What the middles of larger cells have, each of `step` by `step` fine ones; what lies over the edge is taken."""
    over = [(0, -size % step) for size in fine.shape]
    columns, rows = (size // step for size in np.add(fine.shape, [each for _, each in over]))
    blocks = np.pad(fine, over).reshape(columns, step, rows, step)
    made: npt.NDArray[np.float64] = blocks.mean(axis=(1, 3))
    return made


def _distances(occupied: npt.NDArray[np.bool_], cell_m: float) -> npt.NDArray[np.float64]:
    """From each cell's middle to the nearest taken cell's, up to FAR_M: along columns first, then across them."""
    reach = math.ceil(FAR_M / cell_m)
    along = np.where(occupied, 0.0, np.inf)
    for _ in range(reach):
        nearer = along.copy()
        nearer[:, 1:] = np.minimum(nearer[:, 1:], along[:, :-1] + 1)
        nearer[:, :-1] = np.minimum(nearer[:, :-1], along[:, 1:] + 1)
        if np.array_equal(nearer, along):
            break
        along = nearer
    squared = along**2
    best = squared.copy()
    for shift in range(1, min(reach, occupied.shape[0] - 1) + 1):
        best[shift:] = np.minimum(best[shift:], squared[:-shift] + shift**2)
        best[:-shift] = np.minimum(best[:-shift], squared[shift:] + shift**2)
    distances: npt.NDArray[np.float64] = np.minimum(np.sqrt(best) * cell_m, FAR_M)
    return distances
