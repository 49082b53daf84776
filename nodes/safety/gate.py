"""What may reach the wheels: a pure decision from requests, the body's senses, its signs of life and the stop button.

Times are steady seconds. Velocities in m/s and rad/s in the robot's frame (REP-103: x forward, y left, z up).
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from nodes.base.pose import Pose
from nodes.safety.scanner import Scanner

_BACKS_OFF_M_S = 0.1


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
    """Why nothing may move. The values are for people; the names, in small letters, are `SafetyState.cause`."""

    STOPPED = "stopped by hand"
    BUTTON = "the stop button in the hand is pressed, or not heard any more"
    BUMPER = "bumper"
    CLIFF = "there is no floor ahead"
    TOUCHED = "somebody touches the robot's head"
    BATTERY = "the battery is empty"
    LIDAR = "the laser scanner cannot be believed"
    NO_BODY = "body not heard"
    NOT_A_NUMBER = "request is not a number"
    SILENCE = "no request"


@dataclass(frozen=True, slots=True)
class Limits:
    """Fastest travel and turning, how long silence may last (seconds), and the charges that slow and stop (0 to 1)."""

    speed: float = 0.5
    turn: float = 1.0
    request_for_s: float = 0.2
    body_for_s: float = 1.0
    button_for_s: float = 2.5
    without_lidar: float = math.inf
    low_battery: float = 0.10
    low_battery_speed: float = 0.2
    empty_battery: float = 0.03


class _Latch:
    """Set by a touch; let go when that is over and whoever drove has let go as well."""

    def __init__(self) -> None:
        self.on = self._felt = self.released = False

    def feel(self, felt: bool) -> None:
        if felt and not self._felt:
            self.released = False
        self._felt = felt
        self.on |= felt

    def let_go(self) -> None:
        self.released = True
        if not self._felt:
            self.on = False


class Gate:
    """Holds the latest word of everybody; `now(at)` is what the wheels may do."""

    def __init__(self, limits: Limits, *, stopped: bool = False) -> None:
        self._limits = limits
        self.stopped = stopped
        self.scanner = Scanner()
        self._latches = {Halt.BUMPER: _Latch(), Halt.CLIFF: _Latch(), Halt.TOUCHED: _Latch()}
        self._button: tuple[bool, float] | None = None
        self._driven = 1.0
        self._charge = math.nan
        self._charging = False
        self._request: tuple[Velocity, float] | None = None
        self._body_at: float | None = None

    def request(self, wanted: Velocity, at: float) -> None:
        """Somebody wants to move."""
        self._request = (wanted, at)
        if wanted.still:
            self._let_go()
        elif not self._latches[Halt.BUMPER].on and wanted.x:
            self._driven = math.copysign(1.0, wanted.x)

    def _let_go(self) -> None:
        for latch in self._latches.values():
            latch.let_go()

    def bumper(self, pressed: bool) -> None:
        """The bumper is pressed or free."""
        self._latches[Halt.BUMPER].feel(pressed)

    def cliff(self, ahead: bool) -> None:
        """The floor ends before the robot, or goes on."""
        self._latches[Halt.CLIFF].feel(ahead)

    def touched(self, touched: bool) -> None:
        """A hand lies on the head, or not: whoever stops a robot so need not know of any button."""
        self._latches[Halt.TOUCHED].feel(touched)

    def button(self, pressed: bool, at: float) -> None:
        """The stop button in somebody's hand speaks."""
        self._button = pressed, at

    def battery(self, charge: float, charging: bool) -> None:
        """The charge, 0 to 1; not a number where it is not known."""
        self._charge, self._charging = charge, charging

    def body(self, at: float, base: Pose | None = None) -> None:
        """The body has said where it is. What is no number is no sign of life."""
        if base is not None and not base.finite:
            return
        self._body_at = at
        if base is not None:
            self.scanner.moved(base)

    def halt(self, at: float) -> Halt | None:
        """Why nothing may move at the moment; None: it may."""
        silent = self._request is None or not 0 <= at - self._request[1] <= self._limits.request_for_s
        if silent:
            self._let_go()
        standing = self.standing(at)
        if standing is not None and not (standing is Halt.BUMPER and not silent and self._backs_off()):
            return standing
        if silent:
            return Halt.SILENCE
        assert self._request is not None
        if not self._request[0].finite:
            return Halt.NOT_A_NUMBER
        if self._body_at is None or not 0 <= at - self._body_at <= self._limits.body_for_s:
            return Halt.NO_BODY
        return None

    def _backs_off(self) -> bool:
        """Whether what is wanted leads straight back from what the bumper has met, after everybody has let go."""
        assert self._request is not None
        wanted = self._request[0]
        back = wanted.x * self._driven < 0.0 and not wanted.y and not wanted.turn
        return back and self._latches[Halt.BUMPER].released

    def standing(self, at: float) -> Halt | None:
        """Why nothing could move, whatever was asked for; None: nothing is wrong."""
        if self.stopped:
            return Halt.STOPPED
        if self._button is not None and (self._button[0] or not 0 <= at - self._button[1] <= self._limits.button_for_s):
            return Halt.BUTTON
        for cause, latch in self._latches.items():
            if latch.on:
                return cause
        if self._charge <= self._limits.empty_battery and not self._charging:
            return Halt.BATTERY
        if self.scanner.trouble(at):
            return Halt.LIDAR
        return None

    def fastest(self) -> float:
        """How fast it may go at all now, m/s."""
        fastest = self._limits.speed
        if not self.scanner.heard:
            fastest = min(fastest, self._limits.without_lidar)
        if self._charge <= self._limits.low_battery:
            fastest = min(fastest, self._limits.low_battery_speed)
        return fastest

    def now(self, at: float) -> Velocity:
        """What the wheels may do: still, or the request within the limits, its direction kept."""
        if self.halt(at) is not None:
            return Velocity()
        assert self._request is not None
        wanted = self._request[0]
        speed = math.hypot(wanted.x, wanted.y)
        if self._latches[Halt.BUMPER].on:
            return Velocity(max(-_BACKS_OFF_M_S, min(_BACKS_OFF_M_S, wanted.x)))
        fastest = min(self.fastest(), self.scanner.fastest(wanted.x, wanted.y))
        share = min(1.0, fastest / speed) if speed else 1.0
        turn = max(-self._limits.turn, min(self._limits.turn, wanted.turn))
        return Velocity(wanted.x * share, wanted.y * share, turn)
