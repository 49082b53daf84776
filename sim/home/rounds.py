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
    """A round in which nobody has worked since the answers before means that no message was on its way.

    Why one such round is enough: a node answers when it has nothing left to do, so whatever it has sent went out before
    its answer; the next question is asked only after that, and each process takes what comes in by one socket, in
    order. Whoever was sent something has therefore worked, and says so, when it answers the question.

    A node that is down is not asked; one that comes or goes begins the comparison anew.
    """

    number: int = 0
    news: int = 0
    """How often anybody has told of work."""
    _expected: frozenset[str] = frozenset()
    _answered: set[str] = field(default_factory=set)
    _answers: dict[str, Answer] = field(default_factory=dict)
    _before: dict[str, int] = field(default_factory=dict)

    def ask(self, nodes: frozenset[str]) -> int:
        """Begin a round with these nodes; returns its number."""
        whole = self.complete and nodes == self._expected
        self._before = {name: each.work for name, each in self._answers.items()} if whole else {}
        self.number += 1
        self._expected, self._answered = nodes, set()
        self._answers = {name: each for name, each in self._answers.items() if name in nodes}
        return self.number

    def take(self, node: str, number: int, answer: Answer) -> None:
        """An answer, or more of one that has come already; to an earlier round it says nothing any more."""
        if number != self.number or node not in self._expected:
            return
        known = self._answers.get(node)
        self.news += known is None or known.work != answer.work
        self._answers[node] = answer
        self._answered.add(node)

    def due_by(self, now: datetime) -> frozenset[str]:
        """Who has said that it is due by then, and acts by itself."""
        return frozenset(name for name, each in self._answers.items() if each.due is not None and each.due <= now)

    @property
    def missing(self) -> frozenset[str]:
        """Who has not answered yet."""
        return self._expected - self._answered

    @property
    def complete(self) -> bool:
        """Whether all have answered."""
        return not self.missing

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way: all have answered, and nobody has worked since the answers before."""
        return self.complete and self._before == {name: each.work for name, each in self._answers.items()}

    @property
    def real_wait_s(self) -> float:
        """The longest real wait that anybody has."""
        return max((each.real_wait_s for each in self._answers.values()), default=0.0)

    @property
    def due(self) -> datetime | None:
        """The earliest time that anybody has something to do."""
        return min((each.due for each in self._answers.values() if each.due is not None), default=None)
