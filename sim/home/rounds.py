"""When nothing is under way: the nodes' answers to the keeper of simulated time, compared round by round."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Answer:
    """What one node said: callbacks it has run so far, when it is next due, real seconds it still waits."""

    work: int
    due: datetime | None = None
    real_wait_s: float = 0.0


@dataclass
class Rounds:
    """Two rounds in a row with the same work mean that no message was being handled or on its way.

    A node that is down is not asked; one that comes or goes begins the comparison anew.
    """

    number: int = 0
    _expected: frozenset[str] = frozenset()
    _answers: dict[str, Answer] = field(default_factory=dict)
    _before: dict[str, int] = field(default_factory=dict)

    def ask(self, nodes: frozenset[str]) -> int:
        """Begin a round with these nodes; returns its number."""
        self._before = {name: each.work for name, each in self._answers.items()} if self.complete else {}
        self.number += 1
        self._expected, self._answers = nodes, {}
        return self.number

    def take(self, node: str, number: int, answer: Answer) -> None:
        """An answer; one to an earlier round says nothing any more."""
        if number == self.number and node in self._expected:
            self._answers[node] = answer

    @property
    def missing(self) -> frozenset[str]:
        """Who has not answered yet."""
        return self._expected - self._answers.keys()

    @property
    def complete(self) -> bool:
        """Whether all have answered."""
        return not self.missing

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way: all have answered, and nobody has worked since the round before."""
        return self.complete and self._before == {name: each.work for name, each in self._answers.items()}

    @property
    def real_wait_s(self) -> float:
        """The longest real wait that anybody has."""
        return max((each.real_wait_s for each in self._answers.values()), default=0.0)

    @property
    def due(self) -> datetime | None:
        """The earliest time that anybody has something to do."""
        return min((each.due for each in self._answers.values() if each.due is not None), default=None)
