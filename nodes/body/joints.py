"""Joint targets within what a robot can do, and joints that do not get there. Plain logic; times are steady seconds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from culture_profiles.errors import KithError

_NEAR_RAD = 0.15
_LATE_S = 3.0


@dataclass(frozen=True)
class Limit:
    """Ends in rad, and the fastest in rad/s."""

    lower: float
    upper: float
    fastest: float


def read_limits(path: Path) -> dict[str, Limit]:
    """Limits by joint. Errors: KithError that names file and joint."""
    content = yaml.safe_load(path.read_text())
    limits = {}
    for name, given in content["joints"].items():
        try:
            limit = Limit(*(float(given[key]) for key in ("lower", "upper", "fastest")))
        except (KeyError, TypeError, ValueError):
            raise KithError(f"{path}: joint {name} needs lower, upper and fastest as numbers") from None
        if not limit.lower < limit.upper or limit.fastest <= 0:
            raise KithError(f"{path}: joint {name} has no room to move")
        limits[name] = limit
    return limits


class Joints:
    """What was asked of the joints, and what they did."""

    def __init__(self, limits: Mapping[str, Limit]) -> None:
        self._limits = limits
        self._wanted: dict[str, tuple[float, float]] = {}
        self._off: dict[str, float] = {}

    def aim(self, targets: Mapping[str, float], now_s: float) -> dict[str, float]:
        """The targets to send: within the limits.

        Errors: ValueError for an unknown joint or a number that is none; nothing shall move then.
        """
        if unknown := sorted(set(targets) - set(self._limits)):
            raise ValueError(f"no joint called {unknown[0]!r}")
        if not all(map(math.isfinite, targets.values())):
            raise ValueError("a target is not a number")
        made = {}
        for name, angle in targets.items():
            limit = self._limits[name]
            made[name] = min(max(angle, limit.lower), limit.upper)
            before = self._wanted.get(name)
            if before is None or abs(before[0] - made[name]) > 1e-3:
                self._wanted[name] = (made[name], now_s)
        return made

    def told(self, angles: Mapping[str, float], now_s: float) -> None:
        """Where the joints are."""
        for name, (wanted, since_s) in self._wanted.items():
            angle = angles.get(name, math.nan)
            if abs(angle - wanted) < _NEAR_RAD:
                self._off.pop(name, None)
            else:
                self._off.setdefault(name, max(since_s, now_s))

    def late(self, now_s: float) -> list[str]:
        """Joints that should have arrived long ago: blocked, too hot, or without stiffness."""
        return sorted(name for name, off_s in self._off.items() if now_s - max(off_s, self._wanted[name][1]) > _LATE_S)
