"""What the simulated home does by itself, in simulated time: calls back when the time has come."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count


class Agenda:
    """Callbacks by time. `done` counts those that have run, for the keeper of the time."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.done = 0
        self._order = count()
        self._coming: list[tuple[datetime, int, Callable[[], None]]] = []

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Call so many seconds from now."""
        self.at(self.now + timedelta(seconds=seconds), call)

    def at(self, when: datetime, call: Callable[[], None]) -> None:
        """Call at a time; one in the past comes next."""
        heapq.heappush(self._coming, (when, next(self._order), call))

    def run(self, now: datetime) -> None:
        """Call back all whose time has come, in order."""
        self.now = now
        while self._coming and self._coming[0][0] <= now:
            _, _, call = heapq.heappop(self._coming)
            self.done += 1
            call()

    @property
    def due(self) -> datetime | None:
        """When the next one is."""
        return self._coming[0][0] if self._coming else None

    def shift(self, by: timedelta) -> None:
        """The clock was set by so much; what people do next takes as long as before."""
        self.now += by
        self._coming = [(when + by, order, call) for when, order, call in self._coming]
