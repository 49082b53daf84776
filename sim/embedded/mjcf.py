"""A world of SDF as a model of MuJoCo: the same bodies, joints, shapes and colours, on MuJoCo's terms.

The robot's base moves on the floor plane by a drive that is limited in force, as its wheels would move it: three
joints (forward, sideways, turning) instead of wheel friction, so that standing still is exact and cheap. Its arms and
head are held by position servos. People are placed, never pushed; doors turn on their hinges.
"""

import math
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import mujoco

from culture_profiles.errors import KithError
from sim.worlds.description import Joint, Link, Model, Sensor, Shape, World
from sim.worlds.faces import head
from sim.worlds.looks import Look, rgb
from sim.worlds.png import png
from sim.worlds.pose import Pose

ROBOT_URI = "kith_robot"
RESIDENT_URI = "resident"
RESIDENT_PREFIX = "resident_"

STATIC_GROUP, PEOPLE_GROUP, SEEN_ONLY_GROUP, ROBOT_GROUP = 0, 1, 2, 3
"""Groups of shapes: rays choose by them."""

_STEP_S = 0.01  # finer steps than that change nothing here: drive and servos are integrated implicitly
_BASE_FORCE_N = 300.0
_BASE_TORQUE_NM = 60.0
_BASE_GAIN = 4000.0  # N per m/s
_TURN_GAIN = 250.0  # Nm per rad/s
_ARMATURE = 0.02  # what a gear adds to the inertia of a light limb
_HEAD = "0.080 0.110 0.098"  # half its width, height and depth in metres
_WORN = {  # half its depth, width and height, and where its middle is
    "turban": ("0.125 0.110 0.070", "-0.01 0 0.095"),
    "headscarf": ("0.108 0.105 0.135", "-0.030 0 -0.012"),
    "cap": ("0.105 0.092 0.050", "0 0 0.085"),
    "kippah": ("0.060 0.060 0.020", "-0.030 0 0.108"),
    "none": ("0.095 0.088 0.092", "-0.025 0 0.035"),
}
_TOUCH_MARGIN_M = 0.008  # a bumper switches a little before it is hit


@dataclass(frozen=True)
class Compiled:
    """The model, and what of the description the simulator needs beside it."""

    model: mujoco.MjModel
    robot: Model
    residents: tuple[str, ...]
    sensors: dict[str, tuple[str, Sensor]]
    """Kind of sensor or, for contact, its name → its link and itself."""


def compile_world(world: World, looks: dict[str, Look]) -> Compiled:
    """Errors: KithError for a world without the robot, or that MuJoCo cannot make anything of."""
    robots = [each for each in world.models if each.uri == ROBOT_URI]
    if len(robots) != 1:
        found = "no robot" if not robots else f"{len(robots)} robots"
        raise KithError(f"the world {world.name} has {found}: it must include model://{ROBOT_URI} once")
    writer = _Writer(world, looks)
    xml = writer.written()
    try:
        model = mujoco.MjModel.from_xml_string(xml, writer.images)
    except ValueError as problem:
        raise KithError(f"the world {world.name} cannot be simulated: {' '.join(str(problem).split())[:200]}") from None
    sensors = {
        (sensor.name if sensor.kind == "contact" else sensor.kind): (link.name, sensor)
        for link in robots[0].links
        for sensor in link.sensors
    }
    return Compiled(model, robots[0], tuple(writer.residents), sensors)


def _text(*numbers: float) -> str:
    return " ".join(f"{number:.9g}" for number in numbers)


def _place(element: ET.Element, pose: Pose) -> None:
    element.set("pos", _text(*pose.position))
    element.set("quat", _text(*pose.rotation))


class _Writer:
    def __init__(self, world: World, looks: dict[str, Look]) -> None:
        self.images: dict[str, bytes] = {}
        self.residents: list[str] = []
        self._looks = looks
        self._root = root = ET.Element("mujoco", model=world.name)
        ET.SubElement(root, "compiler", angle="radian", autolimits="true", inertiafromgeom="false")
        step = _text(max(world.step_s, _STEP_S))
        ET.SubElement(root, "option", timestep=step, integrator="implicitfast", cone="pyramidal")
        ET.SubElement(root, "size", memory="4M")
        visual = ET.SubElement(root, "visual")
        ET.SubElement(visual, "global", offwidth="640", offheight="480")
        ET.SubElement(visual, "quality", shadowsize="0", offsamples="0", numslices="12", numstacks="8", numquads="1")
        ET.SubElement(visual, "headlight", ambient="0.45 0.45 0.45", diffuse="0.45 0.45 0.45", specular="0 0 0")
        ET.SubElement(visual, "map", znear="0.01", zfar="30")
        self._asset = ET.SubElement(root, "asset")
        ET.SubElement(
            self._asset, "texture", type="skybox", builtin="flat", rgb1="0.8 0.85 0.9", width="16", height="96"
        )
        self._worldbody = ET.SubElement(root, "worldbody")
        ET.SubElement(
            self._worldbody, "light", directional="true", dir="-0.3 0.2 -0.9", castshadow="false", diffuse="0.4 0.4 0.4"
        )
        self._actuator = ET.SubElement(root, "actuator")
        for model in world.models:
            if model.uri == RESIDENT_URI:
                self._resident(model)
            elif model.static:
                self._static(model)
            else:
                self._moving(model, robot=model.uri == ROBOT_URI)

    def written(self) -> str:
        return ET.tostring(self._root, encoding="unicode")

    # Models ---------------------------------------------------------------------------------------------------------
    def _static(self, model: Model) -> None:
        for link in model.links:
            pose = model.pose * link.pose
            for shape in link.shapes:
                self._shape(self._worldbody, f"{model.name}/{link.name}/{shape.name}", shape, pose, STATIC_GROUP)

    def _resident(self, model: Model) -> None:
        """Each part is placed by itself; what is worn hangs on the head."""
        name = model.name.removeprefix(RESIDENT_PREFIX)
        look = self._looks.get(name)
        self.residents.append(name)
        colours = {"torso": rgb(look.clothes), "legs": (60, 60, 75), "head": rgb(look.skin)} if look is not None else {}
        for link in model.links:
            body = ET.SubElement(self._worldbody, "body", name=f"{name}/{link.name}", mocap="true")
            _place(body, model.pose * link.pose)
            for shape in link.shapes:
                geom = self._shape(body, f"{name}/{link.name}/{shape.name}", shape, Pose(), PEOPLE_GROUP)
                if link.name in colours:
                    geom.set("rgba", _text(*(value / 255 for value in colours[link.name]), 1.0))
                if shape.name == "face" and look is not None:
                    self._face(geom, name, look)
                elif link.name == "head" and look is not None:
                    geom.set("size", "0.07")  # within the head that has the face
            if link.name == "head" and look is not None:
                self._worn(body, name, look)

    def _face(self, geom: ET.Element, name: str, look: Look) -> None:
        """The flat face of the description becomes a round head with a face on it."""
        texture = ET.SubElement(self._asset, "texture", name=name, type="cube")
        for side, image in head(look).items():
            self.images[f"{name}_{side}.png"] = png(image)
            texture.set(f"file{side}", f"{name}_{side}.png")
        ET.SubElement(self._asset, "material", name=name, texture=name, specular="0", shininess="0")
        geom.set("material", name)
        geom.set("rgba", "1 1 1 1")
        geom.set("type", "ellipsoid")
        geom.set("size", _HEAD)
        geom.set("pos", "0 0 0")

    def _worn(self, head: ET.Element, name: str, look: Look) -> None:
        colour = _text(*(value / 255 for value in rgb(look.hair if look.covering == "none" else look.clothes)), 1.0)
        size, place = _WORN[look.covering]
        ET.SubElement(
            head, "geom", name=f"{name}/head/worn", type="ellipsoid", size=size, pos=place, rgba=colour, contype="0",
            conaffinity="0", group=str(SEEN_ONLY_GROUP),
        )  # fmt: skip

    def _moving(self, model: Model, *, robot: bool) -> None:
        links = {link.name: link for link in model.links}
        above = {joint.child: joint for joint in model.joints}
        if len(above) != len(model.joints):
            raise KithError(f"{model.name}: a link hangs on two joints")
        bodies: dict[str, ET.Element] = {}

        def body(link: Link, passed: tuple[str, ...] = ()) -> ET.Element:
            if link.name in passed:
                raise KithError(f"{model.name}: its joints form a loop at {link.name}")
            if link.name not in bodies:
                joint = above.get(link.name)
                if joint is None or joint.parent == "world":
                    parent, pose = self._worldbody, model.pose * link.pose
                else:
                    parent = body(links[joint.parent], (*passed, link.name))
                    pose = links[joint.parent].pose.inverse() * link.pose
                bodies[link.name] = self._body(model, link, parent, pose, joint, robot)
            return bodies[link.name]

        for link in model.links:
            body(link)
        if robot:
            self._motors(model)
            for name, (link_name, pose) in model.frames.items():
                where = links[link_name].pose.inverse() * pose if link_name else pose
                site = ET.SubElement(bodies[link_name or model.links[0].name], "site", name=name)
                _place(site, where)

    def _body(
        self, model: Model, link: Link, parent: ET.Element, pose: Pose, joint: Joint | None, robot: bool
    ) -> ET.Element:
        prefix = "" if robot else f"{model.name}/"
        made = ET.SubElement(parent, "body", name=prefix + link.name)
        if robot:
            made.set("gravcomp", "1")  # motors hold what they carry
        if joint is None and robot:
            for name, kind, axis in (("x", "slide", "1 0 0"), ("y", "slide", "0 1 0"), ("heading", "hinge", "0 0 1")):
                ET.SubElement(made, "joint", name=f"base_{name}", type=kind, axis=axis, damping="0")
        else:
            _place(made, pose)
            if joint is None:
                ET.SubElement(made, "freejoint", name=f"{prefix}free")
            elif joint.kind != "fixed":
                self._joint(made, prefix, link, joint)
        inertial = ET.SubElement(made, "inertial", mass=_text(link.mass), diaginertia=_text(*link.inertia))
        _place(inertial, link.centre)
        touching = {sensor.name for sensor in link.sensors if sensor.kind == "contact"}
        for shape in link.shapes:
            geom = self._shape(
                made, f"{prefix}{link.name}/{shape.name}", shape, Pose(), ROBOT_GROUP if robot else STATIC_GROUP,
                robot=robot,
            )  # fmt: skip
            if touching and shape.collides:
                geom.set("margin", _text(_TOUCH_MARGIN_M))
                geom.set("gap", _text(_TOUCH_MARGIN_M))
        for sensor in link.sensors:
            if sensor.kind == "camera":
                # A camera of SDF looks along x with z up, one of MuJoCo along minus z with y up.
                fov = sensor.settings.get("camera/horizontal_fov", 1.0)
                width, height = (sensor.settings.get(f"camera/image/{side}", 240.0) for side in ("width", "height"))
                ET.SubElement(
                    made, "camera", name="camera", xyaxes="0 -1 0 0 0 1",
                    fovy=_text(vertical_fov(fov, width, height)), pos=_text(*sensor.pose.position),
                )  # fmt: skip
            elif sensor.kind == "gpu_lidar":
                _place(ET.SubElement(made, "site", name="lidar"), sensor.pose)
        return made

    def _joint(self, body: ET.Element, prefix: str, link: Link, joint: Joint) -> None:
        pose = link.pose.inverse() * joint.pose
        made = ET.SubElement(
            body, "joint", name=prefix + joint.name, type="hinge" if joint.kind == "revolute" else "slide",
            axis=_text(*pose.rotated(joint.axis)), pos=_text(*pose.position), damping=_text(joint.damping),
            frictionloss=_text(joint.friction), armature=_text(_ARMATURE),
        )  # fmt: skip
        if joint.limited:
            made.set("range", _text(joint.lower, joint.upper))

    def _motors(self, model: Model) -> None:
        for name, gain, most in (
            ("base_x", _BASE_GAIN, _BASE_FORCE_N),
            ("base_y", _BASE_GAIN, _BASE_FORCE_N),
            ("base_heading", _TURN_GAIN, _BASE_TORQUE_NM),
        ):
            ET.SubElement(
                self._actuator, "velocity", name=name, joint=name, kv=_text(gain), forcerange=_text(-most, most)
            )
        efforts = {joint.name: joint.effort for joint in model.joints}
        for plugin in model.plugins_named("JointPositionController"):
            name = plugin.settings.get("joint_name", "")
            if name not in efforts:
                raise KithError(f"{model.name}: a controller names a joint that is not there")
            try:
                stiff, damped = (float(plugin.settings.get(gain, "10")) for gain in ("p_gain", "d_gain"))
            except ValueError:
                raise KithError(f"{model.name}: the controller of {name} has a gain that is no number") from None
            ET.SubElement(
                self._actuator, "position", name=name, joint=name, kp=_text(stiff), kv=_text(damped),
                forcerange=_text(-efforts[name], efforts[name]),
            )  # fmt: skip

    # Shapes ---------------------------------------------------------------------------------------------------------
    def _shape(
        self, parent: ET.Element, name: str, shape: Shape, pose: Pose, group: int, *, robot: bool = False
    ) -> ET.Element:
        """Only the robot meets things: nothing else can move against anything."""
        kind, size = shape.geometry.kind, shape.geometry.size
        half = {
            "box": lambda: [each / 2 for each in size],
            "sphere": lambda: [size[0]],
            "plane": lambda: [size[0] / 2, size[1] / 2, 1.0],
        }.get(kind, lambda: [size[0], size[1] / 2])()
        seen_only = not shape.collides
        geom = ET.SubElement(
            parent, "geom", name=name if shape.collides else f"{name}/seen", type=kind, size=_text(*half),
            rgba=_text(*shape.colour), group=str(SEEN_ONLY_GROUP if seen_only and not robot else group),
            contype="1" if robot and shape.collides and not _on_floor(name) else "0",
            conaffinity="0" if robot or seen_only or kind == "plane" else "1", friction=_text(shape.friction),
        )  # fmt: skip
        _place(geom, pose * shape.pose)
        return geom


def _on_floor(name: str) -> bool:
    """Wheels and casters carry nothing here: the base's own joints do."""
    return name.startswith("wheel_") or "/caster" in name


def vertical_fov(horizontal: float, width: float, height: float) -> float:
    """The vertical opening angle in degrees of a camera given by its horizontal one in radians."""
    return math.degrees(2 * math.atan(math.tan(horizontal / 2) * height / width))
