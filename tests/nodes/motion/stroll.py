"""A robot without inertia among people who do as a test says: for the logic of travel alone."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nodes.base.pose import Pose
from nodes.motion.people import People
from nodes.motion.travelling import Around

STEP_S = 0.05


class Stroll:
    """`people`: each one's pose by the time since the start. `things`: points that the scanner meets."""

    def __init__(self, start: Pose, **people: Callable[[float], Pose]) -> None:
        self.here = start
        self.now = 0.0
        self.movers = people
        self.things: list[tuple[float, float]] = []
        self.nearest = dict.fromkeys(people, math.inf)
        self.fastest = 0.0
        self._people = People()

    def around(self) -> Around:
        for name, mover in self.movers.items():
            self._people.seen(name, mover(self.now), self.now)
        return Around(self.here, self._people.here(self.now), np.array(self.things).reshape(-1, 2))

    def until(self, step: Callable[[Around, float], Any], ended: Callable[[Any], bool], within_s: float) -> Any:
        """Step until it has ended; the last answer."""
        while self.now < within_s:
            doing = step(self.around(), STEP_S)
            if ended(doing):
                return doing
            self._move(doing.speed, doing.turn)
        raise AssertionError(f"not within {within_s} s: {self.here}, {doing}")

    def _move(self, speed: float, turn: float) -> None:
        heading = self.here.heading + turn * STEP_S
        there = Pose(
            self.here.x + speed * STEP_S * math.cos(heading), self.here.y + speed * STEP_S * math.sin(heading), heading
        )
        for name, mover in self.movers.items():
            spot = mover(self.now).point
            if speed > 0.0 and math.dist(there.point, spot) < math.dist(self.here.point, spot):
                self.nearest[name] = min(self.nearest[name], math.dist(there.point, spot))
        self.fastest = max(self.fastest, speed)
        self.here = there
        self.now += STEP_S


def stays(x: float, y: float, heading: float = 0.0) -> Callable[[float], Pose]:
    return lambda _: Pose(x, y, heading)
