"""What the robot knows of its surroundings: where it is on the floor, who is where, what the scanner meets. Pure.

Frames are REP-105's (`map`, `odom`, `base_link`) and REP-155's (`person_<id>`). Times are steady seconds.
"""

import math

import numpy as np
import numpy.typing as npt

from nodes.base.pose import Frames, Pose
from nodes.motion.floor import Floor
from nodes.motion.people import People
from nodes.motion.travelling import Around, on_map

MAP, PLACE, DOOR, PERSON = "map", "place_", "door_", "person_"
_ODOM_GOOD_FOR_S = 0.5
_LOCALISED_GOOD_FOR_S = 5.0
_SCAN_GOOD_FOR_S = 0.6
_NEAR_M = 3.0


class Surroundings:
    """Filled by topics; asked 20 times a second."""

    def __init__(self, odom_frame: str, base_frame: str = "base_link") -> None:
        self._odom_frame = odom_frame
        self._base_frame = base_frame
        self.frames = Frames()
        self.people = People()
        self._odometry: tuple[Pose, float] | None = None
        self._grid: tuple[npt.NDArray[np.int8], int, int, float, tuple[float, float]] | None = None
        self._floor: Floor | None = None
        self._floor_of: tuple[frozenset[str], int] | None = None
        self._grids = 0
        self._met: tuple[npt.NDArray[np.float64], float] | None = None

    # Told -----------------------------------------------------------------------------------------------------------
    def odometry(self, pose: Pose, now: float) -> None:
        """Where the base is in its odometry's frame. What is no number is not taken."""
        if pose.finite:
            self._odometry = pose, now

    def transform(self, child: str, parent: str, pose: Pose, now: float | None) -> None:
        """A frame in another; `now` None: for good. People are tracked as they move."""
        self.frames.put(child, parent, pose, now)
        if now is not None and child.startswith(PERSON) and pose.finite:
            place = self._in_map(parent, now)
            if place is not None:
                self.people.seen(child.removeprefix(PERSON), place * pose, now)

    def grid(
        self, data: npt.NDArray[np.int8], width: int, height: int, cell_m: float, origin: tuple[float, float]
    ) -> None:
        """The map of the floor. It is made ready when it is first needed."""
        self._grid = data, width, height, cell_m, origin
        self._grids += 1

    def scan(self, points: npt.NDArray[np.float64], now: float) -> None:
        """What the scanner meets, in the robot's frame: rows of x, y."""
        near = points[np.hypot(points[:, 0], points[:, 1]) < _NEAR_M]
        here = self.here(now)
        self._met = (on_map(near, here), now) if here is not None else None

    # Asked ----------------------------------------------------------------------------------------------------------
    def in_odom(self, now: float) -> Pose | None:
        """The base in the frame of its odometry; None: not heard of late."""
        if self._odometry is None or not 0 <= now - self._odometry[1] <= _ODOM_GOOD_FOR_S:
            return None
        return self._odometry[0]

    def here(self, now: float) -> Pose | None:
        """The base on the map; None: not known."""
        base, odom = self.in_odom(now), self._in_map(self._odom_frame, now)
        return odom * base if base is not None and odom is not None else None

    def _in_map(self, frame: str, now: float) -> Pose | None:
        if frame == self._base_frame:
            return self.here(now)
        return self.frames.find(frame, MAP, now, _LOCALISED_GOOD_FOR_S)

    def around(self, now: float) -> Around | None:
        """All of it at once; None: where the robot is, is not known."""
        here = self.here(now)
        if here is None:
            return None
        met = self._met[0] if self._met is not None and now - self._met[1] <= _SCAN_GOOD_FOR_S else None
        return Around(here, self.people.here(now), met)

    def person(self, person_id: str, now: float) -> Pose | None:
        """Where somebody is on the map; None: not known."""
        person = self.people.here(now).get(person_id)
        return person.pose if person is not None else None

    def floor(self) -> Floor | None:
        """The floor with its places and doors; None: no map has been told. Errors: KithError for a damaged one."""
        if self._grid is None:
            return None
        named = frozenset(self.frames.within(PLACE) + self.frames.within(DOOR))
        if self._floor is None or self._floor_of != (named, self._grids):
            self._floor = Floor.from_grid(*self._grid, self._named(PLACE), self._named(DOOR))
            self._floor_of = named, self._grids
        return self._floor

    def _named(self, kind: str) -> dict[str, Pose]:
        found = {}
        for frame in self.frames.within(kind):
            pose = self.frames.find(frame, MAP, math.inf, math.inf)
            if pose is not None:
                found[frame.removeprefix(kind)] = pose
        return found
