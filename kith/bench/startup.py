"""How long a home takes until every node is ready."""

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kith.bench.floor import floor
from kith.bench.place import started

TARGET_S = 5.0


@dataclass(frozen=True)
class Startup:
    """Seconds; the figures are medians over `runs`, the first start (which warms the files) left out."""

    ready_s: float
    per_node_s: dict[str, float]
    runs: list[float]
    floor_s: float
    """As many bare nodes, median of the same number of runs."""
    nodes: int
    stop_s: float
    target_s: float = TARGET_S

    @property
    def within_target(self) -> bool:
        """Whether the median is as fast as promised."""
        return self.ready_s <= self.target_s


def measure(runs: int) -> Startup:
    """Start a home `runs` times after one that warms the files. Errors: KithError when it does not start."""
    measured, floors = [], []
    for number in range(runs + 1):
        with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder, started(Path(folder)) as home:
            pass
        if number:
            measured.append(home)
            # In turns, so that whatever else the machine does falls on both alike.
            with floor(len(home.per_node_s)) as bare:
                floors.append(bare.ready_s)
    names = measured[0].per_node_s
    return Startup(
        ready_s=round(statistics.median(home.ready_s for home in measured), 3),
        per_node_s={
            name: round(statistics.median(home.per_node_s[name] for home in measured if name in home.per_node_s), 3)
            for name in names
        },
        runs=[round(home.ready_s, 3) for home in measured],
        floor_s=round(statistics.median(floors), 3),
        nodes=len(names),
        stop_s=round(statistics.median(home.stop_s for home in measured), 3),
    )
