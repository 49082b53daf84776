"""People on the floor: how many who fall are noticed, and how often somebody would be fetched for nothing in a day.

The robot stands somewhere for a quarter of an hour, as it does; people sit, stand and walk by. Then somebody falls, or
nobody does. What the camera sees goes through `FloorWatch` and the mind's own rule (`behaviours/on_the_floor.py`): a
second look, positions that staff expect at that hour. A day is a minute of the home's life in each picture.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

import numpy as np

from behaviours.on_the_floor import FloorRule, Sighting, Step
from culture_profiles.agreed import FloorPosition
from kith.bench.vision import people
from kith.bench.vision.studio import EPOCH, Stand, Studio, studio
from nodes.vision.faces import FaceDetector
from nodes.vision.on_the_floor import FARTHEST_M, LEARNED_AFTER, Mount, nearest_m
from nodes.vision.sight import Sight
from sim.worlds.placed import Placed

_STANDS = (
    Stand(4.5, 3.0, 0.0), Stand(7.0, 3.0, math.pi), Stand(3.0, 7.0, 0.0), Stand(12.0, 3.2, math.pi),
    Stand(12.0, 7.0, math.pi), Stand(9.0, 3.3, 0.1), Stand(3.5, 4.2, -2.4), Stand(5.0, 4.5, -2.2),
)  # fmt: skip
_SEEN = 0.7  # so much of somebody who fell must be in the picture and not hidden, or it was out of sight
PRAYER, FUTON, EXERCISE = "prayer", "futon", "exercise"
_EXPECTED = (
    FloorPosition(PRAYER, time(12, 30), time(13, 0)),
    FloorPosition(PRAYER, time(17, 0), time(17, 30)),
    FloorPosition(EXERCISE, time(10, 0), time(10, 45)),
    FloorPosition(FUTON, time(21, 0), time(6, 30)),
)


@dataclass
class Found:
    """Falls in sight and noticed, by how the person lay; false alarms in so many days; out of sight: not counted."""

    falls: dict[str, list[bool]] = field(default_factory=dict)
    false_alarms: int = 0
    days: float = 0.0
    looks: int = 0
    out_of_sight: int = 0

    def figures(self) -> dict[str, Any]:
        """For people and machines."""
        lying = [each for how, all_ in self.falls.items() if how != "sitting" for each in all_]
        return {
            "recall": round(sum(lying) / len(lying), 3) if lying else None,
            "n": len(lying),
            "by_posture": {how: round(sum(all_) / len(all_), 3) for how, all_ in sorted(self.falls.items())},
            "false_alarms_per_day": round(self.false_alarms / self.days, 2) if self.days else None,
            "false_alarms": self.false_alarms,
            "days": self.days,
            "out_of_sight": self.out_of_sight,
            "nearest_m": round(nearest_m_of_the_robot(), 2),
            "farthest_m": FARTHEST_M,
        }


def nearest_m_of_the_robot() -> float:
    """From where on the simulated robot sees the floor when its head is level."""
    with studio({}) as room:
        return nearest_m(room.lens, Mount(room.eye[2]))


class _Watch:
    """The robot standing somewhere: looks, and what the mind makes of it."""

    def __init__(self, room: Studio, detector: FaceDetector, where: Stand, expected: tuple[FloorPosition, ...]) -> None:
        room.stand(where)
        self._room, self._expected = room, expected
        self._mount = Mount(room.eye[2], where.pitch_rad)
        numbers = count()
        self._sight = Sight(detector, room.lens, lambda: f"f{next(numbers)}")
        self._rule = FloorRule()

    def look(self, now: datetime) -> Step:
        """One look."""
        picture = self._room.picture(at=now)
        low = self._sight.look_down(picture, self._sight.look(picture), self._mount)
        sightings = [Sighting(*each.place) for each in low]
        return self._rule.see(sightings, now, expected=[each for each in self._expected if each.holds(now.time())])


def falls(detector: FaceDetector, wanted: int, tell: Callable[[str], None], seed: int = 11) -> Found:
    """Somebody falls before the robot, so many times, lying every way, at every place on the floor that it sees."""
    found, chance = Found(), np.random.default_rng(seed)
    ways = ("on the back", "on the side", "on the face", "sitting")
    groups = list(people.groups())
    done = 0
    for number, group in enumerate(groups):
        names = list(group)
        share = wanted * (number + 1) // len(groups)
        with studio(group, seed=number) as room:
            while done < share:
                tell(f"falls {done + 1} of {wanted} …")
                how, where = ways[done % len(ways)], _STANDS[int(chance.integers(len(_STANDS)))]
                watch = _Watch(room, detector, where, ())
                nearest = nearest_m(room.lens, Mount(room.eye[2])) + 0.5
                who, other = (names[int(each)] for each in chance.choice(len(names), 2, replace=False))
                way = room.before(where, float(chance.uniform(nearest, 5.0)), float(chance.uniform(-0.4, 0.4)))
                now = EPOCH
                for _ in range(LEARNED_AFTER + 1):
                    watch.look(now)
                    now += timedelta(seconds=1)
                room.place(who, _fallen(how, way, chance))
                if room.seen_of(who) < _SEEN:
                    found.out_of_sight += 1
                else:
                    steps = []
                    for tick in range(6):  # somebody else walks by meanwhile
                        near = room.before(where, float(chance.uniform(2.0, 5.0)), float(chance.uniform(-0.5, 0.5)))
                        room.place(other, near)
                        steps.append(watch.look(now + timedelta(seconds=3 * tick)))
                    found.falls.setdefault(how, []).append(Step.CALL in steps)
                    done += 1
                room.place(who, None)
                room.place(other, None)
    return found


def _fallen(how: str, at: Placed, chance: np.random.Generator) -> Placed:
    heading = float(chance.uniform(-math.pi, math.pi))
    if how == "sitting":
        return Placed(at.x_m, at.y_m, at.heading_rad + float(chance.uniform(-0.4, 0.4)), kneels=True)
    rolled = {"on the back": 0.0, "on the side": float(chance.choice([-1.5, 1.5])), "on the face": math.pi}[how]
    return Placed(at.x_m, at.y_m, heading, lies=True, rolled_rad=rolled, head_yaw_rad=float(chance.uniform(-0.5, 0.5)))


def days(detector: FaceDetector, wanted: float, found: Found, tell: Callable[[str], None], seed: int = 5) -> None:
    """Days without a fall: people come, sit and go, somebody prays, exercises, sleeps on a futon."""
    chance = np.random.default_rng(seed)
    group = next(iter(people.groups()))
    names = list(group)
    with studio(group, seed=seed) as room:
        end = EPOCH + timedelta(days=wanted)
        now = EPOCH
        while now < end:
            tell(f"a day without falls, {now:%H:%M} …")
            where = _STANDS[int(chance.integers(len(_STANDS)))]
            watch = _Watch(room, detector, where, _EXPECTED)
            for name in names:
                room.place(name, None)
            for _ in range(LEARNED_AFTER + 1):
                watch.look(now)
            for _ in range(30):  # half an hour at one place
                now += timedelta(minutes=1)
                _live(room, names, where, now, chance)
                for second in range(2):  # whoever is seen is looked at again
                    found.looks += 1
                    if watch.look(now + timedelta(seconds=4 * second)) is Step.CALL:
                        found.false_alarms += 1
    found.days += wanted


def _live(room: Studio, names: list[str], where: Stand, now: datetime, chance: np.random.Generator) -> None:
    """A minute passes: some come, go, or sit down; some are on the floor because they want to be."""
    for name in names[:4]:
        if chance.random() < 0.4:
            place = room.before(where, float(chance.uniform(1.5, 6.0)), float(chance.uniform(-0.5, 0.5)))
            heading = float(chance.uniform(-math.pi, math.pi))
            there = chance.random() < 0.8
            room.place(name, Placed(place.x_m, place.y_m, heading, sits=chance.random() < 0.5) if there else None)
    kinds = {each.kind for each in _EXPECTED if each.holds(now.time())}
    for kind, name in ((PRAYER, names[5]), (EXERCISE, names[6]), (FUTON, names[7])):
        if kind not in kinds:
            room.place(name, None)
        elif chance.random() < 0.5:
            place = room.before(where, float(chance.uniform(2.9, 4.8)), float(chance.uniform(-0.35, 0.35)))
            lies = kind == FUTON or bool(chance.integers(2))
            heading = float(chance.uniform(-math.pi, math.pi))
            room.place(name, Placed(place.x_m, place.y_m, heading, lies=lies, kneels=not lies))
