"""Where people are, how they move, and whether they are uneasy about the robot. Pure; times are steady seconds."""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from nodes.base.pose import Pose, turned

Point = tuple[float, float]

GOOD_FOR_S = 2.5
"""So long a place counts as somebody's own after it was told last."""
_REMEMBERED_S = 1.5
_SPEED_OVER_S = 0.5
_BACK_M = 0.18
_BACK_WITHIN_S = 1.3
_FACING_RAD = 1.2
WALKS_M_S = 0.25
"""Faster than this somebody walks, and does not only shift."""


@dataclass
class Person:
    """Somebody in the frame `map`. `past`: time and place, oldest first."""

    pose: Pose
    seen_at: float
    past: deque[tuple[float, Pose]] = field(default_factory=deque)
    _speed: tuple[float, float] = (0.0, 0.0)
    _speed_at: float = math.nan

    @property
    def velocity(self) -> tuple[float, float]:
        """m/s, over the last half second."""
        if self._speed_at != self.past[-1][0]:  # asked far more often than somebody is seen
            self._speed_at, self._speed = self.past[-1][0], self._look_back()
        return self._speed

    def _look_back(self) -> tuple[float, float]:
        now, newest = self.past[-1]
        for when, pose in self.past:
            if now - when <= _SPEED_OVER_S and now > when:
                span = now - when
                return (newest.x - pose.x) / span, (newest.y - pose.y) / span
        return 0.0, 0.0

    @property
    def walks(self) -> bool:
        """Whether they are on their way somewhere."""
        return math.hypot(*self.velocity) > WALKS_M_S

    def distance(self, point: Point) -> float:
        """From their middle, metres."""
        return math.dist(self.pose.point, point)

    def bearing(self, point: Point) -> float:
        """How far round from the way they face a point is; 0: straight before them."""
        return turned(math.atan2(point[1] - self.pose.y, point[0] - self.pose.x) - self.pose.heading)

    def steps_back(self, robot: Point) -> bool:
        """Whether they have just moved backwards, away from the robot, with their face to it."""
        now = self.past[-1][0]
        if abs(self.bearing(robot)) > _FACING_RAD:
            return False
        for when, was in self.past:
            if now - when > _BACK_WITHIN_S:
                continue
            moved = self.pose.x - was.x, self.pose.y - was.y
            back = -(moved[0] * math.cos(self.pose.heading) + moved[1] * math.sin(self.pose.heading))
            away = self.distance(robot) - math.dist(was.point, robot)
            if back > _BACK_M * 0.8 and away > _BACK_M and abs(turned(was.heading - self.pose.heading)) < 0.6:
                return True
        return False


class People:
    """Everybody whose place is told."""

    def __init__(self) -> None:
        self._known: dict[str, Person] = {}

    def seen(self, person_id: str, pose: Pose, now: float) -> None:
        """Somebody is there. What is no number is not taken."""
        if not pose.finite:
            return
        person = self._known.get(person_id)
        if person is None or now - person.seen_at > _REMEMBERED_S or now < person.seen_at:
            person = self._known[person_id] = Person(pose, now)
        person.pose, person.seen_at = pose, now
        person.past.append((now, pose))
        while now - person.past[0][0] > _REMEMBERED_S:
            person.past.popleft()

    def here(self, now: float) -> Mapping[str, Person]:
        """Those whose place is still good."""
        self._known = {name: each for name, each in self._known.items() if abs(now - each.seen_at) <= GOOD_FOR_S}
        return self._known
