"""Who is on the floor, from the pictures of a camera of known height and tilt.

Two ways. Something of a person's size has come to lie where the floor was free, and rises no higher than somebody who
lies: what was there before (tables, beds, mats) is learned while the robot stands, and is none. And a face that is
lower than anybody's in a chair. So who lay there already when the robot came, face turned away, is not noticed;
nor is what is nearer than `nearest_m`, farther than `FARTHEST_M`, or hidden behind something.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from nodes.vision.faces import Face
from nodes.vision.lens import Lens
from nodes.vision.picture import Picture

FARTHEST_M = 5.5
LEARNED_AFTER = 8
"""Looks until what stands about is known."""
_FORGETS = 1 / 3000  # of what was learned, each look: who lies still becomes no piece of furniture within an hour
_DIFFERS = 30.0  # squared deviations from what is known
_CHANGED = 0.5  # so much of the picture at once: the light was turned on or off, it is learned anew
_LYING_M = (0.10, 0.80)  # how high a body that lies seems to rise from its near side
_LONG_M = (0.55, 2.4)
_NARROW_M = 0.22
_LEAST_AREA_M2 = 0.12
_LOW_FACE_M = (0.25, 1.02)  # the middle of a face above the floor; of somebody in a chair it is 1.1 m and more


@dataclass(frozen=True)
class Mount:
    """Where the camera is: metres above the floor, radians downwards."""

    height_m: float
    pitch_rad: float = 0.0


@dataclass(frozen=True)
class Low:
    """Somebody on the floor: radians to the left, metres on the floor from below the camera; `lies`, or sits low."""

    bearing_rad: float
    distance_m: float
    lies: bool

    @property
    def place(self) -> tuple[float, float]:
        """Metres ahead and to the left."""
        return self.distance_m * math.cos(self.bearing_rad), self.distance_m * math.sin(self.bearing_rad)


def nearest_m(lens: Lens, mount: Mount) -> float:
    """How far ahead the floor comes into the picture; infinite for a camera that looks above it."""
    down = mount.pitch_rad + math.atan2(lens.height / 2, lens.focal_px)
    return mount.height_m / math.tan(down) if 0 < down < math.pi / 2 else (0.0 if down > 0 else math.inf)


@dataclass
class FloorWatch:
    """Of one camera that stands still. Made anew, or told to `forget`, when the robot or its head has moved."""

    looks: int = 0
    _known: Any = field(default=None)

    def forget(self) -> None:
        """The view is another one."""
        self._known, self.looks = None, 0

    @property
    def learned(self) -> bool:
        """Whether what stands about is known, so that what is new can be told."""
        return self.looks >= LEARNED_AFTER

    def look(self, picture: Picture, faces: Sequence[Face], lens: Lens, mount: Mount) -> tuple[Low, ...]:
        """Everybody on the floor. `lens`: of the whole picture, as `faces` are. One to two milliseconds."""
        lying = self._lying(picture, lens, mount)
        low = [each for face in faces if (each := _low_face(face, lens, mount)) is not None]
        return (*lying, *(each for each in low if all(math.dist(each.place, other.place) > 1.0 for other in lying)))

    def _lying(self, picture: Picture, lens: Lens, mount: Mount) -> tuple[Low, ...]:
        if picture.small is None:
            return ()
        if self._known is None:
            self._known = cv2.createBackgroundSubtractorMOG2(500, _DIFFERS, detectShadows=True)
        self.looks += 1
        rate = _FORGETS if self.learned else 1.0 / self.looks
        new = self._known.apply(picture.small, learningRate=rate) == 255  # 127 is a shadow
        if not self.learned:
            return ()
        if new.mean() > _CHANGED:
            self.forget()
            return ()
        solid = cv2.morphologyEx(new.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 5), np.uint8))
        solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
        count, patches = cv2.connectedComponents(solid, connectivity=8)
        lens = lens.scaled(picture.small.shape[1] / lens.width)
        found = (_lying(patches == number, lens, mount) for number in range(1, count))
        return tuple(each for each in found if each is not None)


def _low_face(face: Face, lens: Lens, mount: Mount) -> Low | None:
    column, row = face.centre
    distance = lens.distance(face.width)
    height = mount.height_m + distance * math.tan(lens.elevation(row) - mount.pitch_rad)
    if not _LOW_FACE_M[0] <= height <= _LOW_FACE_M[1] or distance > FARTHEST_M:
        return None
    return Low(lens.bearing(column), distance, lies=False)


def _ground_m(lens: Lens, mount: Mount, row: float, height_m: float = 0.0) -> float:
    """How far away something so high is that is seen in this row; infinite at the horizon and above."""
    down = mount.pitch_rad - lens.elevation(row)
    return (mount.height_m - height_m) / math.tan(down) if down > 1e-3 else math.inf


def _lying(patch: npt.NDArray[np.bool_], lens: Lens, mount: Mount) -> Low | None:
    """Whether what is new is, or has beside it, something long and low. Who stands in front is looked past."""
    columns = np.flatnonzero(patch.any(axis=0))
    height = patch.shape[0]
    tops = patch.argmax(axis=0)[columns]
    bottoms = height - 1 - patch[::-1].argmax(axis=0)[columns]
    away = np.array([_ground_m(lens, mount, float(row)) for row in bottoms])
    down = mount.pitch_rad - np.arctan2(lens.height / 2 - tops, lens.focal_px)
    with np.errstate(invalid="ignore"):
        low = (mount.height_m - away * np.tan(down) <= _LYING_M[1]) & (away <= FARTHEST_M)
    low &= _beside_each_other(columns, low)
    if not low.any():
        return None
    distance = float(np.median(away[low]))
    per_pixel = math.hypot(distance, mount.height_m) / lens.focal_px
    top = float(tops[low].min())
    rises = mount.height_m - distance * math.tan(mount.pitch_rad - lens.elevation(top))
    # Whoever stands in front hides a part of it: what is seen on both sides counts together.
    wide = int(low.sum()) * per_pixel
    deep = max(0.0, _ground_m(lens, mount, top, 0.3) - distance) if low.all() else 0.0
    area = int(patch[:, columns[low]].sum()) * per_pixel**2
    long = max(wide, min(deep, 2.0))
    if rises < _LYING_M[0] or not _LONG_M[0] <= long <= _LONG_M[1] or wide < _NARROW_M or area < _LEAST_AREA_M2:
        return None
    return Low(lens.bearing(float(columns[low].mean())), distance + deep / 2, lies=True)


def _beside_each_other(columns: npt.NDArray[np.intp], low: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which low columns have low ones beside them: a single one is the rim of something."""
    wide = np.zeros(int(columns[-1]) + 3, np.uint8)
    wide[columns[low] + 1] = 1
    opened = np.asarray(cv2.morphologyEx(wide[None, :], cv2.MORPH_OPEN, np.ones((1, 3), np.uint8)), np.uint8)
    return np.asarray(opened[0, columns + 1] > 0)
