"""Whether somebody attends to the robot: from how far they are and whether they look here, with patience for a glance
aside. ROS 4 HRI's levels of engagement; nothing is guessed of what anybody feels."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Level(IntEnum):
    """As in hri_msgs/EngagementLevel."""

    UNKNOWN = 0
    DISENGAGED = 1
    ENGAGING = 2
    ENGAGED = 3
    DISENGAGING = 4


@dataclass(frozen=True)
class Manner:
    """`near_m`: within it a look counts; `after`: so long a look is attention; `aside`: so long a glance aside is
    nothing; `ended`: so long without a look and it is over."""

    near_m: float = 3.0
    after: timedelta = timedelta(seconds=0.6)
    aside: timedelta = timedelta(seconds=1.2)
    ended: timedelta = timedelta(seconds=4)


@dataclass
class Attention:
    """Of one person. Hand in what each picture shows, in order of time."""

    manner: Manner = Manner()
    level: Level = Level.UNKNOWN
    _looks_since: datetime | None = None
    _looked_at: datetime | None = None

    def see(self, now: datetime, *, facing: bool, distance_m: float) -> Level:
        """One picture: whether the face looks here, and from how far. Returns the level."""
        if facing and distance_m <= self.manner.near_m:
            if self._looks_since is None:
                self._looks_since = now
            self._looked_at = now
            if self.level in (Level.ENGAGED, Level.DISENGAGING) or now - self._looks_since >= self.manner.after:
                self.level = Level.ENGAGED
            else:
                self.level = Level.ENGAGING
            return self.level
        away = None if self._looked_at is None else now - self._looked_at
        if away is None or away >= self.manner.ended:
            self.level = Level.DISENGAGED
            self._looks_since = None
        elif away >= self.manner.aside:
            self.level = Level.DISENGAGING if self.level in (Level.ENGAGED, Level.DISENGAGING) else Level.DISENGAGED
            self._looks_since = None
        return self.level
