"""What a driver sends, before it is believed: not too often, and not for ever silent."""


class Inlet:
    """One topic of a driver. Times are steady seconds."""

    def __init__(self, fastest_hz: float, silent_after_s: float = 1.0) -> None:
        self._gap_s = 1.0 / fastest_hz
        self._silent_after_s = silent_after_s
        self._taken_s: float | None = None
        self._due_s = float("-inf")
        self.dropped = 0

    def take(self, now_s: float) -> bool:
        """Whether this message counts. A driver that floods is thinned out to the rate that is wanted."""
        if now_s < self._due_s:
            self.dropped += 1
            return False
        # By a schedule rather than by the last one taken: 25 Hz of a driver's 50 Hz stay 25 Hz.
        self._due_s = max(self._due_s + self._gap_s, now_s)
        self._taken_s = now_s
        return True

    def silent(self, now_s: float) -> bool:
        """Whether nothing has come for too long, or ever."""
        return self._taken_s is None or now_s - self._taken_s > self._silent_after_s
