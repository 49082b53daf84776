"""A driver's laser scan as the contract has it: metres, no gaps in the numbers, infinite where nothing is met."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ranges = NDArray[np.float32]

_RAYS = 360


@dataclass(frozen=True)
class Cone:
    """What a distance sensor (sonar) measures: the nearest thing within an opening. Angles in rad, distance in m."""

    middle_rad: float
    opening_rad: float
    distance_m: float
    farthest_m: float

    @property
    def met(self) -> bool:
        """Whether there is something."""
        return math.isfinite(self.distance_m) and 0.0 < self.distance_m < self.farthest_m


def cleaned(ranges: Ranges, nearest_m: float, farthest_m: float) -> Ranges | None:
    """The scan to believe; None if it cannot be believed: more than half is no number, or nothing was measured at all.

    Zero and below is how drivers mark angles that are not measured: infinite, as beyond a scanner's edge. What is no
    number takes the nearer of its neighbours, because something may be there. What is nearer than `nearest_m` counts
    as that near, what is beyond `farthest_m` is infinite.
    """
    made = ranges.astype(np.float32, copy=True)
    if not (made > 0.0).any():
        return None
    made[made <= 0.0] = np.inf
    made[made > farthest_m] = np.inf
    unknown = np.isnan(made)
    if not len(made) or unknown.sum() * 2 > len(made):
        return None
    if unknown.any():
        known = np.flatnonzero(~unknown)
        where = np.flatnonzero(unknown)
        after = np.searchsorted(known, where)
        left = made[known[np.maximum(after - 1, 0)]]
        right = made[known[np.minimum(after, len(known) - 1)]]
        made[where] = np.minimum(left, right)
    made[np.isfinite(made) & (made < nearest_m)] = nearest_m
    return made


def all_round(ranges: Ranges, angle_min: float, angle_step: float, cones: tuple[Cone, ...] = ()) -> Ranges:
    """A partial scan and distance sensors as one full turn of `_RAYS` rays from -pi on: the nearest of what each saw.

    A driver's ray covers all directions that are nearer to it than to its neighbours.
    """
    made = np.full(_RAYS, np.inf, np.float32)
    directions = -math.pi + np.arange(_RAYS) * step()
    if len(ranges) and angle_step > 0:
        ray = np.rint((directions - angle_min) / angle_step).astype(int)
        seen = (ray >= 0) & (ray < len(ranges))
        made[seen] = ranges[ray[seen]]
    for cone in cones:
        if cone.met:
            off = (directions - cone.middle_rad + math.pi) % (2 * math.pi) - math.pi
            within = np.abs(off) <= cone.opening_rad / 2
            made[within] = np.minimum(made[within], np.float32(cone.distance_m))
    return made


def step() -> float:
    """The angle between two rays of `all_round`, rad."""
    return 2 * math.pi / _RAYS
