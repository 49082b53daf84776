"""The last hand's breadth to the dock: creep on until the battery charges. Pure; metres, seconds."""

import math

from nodes.base.pose import Pose

DOCK = "dock"
"""The place of the charging station."""
_CREEP_M_S = 0.05
_CREEP_M = 0.3
_SETTLES_S = 2.0
"""So long a charger may take to notice the robot."""


class Docking:
    """Begun where the dock's place is; `step` until it has ended."""

    def __init__(self, *, battery_tells: bool) -> None:
        """`battery_tells`: whether the body says if it charges. Where it does not, being there is all that is known."""
        self._battery_tells = battery_tells
        self._begun_at: Pose | None = None
        self._stood_s = 0.0

    def step(self, here: Pose, charging: bool, elapsed_s: float) -> float | tuple[bool, str]:
        """The speed for the next moment, or whether it is done, and why not."""
        if charging or not self._battery_tells:
            return True, ""
        self._stood_s += elapsed_s
        if self._stood_s < _SETTLES_S:
            return 0.0
        self._begun_at = self._begun_at or here
        if math.dist(self._begun_at.point, here.point) < _CREEP_M and self._stood_s < 3 * _CREEP_M / _CREEP_M_S:
            return _CREEP_M_S
        return False, "the robot stands at its dock, but the battery does not charge: look at the plug and the contacts"
