"""Faces and attention: whether who is there is seen within a second, and whether who looks counts as looking."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import numpy as np

from kith.bench.vision import people
from kith.bench.vision.studio import EPOCH, Light, Stand, Studio, studio
from kith.bench.vision.tally import Tallies
from nodes.vision.attention import Level
from nodes.vision.faces import FaceDetector
from nodes.vision.sight import Seen, Sight

HZ = 5.0
_LIGHTS = {"good_light": Light(), "dim": Light(0.5, grain=4.0), "window": Light(0.9, slope=0.4)}
_STANDS = (
    Stand(4.5, 3.0, 0.0), Stand(6.5, 3.0, math.pi), Stand(3.0, 7.0, 0.0), Stand(12.0, 3.0, math.pi),
    Stand(2.5, 3.0, 1.2),
)  # fmt: skip
_DISTANCES = (0.5, 1.0, 2.0, 3.0, 4.0)
_FACING = {"turned_0": 0.0, "turned_15": 0.26, "turned_30": 0.52}
_AWAY = {"turned_60": 1.05, "turned_90": 1.57, "turned_180": math.pi}
_SECOND = 6  # pictures: five at 5 Hz, and the one that confirms what the fifth found
_PHASE = 13
_NEAR_M = 3.0


@dataclass
class Found:
    """All tallies of one run."""

    faces: Tallies = field(default_factory=Tallies)
    engagement: Tallies = field(default_factory=Tallies)


def _sight(detector: FaceDetector, room: Studio) -> Sight:
    numbers = count()
    return Sight(detector, room.lens, lambda: f"f{next(numbers)}")


def _matches(seen: Seen, head: tuple[float, float, float, float]) -> bool:
    column, row, width, _ = head
    x, y = seen.face.centre
    return abs(x - column) < 0.6 * width + 3 and abs(y - row) < 0.8 * width + 3


def measure(detector: FaceDetector, *, quick: bool, tell: Callable[[str], None]) -> Found:
    """Every tone and head-dress near and far, in three lights, looking and turned away. Errors: KithError without
    drawing."""
    found = Found()
    chance = np.random.default_rng(7)
    for number, group in enumerate(people.groups()):
        with studio(group, seed=number) as room:
            tell(f"faces {number + 1} of 3 …")
            for place, who in enumerate(group):
                # Quick: one distance and light each, in turns; else all of them.
                for step, distance in enumerate(_DISTANCES):
                    if not quick or step == (number * 2 + place) % len(_DISTANCES):
                        _face(found, detector, room, who, distance, chance, thorough=not quick)
                if not quick or (place + number) % 3 == 0:
                    _attention(found, detector, room, who, chance)
            _empty(found, detector, room)
    return found


def _face(
    found: Found, detector: FaceDetector, room: Studio, who: str, distance: float, chance: np.random.Generator,
    *, thorough: bool,
) -> None:  # fmt: skip
    names = list(_LIGHTS)
    for light in names if thorough else [names[int(chance.integers(len(names)))]]:
        where = _STANDS[int(chance.integers(len(_STANDS)))]
        turned = list(_FACING)[int(chance.integers(len(_FACING)))]
        side = float(chance.choice([-1.0, 1.0]))
        room.stand(where)
        sits = distance < 1.0 or bool(chance.integers(2))
        bearing = float(chance.uniform(-0.35, 0.35))
        room.place(who, room.before(where, distance, bearing, side * _FACING[turned], sits=sits))
        sight = _sight(detector, room)
        seen: tuple[Seen, ...] = ()
        head = room.head(who)
        for tick in range(_SECOND):
            seen = sight.look(room.picture(_LIGHTS[light], EPOCH + timedelta(seconds=tick / HZ)))
        room.place(who, None)
        hits = any(_matches(each, head) for each in seen)
        false = sum(not _matches(each, head) for each in seen)
        conditions = (f"{distance:g}_m", light, turned, people.tone(who), people.worn(who))
        found.faces.add(conditions, hits=int(hits), false=false, missed=int(not hits))


def _empty(found: Found, detector: FaceDetector, room: Studio) -> None:
    for where in _STANDS:
        room.stand(where)
        sight = _sight(detector, room)
        seen: tuple[Seen, ...] = ()
        for tick in range(2 * _SECOND):
            seen = sight.look(room.picture(at=EPOCH + timedelta(seconds=tick / HZ)))
        found.faces.add(("nobody",), false=len(seen))


def _attention(found: Found, detector: FaceDetector, room: Studio, who: str, chance: np.random.Generator) -> None:
    """Somebody looks and then turns away, or the other way round; near, or too far for it to count."""
    far = bool(chance.random() < 0.2)
    distance = float(chance.uniform(3.4, 4.4) if far else chance.uniform(0.8, 2.8))
    where = _STANDS[int(chance.integers(len(_STANDS)))]
    bearing, side = float(chance.uniform(-0.3, 0.3)), float(chance.choice([-1.0, 1.0]))
    looking = list(_FACING)[int(chance.integers(len(_FACING)))]
    away = list(_AWAY)[int(chance.integers(len(_AWAY)))]
    light = list(_LIGHTS)[int(chance.integers(len(_LIGHTS)))]
    room.stand(where)
    sight, tick = _sight(detector, room), 0
    phases = [looking, away]
    if chance.random() < 0.5:
        phases.reverse()
    for turned in phases:
        angle = {**_FACING, **_AWAY}[turned]
        room.place(who, room.before(where, distance, bearing, side * angle, sits=bool(distance < 1.0)))
        seen: tuple[Seen, ...] = ()
        for _ in range(_PHASE):
            seen = sight.look(room.picture(_LIGHTS[light], EPOCH + timedelta(seconds=tick / HZ)))
            tick += 1
        said = any(each.level is Level.ENGAGED for each in seen)
        true = turned in _FACING and distance <= _NEAR_M
        found.engagement.add(
            (turned, "too_far" if far else "near", light, people.tone(who), people.worn(who)),
            hits=int(said and true), false=int(said and not true), missed=int(true and not said),
        )  # fmt: skip
    room.place(who, None)
