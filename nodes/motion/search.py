"""A* on the cells of a grid, for robots and for people who walk. Pure."""

import heapq
import math

import numpy as np
import numpy.typing as npt

Cell = tuple[int, int]
"""Column and row."""

_STEPS = [(dx, dy, math.hypot(dx, dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]


def cheapest(cost: npt.NDArray[np.float64], start: Cell, end: Cell, haste: float) -> list[Cell]:
    """The cells of a way between two of them, both included.

    `cost`: what a step into each cell costs, a cell's width being 1; inf where nobody can be. `haste`: 1 looks for the
    very cheapest way; with more it may cost up to so many times as much, and is found sooner.
    Errors: LookupError when there is none.
    """
    # Cells are numbered row by row, in a frame of taken ones: no cell needs a look at the edge.
    width = cost.shape[1] + 2
    costs = np.pad(cost, 1, constant_values=np.inf).ravel().tolist()
    steps = [(dx * width + dy, far) for dx, dy, far in _STEPS]
    first, last = ((x + 1) * width + y + 1 for x, y in (start, end))
    goal_x, goal_y = end[0] + 1, end[1] + 1
    came: dict[int, int] = {}
    best = {first: 0.0}
    queue = [(0.0, first)]
    done = set()
    while queue:
        here = heapq.heappop(queue)[1]
        if here == last:
            way = [here]
            while way[-1] != first:
                way.append(came[way[-1]])
            return [(number // width - 1, number % width - 1) for number in reversed(way)]
        if here in done:
            continue
        done.add(here)
        so_far = best[here]
        for step, far in steps:
            there = here + step
            if there in done:
                continue
            new = so_far + far * costs[there]
            if new < best.get(there, math.inf):
                best[there], came[there] = new, here
                x, y = divmod(there, width)
                heapq.heappush(queue, (new + haste * math.hypot(x - goal_x, y - goal_y), there))
    raise LookupError("there is no way there")
