"""Coming near a person: from the front, to the distance they want, politely, and not at all once they are uneasy. Pure.

Metres and radians in the frame `map`. Distances are from the person's middle to the robot's.
"""

import math
from dataclasses import dataclass, replace
from enum import Enum

from nodes.base.pose import Pose, turned
from nodes.motion.drive import Manner
from nodes.motion.floor import Floor, Point
from nodes.motion.people import Person
from nodes.motion.planner import NoWayError, Obstacle, Planner
from nodes.motion.travelling import KEEP_M, THING_M, WIDER_M, Around, State, Traveller

USUAL_M = 1.2
NEAREST_M = 0.75
"""Whatever is asked for, the robot comes no nearer by itself: arms and hands need room."""
FARTHEST_M = 3.0
TOLERANCE_M = 0.1
_WATCHED_WITHIN_M = 3.5
"""So near a raised hand, or a step back, is meant for the robot."""
_SIDES = {"": 0.0, "front": 0.0, "left": 1.05, "right": -1.05}
_ROUND = (0.0, 0.3, -0.3, 0.6, -0.6, 0.9, -0.9, 1.2, -1.2, 1.5, -1.5, 1.8, -1.8)
"""How far round from where they want it the robot may stand; never behind anybody."""
_BEHIND_RAD = 1.95
_FARTHER_M = (0.0, 0.25, 0.5)
_LOOKOUTS_M = (1.5, 1.8, 2.1, 2.4, 2.7)
"""Where nobody gets nearer, the robot stays so far away, in sight."""
_LOOKS_OUT_S = 4.0
_FROM_DOORS_M = 0.9
_FROM_OTHERS_M = 0.85
_AT_SPOT_M = 0.02
_STANDS_ROOM_M = 0.42
"""Room around where it stands to talk: not in a narrow place, where it would be in the way."""
_SEEN_ROOM_M = 0.12
_AS_WISHED_RAD = 0.9
_OWN_SEAT_M = 0.75
_TRIES = 5  # places to which a way is looked for, each time
_MOVED_M = 0.3
_TURNED_RAD = 0.6
_STANDS_AFTER_S = 0.8
_BEHIND_WALKER_M = 0.5
_LOOKS_AGAIN_S = 1.0
_LONGEST_S = 300.0


class Ended(Enum):
    """How an approach ended."""

    ARRIVED = "arrived"
    UNEASY = "uneasy"
    NOT_FOUND = "not found"
    NO_WAY = "no way"
    NOT_ALLOWED = "not allowed"


_LINES = {
    Ended.ARRIVED: "",
    Ended.UNEASY: "the person raised a hand or stepped back: the robot stopped",
    Ended.NOT_FOUND: "where that person is, is not known",
    Ended.NO_WAY: "the robot comes no nearer: somebody or something is in the way",
    Ended.NOT_ALLOWED: "the person is in a bedroom, which the robot may not enter now",
}


@dataclass(frozen=True)
class Wish:
    """How somebody wants to be approached. `distance_m` 0: the usual. `side`: front, left, right."""

    distance_m: float = 0.0
    side: str = ""
    follow: bool = False
    may_enter_private: bool = False

    @property
    def wanted_m(self) -> float:
        """The distance kept, whatever was asked for."""
        asked = self.distance_m if math.isfinite(self.distance_m) and self.distance_m > 0 else USUAL_M
        return max(NEAREST_M, min(FARTHEST_M, asked))


@dataclass(frozen=True, slots=True)
class Doing:
    """Speed and turning for the next moment, whether it waits, and how it ended (None: not yet)."""

    speed: float = 0.0
    turn: float = 0.0
    waits: bool = False
    ended: Ended | None = None

    @property
    def line(self) -> str:
        """For people to read; empty when all is well."""
        return _LINES[self.ended] if self.ended is not None else ""


class Approach:
    """One approach to one person. Call `step` at about 20 Hz until it has ended."""

    def __init__(self, planner: Planner, person_id: str, wish: Wish, manner: Manner, *, give_up_after_s: float) -> None:
        self._planner = planner
        self._person_id = person_id
        self._wish = wish
        self._travel = Traveller(planner, manner, give_up_after_s=give_up_after_s)
        self._planned_for: Pose | None = None
        self._planned_for_walker = False
        self._still_s = 0.0
        self._since_plan_s = math.inf
        self._no_spot_s = 0.0
        self._took_s = 0.0
        self._give_up_after_s = give_up_after_s
        self._looks_out = False  # no place to stand by them can be got to
        self._looked_out_s = 0.0
        self._unseen_s = 0.0
        self._beside = False  # following: it has come near once
        self.hand_raised = False
        """Set by whoever sees the person's hands."""

    def distance(self, around: Around) -> float:
        """To the person; not a number while they are not seen."""
        person = around.people.get(self._person_id)
        return person.distance(around.here.point) if person is not None else math.nan

    def step(self, around: Around, elapsed_s: float) -> Doing:
        """What to do in the next moment."""
        person = around.people.get(self._person_id)
        if person is None:
            return Doing(ended=Ended.NOT_FOUND)
        here, distance = around.here, person.distance(around.here.point)
        self._took_s += elapsed_s
        if distance < _WATCHED_WITHIN_M and (self.hand_raised or person.steps_back(here.point)):
            return Doing(ended=Ended.UNEASY)
        self.hand_raised = False  # from afar it was meant for somebody else
        if not self._wish.may_enter_private and self._enters(around):
            return Doing(ended=Ended.NOT_ALLOWED)
        self._still_s = 0.0 if person.walks else self._still_s + elapsed_s
        self._since_plan_s += elapsed_s
        if self._is_near(around, person) or self._looked_out_s > _LOOKS_OUT_S:
            return self._near(around, person)
        self._aim(around, person, elapsed_s)
        if max(self._no_spot_s, self._unseen_s) > self._give_up_after_s or (
            self._took_s > _LONGEST_S and not self._wish.follow
        ):
            return Doing(ended=Ended.NO_WAY)
        if self._travel.goal is None:
            step = self._travel.wait(around, elapsed_s)
            return Doing(step.speed, step.turn, waits=True)
        step = self._travel.step(around, elapsed_s)
        if step.state is State.GIVEN_UP:
            return Doing(ended=Ended.NO_WAY)
        if step.state is State.ARRIVED:
            self._since_plan_s = min(self._since_plan_s, _LOOKS_AGAIN_S)
            # A lookout stays one when who walked stands: only a place by them is chosen anew.
            for_walker = self._still_s < _STANDS_AFTER_S or (self._planned_for_walker and not self._looks_out)
            if for_walker or not self._seen_from_here(around, person):
                self._planned_for = None
            elif not self._looks_out:
                return self._near(around, person)
            elif abs(person.bearing(here.point)) < _BEHIND_RAD:
                # As near as can be: they see the robot, and it may be that they make room.
                self._looked_out_s += elapsed_s
            else:
                self._unseen_s += elapsed_s
        return Doing(step.speed, step.turn, step.state is State.WAITING)

    def _enters(self, around: Around) -> bool:
        """Whether it would have to go into a bedroom in which it is not."""
        floor, person = self._planner.floor, around.people[self._person_id]
        room = floor.room(person.pose.point)
        return floor.private(person.pose.point) and floor.room(around.here.point) != room

    # Near -----------------------------------------------------------------------------------------------------------
    def _is_near(self, around: Around, person: Person) -> bool:
        """Whether it stands where it should, or they have come to it."""
        wanted, distance = self._wish.wanted_m, person.distance(around.here.point)
        if person.walks or self._still_s < _STANDS_AFTER_S:
            return self._beside and self._wish.follow and distance < wanted + 0.2
        if distance > wanted + TOLERANCE_M or not self._seen_from_here(around, person):
            return False
        if self._planner.floor.to_a_door(around.here.point) < _FROM_DOORS_M - _AT_SPOT_M:
            return False
        if self._wish.follow:
            return True
        return abs(turned(person.bearing(around.here.point) - _SIDES.get(self._wish.side, 0.0))) < _AS_WISHED_RAD

    def _near(self, around: Around, person: Person) -> Doing:
        """Face them; that is all, or the beginning of following."""
        here = around.here
        error = turned(math.atan2(person.pose.y - here.y, person.pose.x - here.x) - here.heading)
        if abs(error) > 0.08:
            return Doing(turn=math.copysign(min(0.6, max(0.12, 1.5 * abs(error))), error))
        self._beside = True
        self._took_s = 0.0
        return Doing() if self._wish.follow else Doing(ended=Ended.ARRIVED)

    def _seen_from_here(self, around: Around, person: Person) -> bool:
        return sees(self._planner.floor, around.here.point, person.pose.point)

    # Where to -------------------------------------------------------------------------------------------------------
    def _aim(self, around: Around, person: Person, elapsed_s: float) -> None:
        """Choose the place to stand anew when the person is somewhere else than it was chosen for."""
        was = self._planned_for
        moved = was is None or (
            math.dist(was.point, person.pose.point) > _MOVED_M
            or abs(turned(was.heading - person.pose.heading)) > _TURNED_RAD
        )
        if self._looks_out or (self._travel.goal is not None and self._travel.problem):
            moved = True  # nobody gets there just now: perhaps beside them
        if not moved:
            self._no_spot_s = 0.0
            return
        if self._travel.goal is None:
            self._no_spot_s += elapsed_s
        if self._since_plan_s < _LOOKS_AGAIN_S:
            return
        self._since_plan_s = 0.0
        spot = self._spot(around, person)
        if spot is None and self._looks_out and not self._travel.problem:
            return  # stays where it looks out
        self._looks_out = spot is None
        spot = spot or self._lookout(around, person)
        if spot is None:
            self._travel.wait(around, 0.0)  # the old place is no goal any more
            return
        if not self._looks_out:
            self._looked_out_s = 0.0
        self._no_spot_s = 0.0
        self._planned_for, self._planned_for_walker = person.pose, person.walks
        wanted = self._wish.wanted_m
        self._travel.head_for(spot, {self._person_id: wanted - TOLERANCE_M})

    def _spot(self, around: Around, person: Person) -> Pose | None:
        """The best place to stand, that can be got to; None: there is none."""
        place, heading = person.pose, person.pose.heading
        distance = self._wish.wanted_m
        anywhere = person.walks or self._wish.follow
        if anywhere:
            # Not before the feet of who walks: from where the robot is, and at a distance until they stand.
            distance += _BEHIND_WALKER_M if person.walks else 0.0
            heading = math.atan2(around.here.y - place.y, around.here.x - place.x)
        first = heading + (0.0 if anywhere else _SIDES.get(self._wish.side, 0.0))
        others = [each.pose.point for name, each in around.people.items() if name != self._person_id]
        things = self._travel.things(around)
        themselves = Obstacle(place.x, place.y, self._wish.wanted_m - TOLERANCE_M + WIDER_M)
        there = [Obstacle(x, y, THING_M) for x, y in things]
        standing = [
            Obstacle(*each.pose.point, KEEP_M + WIDER_M)
            for name, each in around.people.items()
            if name != self._person_id and not each.walks
        ]
        spots = self._spots(person, first, distance, anywhere=anywhere)
        spots = [each for each in spots if self._may_stand(each, place.point, others, things)]
        # Where only people are in the way, it goes up to them: they see that it wants to pass.
        for keep in ([themselves, *there, *standing], [themselves, *there]):
            for spot in spots[:_TRIES]:
                try:
                    self._planner.way(around.here.point, spot, keep)
                except NoWayError:
                    continue
                return Pose(*spot, math.atan2(place.y - spot[1], place.x - spot[0]))
        return None

    def _spots(self, person: Person, first: float, distance: float, *, anywhere: bool) -> list[Point]:
        """Places around somebody, the best first."""
        return [
            (
                person.pose.x + (distance + farther) * math.cos(first + angle),
                person.pose.y + (distance + farther) * math.sin(first + angle),
            )
            for farther in _FARTHER_M
            for angle in _ROUND
            if anywhere or abs(turned(first + angle - person.pose.heading)) <= _BEHIND_RAD
        ]

    def _lookout(self, around: Around, person: Person) -> Pose | None:
        """The nearest place that can be got to from which it sees them: before them if there is one, else behind."""
        place, here = person.pose, around.here.point
        others = [each.pose.point for name, each in around.people.items() if name != self._person_id]
        keep = [Obstacle(place.x, place.y, self._wish.wanted_m - TOLERANCE_M + WIDER_M)]
        keep += [Obstacle(x, y, KEEP_M + WIDER_M) for x, y in others]
        things = self._travel.things(around)
        keep += [Obstacle(x, y, THING_M) for x, y in things]
        rings = [(far, seen) for seen in (True, False) for far in _LOOKOUTS_M if far >= self._wish.wanted_m]
        for far, seen in rings:
            ring = [
                (place.x + far * math.cos(angle), place.y + far * math.sin(angle))
                for angle in (step * math.pi / 12 for step in range(24))
            ]
            ring = [spot for spot in ring if (abs(person.bearing(spot)) < _BEHIND_RAD) is seen]
            ring = [spot for spot in ring if self._may_stand(spot, place.point, others, things)]
            ring = [spot for spot in ring if sees(self._planner.floor, spot, place.point, _SEEN_ROOM_M)]
            for spot in sorted(ring, key=lambda spot: math.dist(spot, here))[:3]:
                try:
                    self._planner.way(here, spot, keep)
                except NoWayError:
                    continue
                return Pose(*spot, math.atan2(place.y - spot[1], place.x - spot[0]))
        return None

    def _may_stand(self, spot: Point, place: Point, others: list[Point], things: list[Point]) -> bool:
        floor = self._planner.floor
        return (
            self._planner.free(spot)
            and floor.room_at(spot) > _STANDS_ROOM_M
            and floor.to_a_door(spot) > _FROM_DOORS_M
            and all(math.dist(spot, each) > _FROM_OTHERS_M for each in others)
            and all(math.dist(spot, each) > THING_M for each in things)
            and sees(floor, spot, place)
        )


def sees(floor: Floor, spot: Point, place: Point, room_m: float = 0.0) -> bool:
    """Whether nothing on the map stands between, nor so near to the line.

    What is close around the person is their own seat or table.
    """
    far = math.dist(spot, place)
    if far <= _OWN_SEAT_M:
        return True
    share = (far - _OWN_SEAT_M) / far
    end = spot[0] + (place[0] - spot[0]) * share, spot[1] + (place[1] - spot[1]) * share
    return floor.least_room(spot, end) > room_m


def polite(manner: Manner) -> Manner:
    """A manner for coming near: gentler to brake and to begin."""
    return replace(manner, slow_down=min(manner.slow_down, 0.2), speed_up=min(manner.speed_up, 0.3))
