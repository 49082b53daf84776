"""How often something was said and how often that was right."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Tally:
    """`hits`: said and true; `false`: said and not true; `missed`: true and not said."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    @property
    def recall(self) -> float | None:
        """Share of what was true that was said; None where nothing was true."""
        true = self.hits + self.missed
        return self.hits / true if true else None

    @property
    def precision(self) -> float | None:
        """Share of what was said that was true; None where nothing was said."""
        said = self.hits + self.false
        return self.hits / said if said else None

    def figures(self) -> dict[str, float | int | None]:
        """For people and machines; `n`: how often it was true."""
        return {
            "precision": None if self.precision is None else round(self.precision, 3),
            "recall": None if self.recall is None else round(self.recall, 3),
            "n": self.hits + self.missed,
        }


@dataclass
class Tallies:
    """One tally for each condition."""

    by_condition: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add(self, conditions: Iterable[str], *, hits: int = 0, false: int = 0, missed: int = 0) -> None:
        """Count one scene under every condition that it had, and under `all`."""
        for each in (*conditions, "all"):
            tally = self.by_condition[each]
            tally.hits, tally.false, tally.missed = tally.hits + hits, tally.false + false, tally.missed + missed

    def figures(self) -> dict[str, dict[str, float | int | None]]:
        """By condition."""
        return {name: self.by_condition[name].figures() for name in sorted(self.by_condition)}

    def gap(self, conditions: Iterable[str]) -> float:
        """Points of recall between the best and the worst of these conditions."""
        recalls = [100 * recall for each in conditions if (recall := self.by_condition[each].recall) is not None]
        return round(max(recalls) - min(recalls), 1) if recalls else 0.0
