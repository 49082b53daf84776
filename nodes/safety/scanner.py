"""What the laser scanner says to moving: how fast in which direction, and whether it can be believed. Pure.

Metres, radians, steady seconds; the robot's frame (REP-103). Ranges as in sensor_msgs/LaserScan and REP-117: plus
infinity is nothing met, minus infinity too near to measure, not a number a failed measurement.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nodes.base.pose import Pose, turned

RADIUS_M = 0.28
"""Half the robot's width."""
_SIDE_M = 0.08
_TOUCHES_M = 0.015
_BESIDE_SPEED = 0.15
"""Past what is so near beside it."""
_GAP_M = 0.06
"""So near it stands from what it drives up to."""
_REACTION_S = 0.3
_BRAKES_M_S2 = 0.6
_NEAR_M = 0.9
_NEAR_SPEED = 0.25
_SILENT_S = 0.8
_FAILED_SHARE = 0.6
_SAME_SCANS = 6
_MOVED_M, _MOVED_RAD = 0.08, 0.12
"""After so much of its own motion a living scanner sees something else."""


@dataclass(frozen=True)
class Turn:
    """One turn of the scanner: `ranges` counter-clockwise from `angle_min`, and the stamp as seconds."""

    ranges: npt.NDArray[np.float64]
    angle_min: float
    angle_step: float
    range_min: float
    range_max: float
    stamp_s: float


class Scanner:
    """The newest turn, and what earlier ones tell about whether it lives."""

    def __init__(self) -> None:
        self.mounted = Pose(0.0, 0.0, 0.0)
        """Where the scanner is on the robot."""
        self._heard_at: float | None = None
        self._points: npt.NDArray[np.float64] = np.zeros((0, 2))
        self._failed = False
        self._newest: Turn | None = None
        self._same = 0
        self._same_stamp = 0
        self._moved_m = self._moved_rad = 0.0
        self._base: Pose | None = None

    @property
    def heard(self) -> bool:
        """Whether there is a scanner at all."""
        return self._heard_at is not None

    def turn(self, scan: Turn, at: float) -> None:
        """A turn has come in."""
        before, self._newest, self._heard_at = self._newest, scan, at
        ranges = scan.ranges
        numbers = ~np.isnan(ranges)
        self._failed = not len(ranges) or float(numbers.mean()) < 1.0 - _FAILED_SHARE
        if before is not None and np.array_equal(before.ranges, ranges, equal_nan=True):
            self._same += 1
        else:
            self._same, self._moved_m, self._moved_rad = 0, 0.0, 0.0
        self._same_stamp = self._same_stamp + 1 if before is not None and before.stamp_s == scan.stamp_s else 0
        angles = scan.angle_min + scan.angle_step * np.arange(len(ranges))
        too_near = ranges == -np.inf
        met = np.isfinite(ranges) & (ranges >= scan.range_min) & (ranges <= scan.range_max)
        far = np.where(too_near, scan.range_min, ranges)[met | too_near]
        at_angle = angles[met | too_near] + self.mounted.heading
        self._points = np.stack(
            [self.mounted.x + far * np.cos(at_angle), self.mounted.y + far * np.sin(at_angle)], axis=1
        )

    def moved(self, base: Pose) -> None:
        """Where the base has got to, by its wheels."""
        if self._base is not None:
            self._moved_m += math.dist(self._base.point, base.point)
            self._moved_rad += abs(turned(base.heading - self._base.heading))
        self._base = base

    def trouble(self, at: float) -> str:
        """Why it cannot be believed, for people; empty: it can, or there is none."""
        if self._heard_at is None:
            return ""
        if not 0 <= at - self._heard_at <= _SILENT_S:
            return "the laser scanner has fallen silent"
        if self._failed:
            return "the laser scanner measures nothing but errors"
        moved = self._moved_m > _MOVED_M or self._moved_rad > _MOVED_RAD
        if self._same_stamp >= _SAME_SCANS or (self._same >= _SAME_SCANS and moved):
            return "the laser scanner is frozen: it tells the same again and again"
        return ""

    def fastest(self, x: float, y: float) -> float:
        """How fast the robot may go in the direction of this velocity, m/s."""
        speed = math.hypot(x, y)
        if not len(self._points) or speed == 0.0:
            return math.inf
        along = (self._points[:, 0] * x + self._points[:, 1] * y) / speed
        beside = np.abs(self._points[:, 0] * y - self._points[:, 1] * x) / speed
        fastest = math.inf
        if ((along > 0.0) & (along < _NEAR_M / 2) & (beside < RADIUS_M + _SIDE_M)).any():
            fastest = _BESIDE_SPEED
        in_way = (along > 0.0) & (beside < RADIUS_M + _TOUCHES_M)
        if not in_way.any():
            return fastest
        # To the robot's round edge, on the line on which the thing would meet it.
        reach = np.sqrt(np.maximum(0.0, RADIUS_M**2 - beside[in_way] ** 2))
        free = float((along[in_way] - reach).min()) - _GAP_M
        if free <= 0.0:
            return 0.0
        # Reaction first, then braking: v t + v²/2a = free.
        brakes = _BRAKES_M_S2
        fastest = min(fastest, brakes * (math.sqrt(_REACTION_S**2 + 2 * free / brakes) - _REACTION_S))
        return min(fastest, _NEAR_SPEED) if free < _NEAR_M else fastest

    def points(self) -> npt.NDArray[np.float64]:
        """What is met, in the robot's frame: rows of x, y."""
        return self._points
