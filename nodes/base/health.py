"""A node's health, as `/diagnostics` tells it: one status per node, once a second, never with personal data."""

from dataclasses import dataclass, field
from enum import IntEnum


class Level(IntEnum):
    """The levels of diagnostic_msgs/DiagnosticStatus."""

    OK = 0
    WARN = 1
    ERROR = 2


@dataclass
class Health:
    """What is wrong, what is waited for, and figures worth a look. Plain data; the life cycle publishes it."""

    active: bool = False
    _problems: dict[str, tuple[Level, str]] = field(default_factory=dict)
    _waiting: dict[str, None] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def warn(self, name: str, message: str) -> None:
        """Something works less well; `name` identifies it until `clear(name)`."""
        self._problems[name] = (Level.WARN, message)

    def error(self, name: str, message: str) -> None:
        """Something does not work; the message says what to do."""
        self._problems[name] = (Level.ERROR, message)

    def clear(self, name: str) -> None:
        """The problem `name` is over."""
        self._problems.pop(name, None)

    def wait_for(self, what: str) -> None:
        """Say that a peer or thing is missing, until `found(what)`."""
        self._waiting[what] = None

    def found(self, what: str) -> None:
        """The awaited thing is there."""
        self._waiting.pop(what, None)

    def count(self, name: str, by: int = 1) -> None:
        """Add to a counter shown among the values."""
        self.values[name] = str(int(self.values.get(name, "0")) + by)

    @property
    def level(self) -> Level:
        """The worst of all problems; waiting is a warning."""
        worst = max((level for level, _ in self._problems.values()), default=Level.OK)
        return max(worst, Level.WARN) if self._waiting else worst

    @property
    def message(self) -> str:
        """One line: the worst first."""
        problems = sorted(self._problems.values(), key=lambda problem: -problem[0])
        parts = [text for _, text in problems]
        if self._waiting:
            parts.append("waiting for " + ", ".join(self._waiting))
        if parts:
            return "; ".join(parts)
        return "ready" if self.active else "starting"
