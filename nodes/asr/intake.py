"""What arrived of a numbered stream of chunks: lost, late and restarted ones."""

from dataclasses import dataclass
from enum import Enum, auto

_REORDERED = 50  # chunks; further back it is a new stream


class Arrival(Enum):
    """How a chunk stands to the one before."""

    NEXT = auto()
    GAP = auto()
    LATE = auto()
    RESTART = auto()


@dataclass
class Intake:
    """Counts of one microphone. `missing`: how many chunks the last gap had."""

    received: int = 0
    lost: int = 0
    late: int = 0
    restarts: int = 0
    missing: int = 0
    _last: int | None = None

    def take(self, sequence: int) -> Arrival:
        """The next chunk's number."""
        self.received += 1
        self.missing = 0
        last, self._last = self._last, sequence
        if last is None or sequence == last + 1:
            return Arrival.NEXT
        if sequence > last:
            self.missing = sequence - last - 1
            self.lost += self.missing
            return Arrival.GAP
        if last - sequence < _REORDERED and sequence > 1:
            self._last = last
            self.late += 1
            return Arrival.LATE
        self.restarts += 1
        return Arrival.RESTART
