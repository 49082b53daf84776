"""What the simulated home does by itself, in simulated time: calls back when the time has come."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

_Entry = tuple[datetime, int, Callable[[], None]]


class Agenda:
    """Callbacks by time. `done` counts those that have run, for the keeper of the time."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.done = 0
        self._order = count()
        self._coming: list[_Entry] = []
        self._dropped: set[int] = set()

    def after(self, seconds: float, call: Callable[[], None]) -> int:
        """Call so many seconds from now; returns what `drop` wants."""
        return self.at(self.now + timedelta(seconds=seconds), call)

    def at(self, when: datetime, call: Callable[[], None]) -> int:
        """Call at a time; one in the past comes next."""
        number = next(self._order)
        heapq.heappush(self._coming, (when, number, call))
        return number

    def drop(self, number: int) -> None:
        """It is not to happen any more: time need not stop there. Harmless for one that has happened."""
        self._dropped.add(number)
        self._forget_dropped()

    def run(self, now: datetime) -> None:
        """Call back all whose time has come, in order."""
        self.now = now
        while self._coming and self._coming[0][0] <= now:
            _, _, call = heapq.heappop(self._coming)
            self.done += 1
            call()
            self._forget_dropped()

    @property
    def due(self) -> datetime | None:
        """When the next one is."""
        return self._coming[0][0] if self._coming else None

    def shift(self, by: timedelta) -> None:
        """The clock was set by so much; what people do next takes as long as before."""
        self.now += by
        self._coming = [(when + by, order, call) for when, order, call in self._coming]

    def _forget_dropped(self) -> None:
        while self._coming and self._coming[0][1] in self._dropped:
            self._dropped.discard(heapq.heappop(self._coming)[1])
