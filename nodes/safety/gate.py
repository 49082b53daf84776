"""What may reach the wheels: a pure decision from requests, bumper, stop button and the body's signs of life.

Times are steady seconds. Velocities in m/s and rad/s in the robot's frame (REP-103: x forward, y left, z up).
"""

import math
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Velocity:
    """Forward, left, and turning left."""

    x: float = 0.0
    y: float = 0.0
    turn: float = 0.0

    @property
    def still(self) -> bool:
        """Whether nothing moves."""
        return not (self.x or self.y or self.turn)

    @property
    def finite(self) -> bool:
        """Whether every part is a number."""
        return math.isfinite(self.x) and math.isfinite(self.y) and math.isfinite(self.turn)


class Halt(StrEnum):
    """Why nothing may move."""

    STOPPED = "stopped by hand"
    BUMPER = "bumper"
    NO_BODY = "body not heard"
    NOT_A_NUMBER = "request is not a number"
    SILENCE = "no request"


@dataclass(frozen=True, slots=True)
class Limits:
    """Fastest travel and turning, and how long silence may last (seconds)."""

    speed: float = 0.5
    turn: float = 1.0
    request_for_s: float = 0.2
    body_for_s: float = 1.0


class Gate:
    """Holds the latest word of everybody; `now(at)` is what the wheels may do."""

    def __init__(self, limits: Limits, *, stopped: bool = False) -> None:
        self._limits = limits
        self.stopped = stopped
        self._bumper = False
        self._bumped = False  # latched until the bumper is free and whoever drove into it has let go
        self._request: tuple[Velocity, float] | None = None
        self._body_at: float | None = None

    def request(self, wanted: Velocity, at: float) -> None:
        """Somebody wants to move."""
        self._request = (wanted, at)
        if self._bumped and not self._bumper and wanted.still:
            self._bumped = False

    def bumper(self, pressed: bool) -> None:
        """The bumper is pressed or free."""
        self._bumper = pressed
        self._bumped |= pressed

    def body(self, at: float) -> None:
        """The body has said something."""
        self._body_at = at

    def halt(self, at: float) -> Halt | None:
        """Why nothing may move at the moment; None: it may."""
        silent = self._request is None or not 0 <= at - self._request[1] <= self._limits.request_for_s
        if silent and not self._bumper:
            self._bumped = False
        if self.stopped:
            return Halt.STOPPED
        if self._bumped:
            return Halt.BUMPER
        if silent:
            return Halt.SILENCE
        assert self._request is not None
        if not self._request[0].finite:
            return Halt.NOT_A_NUMBER
        if self._body_at is None or not 0 <= at - self._body_at <= self._limits.body_for_s:
            return Halt.NO_BODY
        return None

    def now(self, at: float) -> Velocity:
        """What the wheels may do: still, or the request within the limits, its direction kept."""
        if self.halt(at) is not None:
            return Velocity()
        assert self._request is not None
        wanted = self._request[0]
        speed = math.hypot(wanted.x, wanted.y)
        share = min(1.0, self._limits.speed / speed) if speed else 1.0
        turn = max(-self._limits.turn, min(self._limits.turn, wanted.turn))
        return Velocity(wanted.x * share, wanted.y * share, turn)
