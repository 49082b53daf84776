"""Floors to test moving on: the care home's own, and small ones drawn with letters."""

from functools import cache

import numpy as np

from nodes.base.pose import Pose
from nodes.motion.floor import Floor
from sim.worlds import sdf
from sim.worlds.mapping import home_map


@cache
def care_home() -> Floor:
    home = home_map(sdf.read(sdf.CARE_HOME))
    return Floor(home.occupied, home.cell_m, home.origin, home.named("place_"), home.named("door_"))


def drawn(
    *rows: str, cell_m: float = 0.1, places: dict[str, Pose] | None = None, doors: dict[str, Pose] | None = None
) -> Floor:
    """`#` is taken; the last row is the lowest, its first cell at the origin."""
    grid = np.array([[letter == "#" for letter in row] for row in reversed(rows)]).T
    return Floor(grid, cell_m, (0.0, 0.0), places, doors)


def room(width_m: float, depth_m: float) -> Floor:
    """Four walls."""
    width, depth = round(width_m * 10), round(depth_m * 10)
    rows = ["#" * width, *["#" + " " * (width - 2) + "#"] * (depth - 2), "#" * width]
    return drawn(*rows)
