"""How loud somebody in the world is heard at the robot: by distance, and by what stands between."""

import math

from sim.room.distance import level
from sim.worlds.description import World
from sim.worlds.floor_plan import FloorPlan, obstacles
from sim.worlds.placed import Placed

_MICROPHONE_M = 1.25
_STANDING_MOUTH_M, _SITTING_MOUTH_M = 1.5, 1.1


class Ears:
    """Where people are, as last told, and the walls between."""

    def __init__(self, world: World) -> None:
        """Errors: KithError for a world without bounds."""
        self._walls = FloorPlan(tuple(each for each in obstacles(world) if each.tall), 0.0)
        self.people: dict[str, Placed] = {}

    def level(self, resident: str, robot: tuple[float, float]) -> float:
        """A factor for their voice; who is not part of the world is heard as from close by."""
        placed = self.people.get(resident)
        if placed is None:
            return level(0.0, False)
        mouth = _SITTING_MOUTH_M if placed.sits else _STANDING_MOUTH_M
        there = (placed.x_m, placed.y_m)
        distance = math.hypot(math.dist(there, robot), mouth - _MICROPHONE_M)
        return level(distance, not self._walls.clear(robot, there))
