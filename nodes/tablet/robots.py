"""What the home's robots do at this moment, as plain data; collected on the node's thread, read by the web server's."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum

SEEN_FOR_S = 30.0
"""Evidence of somebody near a robot lasts so long, as in the robot's own mind."""
_REMEMBERED_S = 12 * 3600.0
_SILENT_AFTER_S = 6.0
_CAPTION_FOR_S = 60.0


class Order(IntEnum):
    """What can be asked of a robot; the numbers are those of kith_msgs/Order."""

    COME = 1
    QUIET = 2
    LOUDNESS = 3
    SENSES = 4


@dataclass(frozen=True, slots=True)
class RobotView:
    """One robot. `name`: empty for a home's only one. `battery`: 0..1, None: not known. `beside`: residents seen there.

    `person_id`: with whom it is talking. `caption`: what it is saying; only ever shown with that person's consent.
    """

    name: str
    alive: bool = True
    battery: float | None = None
    charging: bool = False
    beside: tuple[str, ...] = ()
    person_id: str = ""
    speaking: bool = False
    stopped: bool = False
    quiet_until: str = ""
    loudness: float = 1.0
    senses_on: bool = True
    journey: str = ""
    place: str = ""
    caption: str = ""
    caption_locale: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """When and where a robot last met a resident. `place`: empty: not known. `minutes`: how long ago, whole ones."""

    resident_id: str
    robot: str
    place: str
    minutes: int


@dataclass
class _Robot:
    view: RobotView
    heard_at: float
    beside: dict[str, float] = field(default_factory=dict)
    caption_at: float = float("-inf")
    caption_of: str = ""
    met: dict[str, tuple[float, str]] = field(default_factory=dict)
    """When and where, by resident."""


class RobotBoard:
    """Collects from one thread, gives views to another. Times are steady seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._robots: dict[str, _Robot] = {}

    def _of(self, name: str, at: float) -> _Robot:
        return self._robots.setdefault(name, _Robot(RobotView(name), at))

    def diagnosed(self, name: str, node: str, values: Mapping[str, str], at: float) -> bool:
        """What a robot's node says of itself. Returns whether this robot is new."""
        with self._lock:
            new = name not in self._robots
            robot = self._of(name, at)
            robot.heard_at = at
            if node == "safety":
                robot.view = replace(robot.view, stopped=values.get("stopped") == "true")
            elif node == "motion":
                robot.view = replace(robot.view, place=values.get("place", ""))
            elif node == "dialogue":
                robot.view = replace(
                    robot.view,
                    quiet_until=values.get("quiet until", ""),
                    loudness=_number(values.get("loudness", ""), 1.0),
                    senses_on=values.get("senses", "on") != "off",
                    journey=values.get("journey", ""),
                )
            return new

    def battery(self, name: str, charge: float, charging: bool, at: float) -> None:
        """`charge`: 0..1."""
        with self._lock:
            robot = self._of(name, at)
            known = charge if 0.0 <= charge <= 1.0 else None
            robot.view = replace(robot.view, battery=known, charging=charging)

    def floor(self, name: str, person_id: str, speaking: bool, at: float) -> None:
        """With whom it talks."""
        with self._lock:
            robot = self._of(name, at)
            robot.view = replace(robot.view, person_id=person_id, speaking=speaking)

    def seen(self, name: str, person_id: str, at: float) -> None:
        """Somebody is near this robot."""
        with self._lock:
            robot = self._of(name, at)
            robot.beside[person_id] = at
            robot.met[person_id] = at, robot.view.place

    def caption(self, name: str, text: str, locale: str, at: float) -> None:
        """It begins to say something, to whoever it is talking with."""
        with self._lock:
            robot = self._of(name, at)
            robot.view = replace(robot.view, caption=text, caption_locale=locale)
            robot.caption_at, robot.caption_of = at, robot.view.person_id

    def left(self, name: str, person_id: str, at: float) -> None:
        """Somebody is near this robot no more."""
        with self._lock:
            self._of(name, at).beside.pop(person_id, None)

    def with_resident(self, resident_id: str, at: float) -> str | None:
        """The robot near a resident; None: none is."""
        return next((each.name for each in self.views(at) if each.alive and resident_id in each.beside), None)

    def sightings(self, at: float) -> tuple[Sighting, ...]:
        """Whom the robots met of late, and where, the newest first; of each resident the last time. In memory alone."""
        newest: dict[str, tuple[float, str, str]] = {}
        with self._lock:
            for name, robot in self._robots.items():
                robot.met = {who: met for who, met in robot.met.items() if at - met[0] <= _REMEMBERED_S}
                for who, (when, place) in robot.met.items():
                    newest[who] = max(newest.get(who, (float("-inf"), "", "")), (when, name, place))
        return tuple(
            Sighting(who, name, place, int((at - when) // 60))
            for who, (when, name, place) in sorted(newest.items(), key=lambda pair: -pair[1][0])
        )

    def views(self, at: float) -> tuple[RobotView, ...]:
        """All of them, by name, as they are at `at`."""
        with self._lock:
            return tuple(self._seen_at(robot, at) for _, robot in sorted(self._robots.items()))

    @staticmethod
    def _seen_at(robot: _Robot, at: float) -> RobotView:
        beside = tuple(sorted(name for name, seen in robot.beside.items() if at - seen <= SEEN_FOR_S))
        fresh = at - robot.caption_at <= _CAPTION_FOR_S and robot.caption_of == robot.view.person_id
        return replace(
            robot.view,
            alive=at - robot.heard_at <= _SILENT_AFTER_S,
            beside=beside,
            caption=robot.view.caption if fresh else "",
        )


def _number(text: str, otherwise: float) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise
