"""Gestures as data: timelines of joint angles, read from gestures.yaml and played at any rate."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

import yaml

from culture_profiles.errors import KithError

_SHORTEST = 0.5  # times the gesture's own duration: faster startles
_LONGEST = 3.0


@dataclass(frozen=True, slots=True)
class Gesture:
    """`keyframes`: seconds from the start and every joint's angle in radians at that moment, in order, from rest."""

    name: str
    keyframes: tuple[tuple[float, dict[str, float]], ...]

    @property
    def duration_s(self) -> float:
        """Its own length."""
        return self.keyframes[-1][0]

    @property
    def joints(self) -> frozenset[str]:
        """The joints that it moves."""
        return frozenset(self.keyframes[0][1])

    def stretched(self, duration_s: float) -> float:
        """The length in seconds when `duration_s` was asked for (0: its own): never hasty, never frozen."""
        own = self.duration_s
        return max(_SHORTEST * own, min(_LONGEST * own, duration_s)) if duration_s > 0 else own

    def at(self, seconds: float) -> dict[str, float]:
        """Every joint's angle so long after the start, at the gesture's own speed; smooth between the keyframes."""
        for (begin, before), (end, after) in pairwise(self.keyframes):
            if seconds < end:
                share = max(0.0, (seconds - begin) / (end - begin))
                eased = share * share * (3 - 2 * share)
                return {joint: before[joint] + eased * (after[joint] - before[joint]) for joint in before}
        return dict(self.keyframes[-1][1])


def _gesture(name: str, data: dict[str, Any], rest: dict[str, float]) -> Gesture:
    frames: list[dict[str, float]] = data["keyframes"]
    moved = {joint for frame in frames for joint in frame if joint != "at_s"}
    angles = {joint: rest[joint] for joint in sorted(moved)}
    made = [(0.0, dict(angles))]
    for frame in frames:
        angles = {**angles, **{joint: angle for joint, angle in frame.items() if joint != "at_s"}}
        made.append((frame["at_s"], dict(angles)))
    return Gesture(name, tuple(made))


@cache
def gestures() -> dict[str, Gesture]:
    """All gestures by name."""
    data = yaml.safe_load((resources.files(__package__) / "gestures.yaml").read_text(encoding="utf-8"))
    return {name: _gesture(name, each, data["rest"]) for name, each in data["gestures"].items()}


def gesture_for(name: str, joints: Collection[str]) -> Gesture:
    """A gesture that a body with these joints can make. Errors: KithError, for people to read."""
    found = gestures().get(name)
    if found is None:
        raise KithError("there is no such gesture: choose one of " + ", ".join(sorted(gestures())))
    if not joints:
        raise KithError("this body has no joints: the gesture was not made")
    if not found.joints & set(joints):
        raise KithError("this body has none of the joints that the gesture moves: it was not made")
    return found
