"""What a world is made of, as read from SDF. Poses of links, joints and frames are in their model's frame."""

from dataclasses import dataclass, field
from typing import Literal

from sim.worlds.pose import Pose, Vector

Colour = tuple[float, float, float, float]
"""Red, green, blue and opacity, 0 to 1."""


@dataclass(frozen=True)
class Geometry:
    """A primitive. `size`: box x, y, z; cylinder and capsule radius, length; sphere radius; plane x, y."""

    kind: Literal["box", "cylinder", "capsule", "sphere", "plane"]
    size: tuple[float, ...]


@dataclass(frozen=True)
class Shape:
    """A primitive in its link's frame: to bump into, to see, or both."""

    name: str
    geometry: Geometry
    pose: Pose
    collides: bool
    visible: bool
    colour: Colour = (0.7, 0.7, 0.7, 1.0)
    friction: float = 1.0


@dataclass(frozen=True)
class Sensor:
    """A sensor on a link; `settings` are the numbers it gives, by their path below the sensor ("range/max")."""

    name: str
    kind: str
    pose: Pose
    rate_hz: float
    settings: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Link:
    """A rigid body. `inertia`: its diagonal in kg m²."""

    name: str
    pose: Pose
    mass: float
    inertia: Vector
    centre: Pose
    shapes: tuple[Shape, ...]
    sensors: tuple[Sensor, ...]


@dataclass(frozen=True)
class Joint:
    """How a link hangs on another, or on the world. `axis` in the joint's frame. Limits in radians or metres."""

    name: str
    kind: Literal["fixed", "revolute", "prismatic"]
    parent: str
    child: str
    pose: Pose
    axis: Vector
    lower: float
    upper: float
    effort: float
    velocity: float
    damping: float
    friction: float

    @property
    def limited(self) -> bool:
        """Whether it has a lower and an upper end."""
        return self.upper - self.lower < 1e6


@dataclass(frozen=True)
class Plugin:
    """A simulator's plugin: its last name ("DiffDrive") and its plain settings."""

    name: str
    settings: dict[str, str]


@dataclass(frozen=True)
class Model:
    """Links and joints that belong together, at a pose in the world. `uri`: the model it was included from."""

    name: str
    uri: str
    static: bool
    pose: Pose
    links: tuple[Link, ...]
    joints: tuple[Joint, ...]
    frames: dict[str, tuple[str, Pose]]
    """Name → the link it hangs on (empty: the model itself), and its pose in the model's frame."""
    plugins: tuple[Plugin, ...]

    def plugins_named(self, name: str) -> list[Plugin]:
        """All plugins of a kind."""
        return [each for each in self.plugins if each.name == name]


@dataclass(frozen=True)
class World:
    """Everything there is. `ignored`: one line per element or plugin that is not understood."""

    name: str
    step_s: float
    models: tuple[Model, ...]
    frames: dict[str, Pose]
    ignored: tuple[str, ...]
