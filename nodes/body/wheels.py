"""What a base is told: the last command while it counts, then an explicit standstill. Many drivers keep the last
velocity for ever, so silence is never an order."""

import math
from dataclasses import dataclass

from nodes.body.watchdog import Watchdog

_ZEROS_S = 1.0  # a standstill is repeated for so long: one that gets lost must not keep a robot moving
_ZERO_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Velocity:
    """Forward and left in m/s, turning left in rad/s."""

    x: float = 0.0
    y: float = 0.0
    turn: float = 0.0

    @property
    def finite(self) -> bool:
        """Whether every part is a number."""
        return math.isfinite(self.x) and math.isfinite(self.y) and math.isfinite(self.turn)


STILL = Velocity()


class Wheels:
    """The watchdog of a base that has none. Times are steady seconds."""

    def __init__(self) -> None:
        self._watchdog = Watchdog()
        self._driving = False
        self._zeros_until = float("-inf")
        self._zero_due = float("-inf")

    @property
    def driving(self) -> bool:
        """Whether the base has been told to move, and not yet to stand."""
        return self._driving

    def command(self, wanted: Velocity, now_s: float) -> Velocity:
        """A command from above; what to tell the base. What is no number means stand still."""
        if not wanted.finite or wanted == STILL:
            return self.stand(now_s)
        self._watchdog.heard(now_s)
        self._driving = True
        return wanted

    def stand(self, now_s: float) -> Velocity:
        """Stand still, and say so again for a while: also for a base that has just come (back)."""
        self._driving = False
        self._zeros_until, self._zero_due = now_s + _ZEROS_S, now_s + _ZERO_EVERY_S
        return STILL

    def due(self, now_s: float) -> Velocity | None:
        """What to tell the base now although nobody commands; None: nothing. Asked every 20 ms or more often."""
        if self._driving:
            return None if self._watchdog.may_move(now_s) else self.stand(now_s)
        if now_s < self._zeros_until and now_s >= self._zero_due:
            self._zero_due = now_s + _ZERO_EVERY_S
            return STILL
        return None
