"""Travel among people: along a way, slowly where it is narrow, never up to anybody, waiting and going round. Pure.

Metres and radians in the frame `map`; the caller keeps the time, steps at about 20 Hz, and hands in what is around.
Care rule 20: it never blocks a door or a person, so it does not wait in a doorway, and makes way.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from nodes.base.pose import Pose, turned
from nodes.motion.drive import Manner
from nodes.motion.floor import Floor, Point
from nodes.motion.people import Person
from nodes.motion.planner import RADIUS_M, NoWayError, Obstacle, Planner, distance_to, length

KEEP_M = 0.65
"""No nearer to anybody, from middle to middle, unless they come themselves."""
WIDER_M = 0.07
"""Ways are planned so much wider, so that nothing holds the robot on them."""
_REACTION_S = 0.45
_CARROT_M = 0.45
_AHEAD_M = 1.3
_AT_GOAL_M = 0.08
_NARROW_M = 0.45
_NARROW_SPEED = 0.25
_NEAR_PEOPLE_M = 1.5
_NEAR_PEOPLE_SPEED = 0.25
_COMING_S = 1.5  # how far ahead others' walking is thought
_LEADS_AWAY = -0.5  # cosine of the angle to somebody from which on it only makes room for them
THING_M = RADIUS_M + 0.06
_EXPLAINED_M = 0.18  # what the scanner meets so near to something on the map is that
_BODY_M = 0.45
_LOOK_AGAIN_S = 1.0
_WAITS_S = 2.0
_MAKES_WAY_AFTER_S = 5.0
_FROM_DOORS_M = 0.95
_FROM_PEOPLE_M = 1.1
_DETOUR_M, _DETOURS = 1.5, 3  # so much longer a way is another way, so often
_STANDS_M_S = 0.03
_BESIDE_RAD = 1.2


@dataclass(frozen=True)
class Around:
    """What is around the robot: where it is itself, everybody by id, and what the scanner meets."""

    here: Pose
    people: Mapping[str, Person] = field(default_factory=dict)
    met: npt.NDArray[np.float64] | None = None
    """Rows of x, y."""


def on_map(points: npt.NDArray[np.float64], here: Pose) -> npt.NDArray[np.float64]:
    """Points of the robot's frame (rows of x, y) in the frame `map`."""
    cosine, sine = math.cos(here.heading), math.sin(here.heading)
    placed: npt.NDArray[np.float64] = points @ np.array([[cosine, sine], [-sine, cosine]]) + np.array(here.point)
    return placed


class State(Enum):
    """How a journey stands."""

    TRAVELLING = "travelling"
    WAITING = "waiting"
    ARRIVED = "arrived"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Step:
    """Forward speed (m/s) and turning (rad/s) for the next moment, and how it stands."""

    speed: float
    turn: float
    state: State


class Traveller:
    """Goes to one goal after the other. One per journey."""

    def __init__(self, planner: Planner, manner: Manner, *, give_up_after_s: float) -> None:
        """It gives up after so long without coming nearer, whatever stands in the way."""
        self._planner = planner
        self._manner = manner
        self._give_up_after_s = give_up_after_s
        self._goal: Pose | None = None
        self._keep: Mapping[str, float] = {}
        self._way: tuple[Point, ...] = ()
        self._problem: NoWayError | None = None
        self._speed = 0.0
        self._since_look_s = math.inf
        self._blocked_s = 0.0
        self._arriving = False
        self._best_m = math.inf
        self._detours = 0
        self._since_best_s = 0.0
        self._refuge: Point | None = None
        self._met: Any = None
        self._things: list[Point] = []

    @property
    def floor(self) -> Floor:
        """What it travels on."""
        return self._planner.floor

    @property
    def goal(self) -> Pose | None:
        """Where it is going."""
        return self._goal

    @property
    def problem(self) -> str:
        """Why there is no way at the moment; empty: there is one."""
        return str(self._problem) if self._problem is not None else ""

    def head_for(self, goal: Pose, keep: Mapping[str, float] | None = None) -> None:
        """Go there from now on. `keep`: distances to people that differ from the usual."""
        self._keep = keep or {}
        if self._goal is None or math.dist(goal.point, self._goal.point) > 0.02:
            self._way, self._since_look_s, self._arriving, self._refuge = (), math.inf, False, None
            self._best_m, self._detours = math.inf, 0
        self._goal = goal

    def remaining_m(self, here: Pose) -> float:
        """The way still to go; the straight distance while there is none."""
        if self._goal is None:
            return 0.0
        return length(here.point, self._way) if self._way else math.dist(here.point, self._goal.point)

    # ----------------------------------------------------------------------------------------------------------------
    def step(self, around: Around, elapsed_s: float) -> Step:
        """What to do in the next moment. `elapsed_s`: since the last step."""
        here, goal = around.here, self._goal
        if goal is None:
            return Step(0.0, 0.0, State.ARRIVED)
        self._since_look_s += elapsed_s
        distance = math.dist(here.point, goal.point)
        self._arriving = distance <= _AT_GOAL_M * (2.5 if self._arriving else 1.0)
        if self._arriving:
            return self._turn_to(turned(goal.heading - here.heading))
        self._note_progress(here, elapsed_s)
        if self._since_best_s > self._give_up_after_s:
            return Step(0.0, 0.0, State.GIVEN_UP)
        if not self._way and self._since_look_s >= _LOOK_AGAIN_S:
            self._look_for_way(around)
        if not self._way:
            self._blocked_s += elapsed_s
            self._make_way(around)
            if not self._way:
                self._speed = 0.0
                return Step(0.0, 0.0, State.WAITING)
        return self._follow(around, elapsed_s)

    def wait(self, around: Around, elapsed_s: float) -> Step:
        """There is nowhere to go just now: wait, and where the robot is in the way, make way."""
        self._goal = None
        self._since_look_s += elapsed_s
        self._blocked_s += elapsed_s
        if not self._way:
            self._make_way(around)
        if self._way and self._refuge is not None:
            return replace(self._follow(around, elapsed_s), state=State.WAITING)
        self._way, self._speed = (), 0.0
        return Step(0.0, 0.0, State.WAITING)

    def things(self, around: Around) -> list[Point]:
        """What stands there that is not on the map."""
        return self._unexplained(around)

    def _turn_to(self, error: float) -> Step:
        self._speed = 0.0
        if abs(error) <= self._manner.near_rad:
            return Step(0.0, 0.0, State.ARRIVED)
        return Step(0.0, self._turning(error), State.TRAVELLING)

    def _turning(self, error: float) -> float:
        size = min(self._manner.turn, max(0.08, 1.8 * abs(error)))
        return math.copysign(size, error) if error else 0.0

    def _note_progress(self, here: Pose, elapsed_s: float) -> None:
        left = length(here.point, self._way) if self._way and self._refuge is None else math.inf
        if left < self._best_m - 0.05:
            self._best_m, self._since_best_s = left, 0.0
        else:
            self._since_best_s += elapsed_s

    # The way --------------------------------------------------------------------------------------------------------
    def _look_for_way(self, around: Around) -> None:
        self._since_look_s = 0.0
        if self._goal is None:
            self._way, self._refuge = (), None
            return
        here, goal = around.here.point, self._goal.point
        people, things = self._obstacles(around)
        # Where only people are in the way, it goes up to them: they see that it wants to pass.
        for obstacles in ([*people, *things], [*self._only_kept(people, around), *things]):
            try:
                self._way = self._planner.way(here, goal, obstacles)
            except NoWayError as problem:
                self._way, self._problem = (), problem
                continue
            self._problem, self._refuge = None, None
            self._note_detour(length(here, self._way))
            return

    def _note_detour(self, left_m: float) -> None:
        """Progress is counted on the newest way; but who goes to and fro before the same door makes none."""
        if left_m > self._best_m + _DETOUR_M and self._detours < _DETOURS:
            self._best_m = left_m
            self._detours += 1

    def _only_kept(self, people: list[Obstacle], around: Around) -> list[Obstacle]:
        """Those of them whose distance the journey itself is about."""
        kept = {around.people[name].pose.point for name in self._keep if name in around.people}
        return [each for each in people if (each.x, each.y) in kept]

    def _obstacles(self, around: Around) -> tuple[list[Obstacle], list[Obstacle]]:
        """People who stand, and things."""
        made = []
        for name, person in around.people.items():
            x, y = person.pose.point
            if person.walks:
                continue  # where they are now they will not be: they are given way when near
            made.append(Obstacle(x, y, self._keep.get(name, KEEP_M) + WIDER_M))
        return made, [Obstacle(x, y, THING_M) for x, y in self._unexplained(around)]

    def _unexplained(self, around: Around) -> list[Point]:
        """What the scanner meets that neither the map nor a person explains; one point for each cell."""
        if around.met is self._met:
            return self._things
        self._met = around.met
        things = self.floor.not_on_map(around.met, _EXPLAINED_M)
        self._things = [
            point for point in things if all(person.distance(point) > _BODY_M for person in around.people.values())
        ]
        return self._things

    # Along it -------------------------------------------------------------------------------------------------------
    def _follow(self, around: Around, elapsed_s: float) -> Step:
        here = around.here
        while len(self._way) > 1 and math.dist(here.point, self._way[0]) < 0.15:
            self._way = self._way[1:]
        if self._refuge is not None and math.dist(here.point, self._refuge) < 0.15:
            self._way, self._speed = (), 0.0
            return Step(0.0, 0.0, State.WAITING)
        carrot = self._carrot(here.point)
        error = turned(math.atan2(carrot[1] - here.y, carrot[0] - here.x) - here.heading)
        remaining = length(here.point, self._way)
        manner = self._manner
        facing = max(0.0, math.cos(error)) ** 2 if abs(error) < math.pi / 3 else 0.0
        wanted = min(manner.speed, math.sqrt(2 * manner.slow_down * remaining)) * facing
        allowed = min(self._room_speed(here), self._people_speed(around, elapsed_s), self._ahead_speed(around))
        if allowed < _STANDS_M_S and wanted > 0.0:
            self._blocked_s += elapsed_s
            self._speed = 0.0
            if self._blocked_s > 0.5 and self._since_look_s >= _LOOK_AGAIN_S:
                self._look_for_way(around)
            if self._blocked_s > _MAKES_WAY_AFTER_S:
                self._make_way(around)
            state = State.WAITING if self._blocked_s > _WAITS_S else State.TRAVELLING
            # What blocks the old direction may be out of the new one: the robot is round and may turn.
            return Step(0.0, self._turning(error) if abs(error) > 0.2 else 0.0, state)
        if wanted > 0.0:
            self._blocked_s = 0.0
        self._speed = min(wanted, allowed, self._speed + manner.speed_up * elapsed_s)
        return Step(self._speed, self._turning(error), State.TRAVELLING)

    def _carrot(self, here: Point) -> Point:
        """A point a little ahead on the way."""
        left, last = _CARROT_M, here
        for point in self._way:
            step = math.dist(last, point)
            if step >= left:
                share = left / step
                carrot = last[0] + (point[0] - last[0]) * share, last[1] + (point[1] - last[1]) * share
                # Not across a corner.
                return carrot if self.floor.least_room(here, carrot) >= self._planner.room_m else self._way[0]
            left, last = left - step, point
        return last

    def _room_speed(self, here: Pose) -> float:
        return _NARROW_SPEED if self.floor.room_at(here.point) < _NARROW_M else math.inf

    def _people_speed(self, around: Around, elapsed_s: float) -> float:  # noqa: ARG002
        """How fast it may go so that it comes too near to nobody, whoever moves."""
        here = around.here
        allowed = math.inf
        for name, person in around.people.items():
            distance = person.distance(here.point)
            if distance > _AHEAD_M + 2.0:
                continue
            keep = self._keep.get(name, KEEP_M)
            towards = turned(math.atan2(person.pose.y - here.y, person.pose.x - here.x) - here.heading)
            closing = math.cos(towards)
            if distance < _NEAR_PEOPLE_M:
                allowed = min(allowed, _NEAR_PEOPLE_SPEED)
            if closing > 0.15:
                allowed = min(allowed, max(0.0, distance - keep - 0.02) / (_REACTION_S * closing))
            vx, vy = person.velocity
            if person.walks and distance > 1e-6:
                coming = -(vx * (person.pose.x - here.x) + vy * (person.pose.y - here.y)) / distance
                if coming > 0.1 and distance - coming * _COMING_S < keep + 0.1 and closing > _LEADS_AWAY:
                    allowed = 0.0  # who comes near is let past
        return allowed

    def _ahead_speed(self, around: Around) -> float:
        """How fast towards what stands on the next piece of the way."""
        here = around.here.point
        ahead = [here]
        left = _AHEAD_M
        for point in self._way:
            step = math.dist(ahead[-1], point)
            if step >= left:
                share = left / step
                last = ahead[-1]
                ahead.append((last[0] + (point[0] - last[0]) * share, last[1] + (point[1] - last[1]) * share))
                break
            ahead.append(point)
            left -= step
        allowed = math.inf
        for name, person in around.people.items():
            if person.walks and person.distance(here) < _AHEAD_M + 1.0:
                room = min(KEEP_M, self._keep.get(name, KEEP_M))
                allowed = min(allowed, self._towards(here, ahead, person.pose.point, room, stop_m=room + 0.15))
        for point in self._unexplained(around):
            allowed = min(allowed, self._towards(here, ahead, point, THING_M - 0.03, stop_m=THING_M + 0.05))
        return allowed

    def _towards(self, here: Point, ahead: list[Point], point: Point, room_m: float, *, stop_m: float) -> float:
        on_way = any(distance_to(point, ahead[index], ahead[index + 1]) < room_m for index in range(len(ahead) - 1))
        if not on_way or len(ahead) < 2:
            return math.inf
        direction = math.atan2(ahead[1][1] - here[1], ahead[1][0] - here[0])
        if abs(turned(math.atan2(point[1] - here[1], point[0] - here[0]) - direction)) > _BESIDE_RAD:
            return math.inf  # it is passed already
        return math.sqrt(2 * self._manner.slow_down * max(0.0, math.dist(here, point) - stop_m))

    # Out of the way -------------------------------------------------------------------------------------------------
    def _make_way(self, around: Around) -> None:
        """Out of a doorway, and out of the way of somebody who waits for the robot, to the nearest place for it."""
        here = around.here.point
        in_door = self.floor.to_a_door(here) < _FROM_DOORS_M
        in_front = any(
            person.distance(here) < _FROM_PEOPLE_M and abs(person.bearing(here)) < 0.9
            for name, person in around.people.items()
            if name not in self._keep
        )
        if self._refuge is not None or not (in_door or in_front) or self._blocked_s < _MAKES_WAY_AFTER_S:
            return
        self._blocked_s = 0.0
        people, things = self._obstacles(around)
        around_it = [*people, *things]
        for spot in self._spots(here):
            if not self._planner.free(spot, around_it) or self.floor.to_a_door(spot) < _FROM_DOORS_M:
                continue
            if any(
                person.distance(spot) < _FROM_PEOPLE_M
                or (abs(person.bearing(spot)) < 0.5 and person.distance(spot) < 2.0)
                for person in around.people.values()
            ):
                continue
            try:
                self._way = self._planner.way(here, spot, around_it)
            except NoWayError:
                continue
            self._refuge = spot
            return

    def _spots(self, here: Point) -> list[Point]:
        return [
            (here[0] + far * math.cos(angle), here[1] + far * math.sin(angle))
            for far in (0.8, 1.2, 1.7, 2.3)
            for angle in (step * math.pi / 6 for step in range(12))
        ]
