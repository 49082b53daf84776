"""What the robot's description says that Gazebo does not tell: joint limits, and how the links hang together."""

import math
from collections.abc import Mapping

from nodes.body.joints import Limit
from sim.worlds.description import Joint, Model, World
from sim.worlds.pose import Pose

_MODEL = "kith_robot"


def robot_of(world: World) -> Model | None:
    """The robot in a world; None where there is none."""
    return next((model for model in world.models if model.uri == _MODEL or model.name == _MODEL), None)


def limits(robot: Model) -> dict[str, Limit]:
    """Of every joint that a controller moves."""
    controlled = {each.settings.get("joint_name", "") for each in robot.plugins_named("JointPositionController")}
    return {
        joint.name: Limit(joint.lower, joint.upper, joint.velocity)
        for joint in robot.joints
        if joint.name in controlled
    }


class Links:
    """Each link in its parent, from the joints' angles."""

    def __init__(self, robot: Model) -> None:
        poses = {link.name: link.pose for link in robot.links}
        self._joints = [
            (joint, poses[joint.parent].inverse() * poses[joint.child], poses[joint.parent].inverse() * joint.pose)
            for joint in robot.joints
            if joint.parent in poses and joint.child in poses
        ]
        self._poses = poses
        self._frames = robot.frames

    def fixed(self) -> list[tuple[str, str, Pose]]:
        """Parent, child and pose of what never moves in its parent: sensors, microphone, loudspeaker."""
        frames = [
            (link, name, self._poses[link].inverse() * pose) for name, (link, pose) in self._frames.items() if link
        ]
        return frames + [(j.parent, j.child, at) for j, at, _ in self._joints if j.kind == "fixed"]

    def moving(self, angles: Mapping[str, float]) -> list[tuple[str, str, Pose]]:
        """The others, at these angles; a joint that is not told is at zero."""
        return [
            (joint.parent, joint.child, _turned(joint, hinge, angles.get(joint.name, 0.0)) * at)
            for joint, at, hinge in self._joints
            if joint.kind == "revolute"
        ]


def _turned(joint: Joint, hinge: Pose, angle: float) -> Pose:
    """The turn about a joint's axis, as a change of poses in the parent's frame."""
    sine = math.sin(angle / 2)
    x, y, z = joint.axis
    turn = Pose((0.0, 0.0, 0.0), (math.cos(angle / 2), x * sine, y * sine, z * sine))
    return hinge * turn * hinge.inverse()
