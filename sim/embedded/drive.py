"""A differential drive in an empty rectangular room: kinematics, odometry, bumper, and the body's own watchdog.

Frames follow REP-103: x forward, y to the left, metres, radians, counter-clockwise. Times are steady seconds.
"""

import math
from dataclasses import dataclass

from nodes.body.watchdog import Watchdog

_STEP_S = 0.01


@dataclass(frozen=True)
class Chassis:
    """Measures of a Pepper-class base, and the room it stands in the middle of."""

    radius_m: float = 0.28
    wheel_distance_m: float = 0.40
    wheel_speed_m_s: float = 0.55
    room_x_m: float = 8.0
    room_y_m: float = 6.0


@dataclass(frozen=True)
class Pose:
    """Where the base is, since it started at the origin."""

    x_m: float = 0.0
    y_m: float = 0.0
    heading_rad: float = 0.0


class Drive:
    """The moving base. `advance` brings it to a moment; nothing moves between calls that was not asked for."""

    def __init__(self, now_s: float, chassis: Chassis | None = None) -> None:
        self._chassis = chassis or Chassis()
        self._watchdog = Watchdog()
        self._now_s = now_s
        self._commanded = (0.0, 0.0)
        self.pose = Pose()
        self.speed_m_s = 0.0
        self.turn_rad_s = 0.0
        self.bumped = False
        self.driven_m = 0.0

    def command(self, speed_m_s: float, turn_rad_s: float, now_s: float) -> None:
        """Drive so until the next command, and for 250 ms at most.

        Wheels have a top speed: a command beyond it is scaled, so that the curve stays the same.
        Errors: ValueError for a number that is none; the base stands still then.
        """
        self.advance(now_s)
        if not (math.isfinite(speed_m_s) and math.isfinite(turn_rad_s)):
            self._commanded = (0.0, 0.0)
            raise ValueError("a velocity that is not a number")
        half = self._chassis.wheel_distance_m / 2
        fastest = max(abs(speed_m_s - turn_rad_s * half), abs(speed_m_s + turn_rad_s * half))
        scale = min(1.0, self._chassis.wheel_speed_m_s / fastest) if fastest else 1.0
        self._commanded = (speed_m_s * scale, turn_rad_s * scale)
        self._watchdog.heard(now_s)

    def advance(self, now_s: float) -> None:
        """Move on to `now_s`. A call that comes late changes nothing: the watchdog's moment is kept exactly."""
        moving_until = min(now_s, self._watchdog.deadline_s)
        moving_s = max(0.0, moving_until - self._now_s)
        steps = math.ceil(moving_s / _STEP_S)
        for _ in range(steps):
            self._move(*self._commanded, moving_s / steps)
        self._now_s = max(self._now_s, now_s)
        if not self._watchdog.may_move(now_s):
            self._commanded = (0.0, 0.0)
            self.speed_m_s = self.turn_rad_s = 0.0

    def _move(self, speed_m_s: float, turn_rad_s: float, step_s: float) -> None:
        heading = self.pose.heading_rad + turn_rad_s * step_s
        middle = self.pose.heading_rad + turn_rad_s * step_s / 2
        wanted_x = self.pose.x_m + speed_m_s * step_s * math.cos(middle)
        wanted_y = self.pose.y_m + speed_m_s * step_s * math.sin(middle)
        reach_x = self._chassis.room_x_m / 2 - self._chassis.radius_m
        reach_y = self._chassis.room_y_m / 2 - self._chassis.radius_m
        x, y = max(-reach_x, min(reach_x, wanted_x)), max(-reach_y, min(reach_y, wanted_y))
        # Touching is enough: a base pressed against a wall and turned off it has left it.
        self.bumped = (x, y) != (wanted_x, wanted_y) or (self.bumped and speed_m_s == 0.0)
        moved = math.hypot(x - self.pose.x_m, y - self.pose.y_m)
        self.driven_m += moved
        self.pose = Pose(x, y, math.atan2(math.sin(heading), math.cos(heading)))
        self.speed_m_s = math.copysign(moved / step_s, speed_m_s)
        self.turn_rad_s = turn_rad_s
