"""Driving to a pose on odometry: turn towards it, travel, turn to its heading. Pure; the caller keeps the time.

Metres, radians, seconds; REP-103 axes, REP-105 frame odom.
"""

import math
from dataclasses import dataclass

from nodes.base.pose import Pose, turned


@dataclass(frozen=True, slots=True)
class Manner:
    """How fast, how gently, how exactly."""

    speed: float = 0.35  # m/s
    turn: float = 0.8  # rad/s
    slow_down: float = 0.25  # m/s²
    speed_up: float = 0.4  # m/s²
    near_m: float = 0.05
    near_rad: float = 0.05


class Drive:
    """One journey. Call `step` at a steady rate with the newest odometry."""

    def __init__(self, goal: Pose, manner: Manner, *, give_up_after_s: float) -> None:
        self._goal = goal
        self._manner = manner
        self._give_up_after_s = give_up_after_s
        self._speed = 0.0
        self._arriving = False  # at the place, turning to the goal's heading
        self._best: float | None = None
        self._since_best_s = 0.0

    def remaining_m(self, here: Pose) -> float:
        """Straight-line distance still to go."""
        return math.hypot(self._goal.x - here.x, self._goal.y - here.y)

    @property
    def stuck(self) -> bool:
        """Whether it has come no nearer for too long."""
        return self._since_best_s > self._give_up_after_s

    def step(self, here: Pose, elapsed_s: float) -> tuple[float, float] | None:
        """Forward speed and turning for the next moment; None: arrived. `elapsed_s`: since the last step."""
        manner = self._manner
        distance = self.remaining_m(here)
        # With hysteresis: turning on the spot drifts a little, and must not start the travel again.
        was_arriving, self._arriving = self._arriving, distance <= manner.near_m * (3 if self._arriving else 1)
        if self._arriving is not was_arriving:
            self._best = None
        if self._arriving:
            error = turned(self._goal.heading - here.heading)
            self._note_progress(abs(error), elapsed_s)
            self._speed = 0.0
            return None if abs(error) <= manner.near_rad else (0.0, self._turning(error))
        error = turned(math.atan2(self._goal.y - here.y, self._goal.x - here.x) - here.heading)
        self._note_progress(distance + 0.2 * abs(error), elapsed_s)
        # Facing it comes first; a small error is steered away while travelling.
        facing = max(0.0, math.cos(error)) ** 3 if abs(error) < math.pi / 3 else 0.0
        wanted = min(manner.speed, math.sqrt(2 * manner.slow_down * distance)) * facing
        self._speed = min(wanted, self._speed + manner.speed_up * elapsed_s)
        return self._speed, self._turning(error)

    def _turning(self, error: float) -> float:
        # Slow enough near the end that a 20 Hz loop does not overshoot; fast enough to move a real base.
        size = min(self._manner.turn, max(0.08, 1.8 * abs(error)))
        return math.copysign(size, error) if error else 0.0

    def _note_progress(self, left: float, elapsed_s: float) -> None:
        if self._best is None or left < self._best - 0.02:
            self._best, self._since_best_s = left, 0.0
        else:
            self._since_best_s += elapsed_s
