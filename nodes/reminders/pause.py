"""Waiting before something is tried again: ever longer, so that a long cut does not cost thousands of tries."""

from datetime import UTC, datetime, timedelta

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Pause:
    """Each begins where the last doubled: first `shortest`, at most `longest`. Over until it is begun."""

    def __init__(self, shortest: timedelta, longest: timedelta) -> None:
        self._shortest = shortest
        self._longest = longest
        self.reset()

    def reset(self) -> None:
        """It worked: the next pause is the shortest again."""
        self._next = self._shortest
        self.until = _LONG_AGO

    def begin(self, now: datetime) -> None:
        """It was tried at `now`."""
        self.until = now + self._next
        self._next = min(self._next * 2, self._longest)

    def over(self, now: datetime) -> bool:
        """Whether to try again. A clock that was set back far ends every pause."""
        return now >= self.until or self.until - now > self._longest
