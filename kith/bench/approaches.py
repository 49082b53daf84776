"""Approaches to residents who sit, stand and walk about, simulated faster than real time.

What decides is the real thing: `nodes/motion` steps at its 20 Hz, what it wants goes through the gate of `nodes/safety`
with a scan of the simulated lidar, and only what the gate lets through reaches the wheels. Nobody steers around the
robot more than people do: a walker who would run into it stops, and after a moment goes around.
"""

import math
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from culture_profiles.errors import KithError
from nodes.base.pose import Pose
from nodes.motion.approaching import Approach, Ended, Wish, polite
from nodes.motion.backing import BackingOff
from nodes.motion.drive import Manner
from nodes.motion.floor import Floor
from nodes.motion.people import People
from nodes.motion.planner import Planner
from nodes.motion.travelling import Around, on_map
from nodes.safety.gate import Gate, Halt, Limits, Velocity
from nodes.safety.scanner import Turn
from sim.embedded.lidar import Lidar
from sim.embedded.physics import Physics
from sim.residents.whereabouts import Whereabouts
from sim.worlds import sdf
from sim.worlds.looks import looks
from sim.worlds.mapping import home_map

_STEP_S = 0.05
_WALK_STEPS = 2  # people are told of ten times a second, and the lidar turns as often
_LONGEST_S = 320.0
_COLLISION_M_S = 0.1
_OWN_SPEED_M_S = 0.05
OTHERS_M = 0.6
"""So near the robot comes to nobody in passing, from middle to middle: its own half width and theirs, and a hand."""
_SLACK_M = 0.05
_FARTHER_M = 0.65
"""Where there is no room by a person the robot stays in sight: more than this beyond the wish is told apart."""
_PLACES = ("lounge", "dining_room", "corridor", "bedroom_1", "bedroom_2", "bedroom_3", "bedroom_4")
_SEATS = "seat_"
_WALKERS = 4
_SHOW_UNEASE = 0.05
_COUNTS = (
    "tried", "arrived", "collisions", "too_close", "farther", "unease_shown", "unease_respected", "simulated_s",
    "touches",
)  # fmt: skip


@dataclass
class Tally:
    """What came of so many approaches."""

    tried: int = 0
    arrived: int = 0
    collisions: int = 0
    too_close: int = 0
    farther: int = 0
    unease_shown: int = 0
    unease_respected: int = 0
    simulated_s: float = 0.0
    touches: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    took_s: list[float] = field(default_factory=list)
    nearest_m: float = math.inf

    def add(self, other: "Tally") -> None:
        """Count another one's in."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.ended.update(other.ended)
        self.took_s += other.took_s
        self.nearest_m = min(self.nearest_m, other.nearest_m)


class Home:
    """The care home with its residents, and one robot in it."""

    def __init__(self, seed: int) -> None:
        world = sdf.read(sdf.CARE_HOME)
        self._random = random.Random(seed)  # noqa: S311 - chance that can be repeated
        self.physics = Physics(world, looks())
        self.everybody = Whereabouts()
        self._lidar = Lidar(self.physics.compiled.sensors["gpu_lidar"][1], seed)
        known = home_map(world)
        floor = Floor(known.occupied, known.cell_m, known.origin, known.named("place_"), known.named("door_"))
        self._planner = Planner(floor)
        self._gate = Gate(Limits())
        self._backing = BackingOff()
        self._people = People()
        self._met: npt.NDArray[np.float64] = np.zeros((0, 2))
        self._seats = [name for name in world.frames if name.startswith(_SEATS)]
        self.now = 0.0
        self._steps = 0
        self._told: set[str] = set()  # whose distance has been broken, until it is kept again

    # The world moves on ---------------------------------------------------------------------------------------------
    def _here(self) -> Pose:
        base = self.physics.base
        return Pose(base.x_m, base.y_m, base.heading_rad)

    def _advance(self, wanted: Velocity) -> None:
        gate = self._gate
        if gate.standing(self.now) is Halt.BUMPER:
            wanted = Velocity(self._backing.speed(_STEP_S))
        else:
            self._backing.drove(wanted.x)
        gate.request(wanted, self.now)
        allowed = gate.now(self.now)
        self.physics.command(allowed.x, allowed.turn, self.now)
        self._steps += 1
        self.now += _STEP_S
        if self._steps % _WALK_STEPS == 0:
            self._walk(_STEP_S * _WALK_STEPS)
        self.physics.advance(self.now)
        gate.body(self.now, self._here())
        gate.bumper(self.physics.bumped)
        if self._steps % _WALK_STEPS == 0:
            self._look()

    def _walk(self, elapsed_s: float) -> None:
        base = self.physics.base
        self.everybody.robot = (base.x_m, base.y_m, base.heading_rad)
        for name, placed in self.everybody.step(elapsed_s):
            self.physics.place(name, placed)
        walking = sum(each.walking for each in self.everybody.walkers.values())
        if walking < _WALKERS and self._random.random() < 0.05:
            self._send_somebody()
        for name, placed in self.everybody.everybody():
            self._people.seen(name, Pose(placed.x_m, placed.y_m, placed.heading_rad), self.now)

    def _send_somebody(self) -> None:
        name = self._random.choice(list(self.everybody.walkers))
        if self.everybody.walkers[name].walking or name == self._stays:
            return
        taken = {each.destination for each in self.everybody.walkers.values()}
        place = self._random.choice(self._seats if self._random.random() < 0.6 else _PLACES)
        pose = self.everybody.frame(place)
        try:
            if not any(math.dist(pose.position[:2], each) < 0.6 for each in taken):
                self.everybody.goes(name, place)
        except KithError:
            return  # somebody stands in the way just now

    def _look(self) -> None:
        ranges = self._lidar.scan(self.physics).astype(np.float64)
        lidar = self._lidar
        scan = Turn(ranges, lidar.angle_min, lidar.angle_step, lidar.nearest_m, lidar.farthest_m, self.now)
        self._gate.scanner.turn(scan, self.now)
        points = self._gate.scanner.points()
        self._met = on_map(points[np.hypot(points[:, 0], points[:, 1]) < 3.0], self._here())

    # One approach ---------------------------------------------------------------------------------------------------
    _stays = ""

    def approach(self, tally: Tally) -> None:
        """To somebody, wherever they are or go."""
        chance = self._random
        name = chance.choice(list(self.everybody.walkers))
        wish = Wish(round(chance.uniform(0.9, 1.6), 2), may_enter_private=True)
        shows_unease = chance.random() < _SHOW_UNEASE
        self._stays = "" if chance.random() < 0.3 else name  # some get up and go while the robot is on its way
        motion = Approach(self._planner, name, wish, polite(Manner(speed=0.45)), give_up_after_s=60.0)
        for _ in range(_WALK_STEPS):
            self._advance(Velocity())
        began, shown, bumped = self.now, False, False
        ended: Ended | None = None
        while ended is None and self.now - began < _LONGEST_S:
            around = Around(self._here(), self._people.here(self.now), self._met)
            if shows_unease and motion.distance(around) < 2.5 and not self.everybody.walkers[name].walking:
                motion.hand_raised, shown = True, True
            doing = motion.step(around, _STEP_S)
            ended = doing.ended
            speed = abs(self.physics.base.speed_m_s)
            before = self._here()
            self._advance(Velocity(doing.speed, 0.0, doing.turn))
            speed = max(speed, abs(self.physics.base.speed_m_s))
            if self.physics.bumped and not bumped and speed > _COLLISION_M_S:
                tally.collisions += 1
            tally.touches += self.physics.bumped and not bumped
            bumped = self.physics.bumped
            self._judge_distance(tally, before, name, wish)
        for _ in range(10):
            self._advance(Velocity())
        tally.simulated_s += self.now - began
        outcome = ended.value if ended is not None else "took too long"
        if shown:
            tally.unease_shown += 1
            tally.unease_respected += ended is Ended.UNEASY and self.physics.base.speed_m_s == 0.0
            return
        tally.tried += 1
        tally.ended[outcome] += 1
        if ended is Ended.ARRIVED:
            tally.arrived += 1
            placed = self.everybody.walkers[name].placed
            tally.farther += math.dist(self._here().point, (placed.x_m, placed.y_m)) > wish.wanted_m + _FARTHER_M
            tally.took_s.append(self.now - began)

    def _judge_distance(self, tally: Tally, before: Pose, target: str, wish: Wish) -> None:
        """Whether the robot's own motion has carried it too near to somebody."""
        here = self._here()
        for name, placed in self.everybody.everybody():
            least = wish.wanted_m - 0.1 if name == target else OTHERS_M
            spot = placed.x_m, placed.y_m
            distance = math.dist(here.point, spot)
            came_nearer = (math.dist(before.point, spot) - distance) / _STEP_S
            if name != target or distance < wish.wanted_m:
                tally.nearest_m = min(tally.nearest_m, distance) if came_nearer > _OWN_SPEED_M_S else tally.nearest_m
            if distance < least - _SLACK_M and came_nearer > _OWN_SPEED_M_S and name not in self._told:
                self._told.add(name)
                tally.too_close += 1
            elif distance > least:
                self._told.discard(name)


def run(count: int, seed: int) -> Tally:
    """So many approaches, one after the other, in one home."""
    home, tally = Home(seed), Tally()
    for _ in range(count):
        home.approach(tally)
    return tally


def figures(tally: Tally) -> dict[str, Any]:
    """For the bench's output."""
    took = np.percentile(tally.took_s, (50, 99)) if tally.took_s else (math.nan, math.nan)
    return {
        "tried": tally.tried,
        "arrived": tally.arrived,
        "collisions": tally.collisions,
        "too_close": tally.too_close,
        "touches_below_0_1_m_s": tally.touches - tally.collisions,
        "arrived_farther_off": tally.farther,
        "unease": {"shown": tally.unease_shown, "respected": tally.unease_respected},
        "ended": dict(tally.ended),
        "took_s": {"p50": round(float(took[0]), 1), "p99": round(float(took[1]), 1)},
    }
