"""The time in a simulated world: it goes by the steady clock, its stamps by the time of day. Pure."""

from datetime import datetime, timedelta

from sim.embedded.sound import RATE

_CLOCKS_APART = timedelta(milliseconds=50)


class WorldClock:
    """Started once; told what the steady clock (seconds) and the time of day say."""

    def __init__(self, steady_s: float, started_at: datetime, speed: float = 1.0) -> None:
        """`speed`: how many times faster than real time the world lives."""
        self._started_s, self._started_at, self._speed = steady_s, started_at, speed

    def seconds(self, steady_s: float) -> float:
        """Seconds of the world since the start."""
        return (steady_s - self._started_s) * self._speed

    def frame(self, steady_s: float) -> int:
        """Which frame of its sound, at `RATE`, is sounding."""
        return int(self.seconds(steady_s) * RATE // 1)

    def time(self, seconds: float) -> datetime:
        """The time of day so long after the start."""
        return self._started_at + timedelta(seconds=seconds)

    def frame_at(self, when: datetime) -> int:
        """The frame that sounds at a time of day."""
        return round((when - self._started_at).total_seconds() * RATE)

    def follow(self, steady_s: float, now: datetime) -> bool:
        """Follow the time of day when it was set; tells whether it was. For worlds in real time only."""
        apart = now - self.time(self.seconds(steady_s))
        if moved := abs(apart) > _CLOCKS_APART:
            self._started_at += apart
        return moved
