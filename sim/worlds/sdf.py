"""Reads the part of SDF 1.9 that a home of primitives needs (http://sdformat.org/spec).

What is not understood is left out and said in one line; what cannot be meant (a number that is none, a loop of
frames, a link that is not there) is an error that names file and element.
"""

import math
import os
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from culture_profiles.errors import KithError
from sim.worlds.description import Colour, Geometry, Joint, Link, Model, Plugin, Sensor, Shape, World
from sim.worlds.pose import Pose

CARE_HOME = Path(__file__).parent / "care_home.sdf"
_CHECKOUT = Path(__file__).resolve().parents[2]
_PLUGINS = {
    "Physics", "UserCommands", "SceneBroadcaster", "Contact", "Sensors", "Imu", "DiffDrive", "JointStatePublisher",
    "JointPositionController", "OdometryPublisher", "TouchPlugin",
}  # fmt: skip
_SENSORS = {"contact", "gpu_lidar", "camera"}
_SIZES = {"box": ("size",), "cylinder": ("radius", "length"), "capsule": ("radius", "length"), "sphere": ("radius",)}


def model_paths() -> list[Path]:
    """Where `model://` is looked up: beside the worlds, then the robot's description, in the checkout or installed."""
    prefixes = [Path(each) for each in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if each]
    return [
        Path(__file__).parent / "models",
        _CHECKOUT / "robot_ws" / "src" / "kith_description" / "models",
        *(prefix / "share" / "kith_description" / "models" for prefix in prefixes),
    ]


def read(path: Path) -> World:
    """The world in an SDF file. Errors: KithError in one line, naming file and element."""
    return _Reader(path).world()


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.name
        self._ignored: dict[str, None] = {}

    # Elements -------------------------------------------------------------------------------------------------------
    def _root(self, path: Path, wanted: str) -> ET.Element:
        try:
            root = ET.parse(path).getroot()  # noqa: S314 - a file of the installation, or the developer's own
        except OSError as problem:
            raise KithError(f"{path}: the world cannot be read: {problem.strerror}") from None
        except ET.ParseError as problem:
            raise KithError(f"{path.name}: is not XML: {problem}") from None
        found = root.find(wanted)
        if root.tag != "sdf" or found is None:
            raise KithError(f"{path.name}: needs <sdf> with a <{wanted}> in it")
        return found

    def _fail(self, element: ET.Element, problem: str) -> KithError:
        name = element.get("name")
        return KithError(f"{self._file}: <{element.tag}{f' {name}' if name else ''}> {problem}")

    def _children(self, element: ET.Element, known: str) -> Iterator[ET.Element]:
        for child in element:
            if child.tag in known.split():
                yield child
            elif ":" not in child.tag and "}" not in child.tag:  # another tool's own elements are its own affair
                self._ignored[f"{self._file}: <{child.tag}> in <{element.tag}> is not understood: left out"] = None

    def _name(self, element: ET.Element) -> str:
        name = element.get("name", "").strip()
        if not name:
            raise self._fail(element, "needs a name")
        return name

    def _numbers(self, element: ET.Element, text: str | None, count: int) -> tuple[float, ...]:
        try:
            numbers = tuple(float(part) for part in (text or "").split())
        except ValueError:
            raise self._fail(element, f"needs {count} numbers") from None
        if len(numbers) != count or not all(map(math.isfinite, numbers)):
            raise self._fail(element, f"needs {count} finite number{'s' if count > 1 else ''}")
        return numbers

    def _number(self, element: ET.Element, path: str, default: float) -> float:
        found = element.find(path)
        return default if found is None else self._numbers(found, found.text, 1)[0]

    def _pose(self, element: ET.Element) -> tuple[Pose, str]:
        found = element.find("pose")
        if found is None:
            return Pose(), ""
        return Pose.from_rpy(*self._numbers(found, found.text, 6)), found.get("relative_to", "")

    # World ----------------------------------------------------------------------------------------------------------
    def world(self) -> World:
        element = self._root(self._path, "world")
        models, frames = [], {}
        for child in self._children(element, "physics plugin gravity light model include frame scene atmosphere"):
            if child.tag == "model":
                models.append(self._model(child, "", None, None))
            elif child.tag == "include":
                models.append(self._include(child))
            elif child.tag == "frame":
                frames[self._name(child)] = self._pose(child)[0]
            elif child.tag == "plugin":
                self._plugin(child)
        names = [each.name for each in models]
        for name in names:
            if names.count(name) > 1:
                raise KithError(f"{self._file}: the model {name} is there twice")
        step_s = self._number(element, "physics/max_step_size", 0.004)
        if not 1e-4 <= step_s <= 0.02:
            raise KithError(f"{self._file}: max_step_size must be between 0.0001 and 0.02 s")
        return World(self._name(element), step_s, tuple(models), frames, tuple(self._ignored))

    def _include(self, element: ET.Element) -> Model:
        uri = (element.findtext("uri") or "").strip()
        if not uri.startswith("model://"):
            raise self._fail(element, "needs a <uri> that begins with model://")
        name = uri.removeprefix("model://")
        folder = next((each / name for each in model_paths() if (each / name / "model.sdf").is_file()), None)
        if folder is None:
            raise KithError(f"{self._file}: the model {name!r} is nowhere to be found")
        pose = self._pose(element)[0] if element.find("pose") is not None else None
        for _ in self._children(element, "uri name pose static"):
            pass
        outer, self._file = self._file, f"{name}/model.sdf"
        made = self._model(self._root(folder / "model.sdf", "model"), name, element.findtext("name"), pose)
        self._file = outer
        return made

    def _plugin(self, element: ET.Element) -> Plugin:
        name = element.get("name", "").rsplit("::", 1)[-1]
        if name not in _PLUGINS:
            self._ignored[f"{self._file}: the plugin {name or 'without a name'} is not understood: left out"] = None
        return Plugin(name, {child.tag: (child.text or "").strip() for child in element})

    # Models ---------------------------------------------------------------------------------------------------------
    def _model(self, element: ET.Element, uri: str, name: str | None, pose: Pose | None) -> Model:
        parts = list(self._children(element, "static pose link joint frame plugin self_collide"))
        by_tag: Callable[[str], list[ET.Element]] = lambda tag: [part for part in parts if part.tag == tag]  # noqa: E731
        poses = _Frames(self, element)
        for part in by_tag("link"):
            poses.add(part, self._name(part), "")
        for part in by_tag("joint"):
            poses.add(part, self._name(part), (part.findtext("child") or "").strip())
        for part in by_tag("frame"):
            poses.add(part, self._name(part), part.get("attached_to", ""))
        links = tuple(self._link(part, poses) for part in by_tag("link"))
        if not links:
            raise self._fail(element, "needs a <link>")
        known = {each.name for each in links}
        joints = tuple(self._joint(part, poses, known) for part in by_tag("joint"))
        return Model(
            name=(name or self._name(element)).strip(),
            uri=uri,
            static=(element.findtext("static") or "false").strip() in ("true", "1"),
            pose=pose if pose is not None else self._pose(element)[0],
            links=links,
            joints=joints,
            frames={
                self._name(part): (part.get("attached_to", ""), poses.of(self._name(part))) for part in by_tag("frame")
            },
            plugins=tuple(self._plugin(part) for part in by_tag("plugin")),
        )

    def _link(self, element: ET.Element, poses: "_Frames") -> Link:
        collisions, visuals, sensors = [], [], []
        for part in self._children(element, "pose inertial collision visual sensor gravity self_collide light"):
            if part.tag == "collision":
                collisions.append(part)
            elif part.tag == "visual":
                visuals.append(part)
            elif part.tag == "sensor":
                sensors.append(part)
        shapes = self._shapes(collisions, visuals)
        mass = self._number(element, "inertial/mass", 0.0)
        inertia = tuple(self._number(element, f"inertial/inertia/{axis}", 0.0) for axis in ("ixx", "iyy", "izz"))
        if mass < 0 or min(inertia) < 0:
            raise self._fail(element, "has a negative mass or inertia")
        if not mass:
            mass, inertia = 1.0, (0.01, 0.01, 0.01)
        inertial = element.find("inertial")
        return Link(
            name=self._name(element),
            pose=poses.of(self._name(element)),
            mass=mass,
            inertia=(inertia[0], inertia[1], inertia[2]),
            centre=self._pose(inertial)[0] if inertial is not None else Pose(),
            shapes=tuple(shapes),
            sensors=tuple(sensor for part in sensors if (sensor := self._sensor(part)) is not None),
        )

    def _shapes(self, collisions: list[ET.Element], visuals: list[ET.Element]) -> list[Shape]:
        """One shape where a collision and a visual of the same name are the same; two where they differ."""
        seen: dict[str, Shape] = {}
        for part in visuals:
            shape = self._shape(part)
            seen[shape.name] = shape
        made = []
        for part in collisions:
            shape, visual = self._shape(part), seen.get(self._name(part))
            if visual is not None and (visual.geometry, visual.pose) == (shape.geometry, shape.pose):
                del seen[shape.name]
                shape = Shape(
                    shape.name, shape.geometry, shape.pose, True, True, visual.colour, friction=shape.friction
                )
            made.append(shape)
        return [*made, *seen.values()]

    def _shape(self, element: ET.Element) -> Shape:
        geometry = element.find("geometry")
        if geometry is None or not len(geometry):
            raise self._fail(element, "needs a <geometry>")
        kind, size = geometry[0].tag, geometry[0]
        made: Geometry
        if kind == "plane":
            found = size.find("size")
            x, y = self._numbers(size, found.text if found is not None else "1 1", 2)
            made = Geometry("plane", (x, y))
        elif kind == "box":
            made = Geometry("box", self._numbers(size, size.findtext("size"), 3))
        elif kind in ("cylinder", "capsule", "sphere"):
            values = tuple(self._numbers(size, size.findtext(part), 1)[0] for part in _SIZES[kind])
            made = Geometry(kind, values)  # type: ignore[arg-type]
        else:
            raise self._fail(element, f"has a <{kind}>: only boxes, cylinders, capsules, spheres and planes are known")
        if min(made.size) <= 0:
            raise self._fail(element, "has a size that is not positive")
        friction = self._number(element, "surface/friction/ode/mu", 1.0)
        return Shape(
            self._name(element),
            made,
            self._pose(element)[0],
            element.tag == "collision",
            element.tag == "visual",
            self._colour(element),
            friction=friction,
        )

    def _colour(self, element: ET.Element) -> Colour:
        found = element.find("material/diffuse")
        if found is None:
            return (0.7, 0.7, 0.7, 1.0)
        red, green, blue, opacity = self._numbers(found, found.text, 4)
        return (red, green, blue, opacity)

    def _sensor(self, element: ET.Element) -> Sensor | None:
        kind = element.get("type", "")
        if kind not in _SENSORS:
            self._ignored[f"{self._file}: a sensor of type {kind!r} is not understood: left out"] = None
            return None
        settings: dict[str, float] = {}

        def collect(inside: ET.Element, path: str) -> None:
            for child in inside:
                here = f"{path}/{child.tag}" if path else child.tag
                if len(child):
                    collect(child, here)
                else:
                    try:
                        settings[here] = float(child.text or "")
                    except ValueError:
                        continue
                    if not math.isfinite(settings[here]):
                        raise self._fail(element, f"has a {child.tag} that is not finite")

        collect(element, "")
        return Sensor(self._name(element), kind, self._pose(element)[0], settings.get("update_rate", 0.0), settings)

    def _joint(self, element: ET.Element, poses: "_Frames", links: set[str]) -> Joint:
        kind: Any = element.get("type", "")
        if kind == "continuous":
            kind = "revolute"
        if kind not in ("fixed", "revolute", "prismatic"):
            raise self._fail(element, f"is of the type {kind!r}: only fixed, revolute and prismatic are known")
        ends = {end: (element.findtext(end) or "").strip() for end in ("parent", "child")}
        for end, link in ends.items():
            if link not in links and not (end == "parent" and link == "world"):
                raise self._fail(element, f"names a {end} that is not there")
        axis = self._numbers(element, element.findtext("axis/xyz") or "0 0 1", 3)
        if not any(axis):
            raise self._fail(element, "has an axis of no length")
        return Joint(
            name=self._name(element),
            kind=kind,
            parent=ends["parent"],
            child=ends["child"],
            pose=poses.of(self._name(element)),
            axis=(axis[0], axis[1], axis[2]),
            lower=self._number(element, "axis/limit/lower", -1e16),
            upper=self._number(element, "axis/limit/upper", 1e16),
            effort=self._number(element, "axis/limit/effort", 1e3),
            velocity=self._number(element, "axis/limit/velocity", 1e3),
            damping=self._number(element, "axis/dynamics/damping", 0.0),
            friction=self._number(element, "axis/dynamics/friction", 0.0),
        )


class _Frames:
    """The frames of one model: each given relative to another, wanted relative to the model."""

    def __init__(self, reader: _Reader, model: ET.Element) -> None:
        self._reader = reader
        self._model = model
        self._given: dict[str, tuple[Pose, str]] = {}

    def add(self, element: ET.Element, name: str, default: str) -> None:
        if name in self._given:
            raise self._reader._fail(element, "has a name that is there twice")
        pose, relative_to = self._reader._pose(element)
        self._given[name] = pose, relative_to or default

    def of(self, name: str) -> Pose:
        pose, passed = Pose(), set()
        while name not in ("", "__model__"):
            if name in passed or name not in self._given:
                what = "loop" if name in passed else "reach a frame that is not there"
                raise self._reader._fail(self._model, f"has frames that {what}: {name}")
            passed.add(name)
            own, name = self._given[name]
            pose = own * pose
        return pose
