"""Poses as messages: frames, and where the residents are."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from builtin_interfaces.msg import Time
from geometry_msgs.msg import TransformStamped
from tf2_msgs.msg import TFMessage

from nodes.base.graph import person_frame
from sim.graph import SITTING_Z_M
from sim.worlds.placed import Placed
from sim.worlds.pose import Pose, yaw_quaternion


def transform(parent: str, child: str, pose: Pose, stamp: Time) -> TransformStamped:
    """One frame in another."""
    message = TransformStamped(child_frame_id=child)
    message.header.stamp = stamp
    message.header.frame_id = parent
    place, turn = message.transform.translation, message.transform.rotation
    place.x, place.y, place.z = pose.position
    turn.w, turn.x, turn.y, turn.z = pose.rotation
    return message


def people(placed: Iterable[tuple[str, Placed]], stamp: Time) -> TFMessage:
    """Where residents are."""
    transforms = []
    for name, each in placed:
        floor = Pose((each.x_m, each.y_m, SITTING_Z_M if each.sits else 0.0), yaw_quaternion(each.heading_rad))
        transforms.append(transform("map", name, floor, stamp))
        transforms.append(transform(name, f"{name}/head", Pose((0, 0, 0), yaw_quaternion(each.head_yaw_rad)), stamp))
    return TFMessage(transforms=transforms)


def person_frames(placed: Iterable[tuple[str, Placed]], bodies: Mapping[str, str], stamp: Time) -> TFMessage:
    """Where residents are, as ROS 4 HRI tells it: `person_<id>` for each, and the frame of the body that is seen of
    them. `bodies`: body ids by resident."""
    transforms = []
    for name, each in placed:
        floor = Pose((each.x_m, each.y_m, 0.0), yaw_quaternion(each.heading_rad))
        transforms.append(transform("map", person_frame(name), floor, stamp))
        if name in bodies:
            transforms.append(transform("map", bodies[name], floor, stamp))
    return TFMessage(transforms=transforms)


def placed_people(message: TFMessage) -> dict[str, Placed]:
    """The same read back, by resident id."""
    heads = {
        each.header.frame_id: yaw(each.transform.rotation)
        for each in message.transforms
        if each.child_frame_id.endswith("/head")
    }
    return {
        each.child_frame_id: Placed(
            each.transform.translation.x,
            each.transform.translation.y,
            yaw(each.transform.rotation),
            each.transform.translation.z < SITTING_Z_M / 2,
            heads.get(each.child_frame_id, 0.0),
        )
        for each in message.transforms
        if not each.child_frame_id.endswith("/head")
    }


def yaw(turn: Any) -> float:
    """The heading of a quaternion message, radians."""
    return math.atan2(2 * (turn.w * turn.z + turn.x * turn.y), 1 - 2 * (turn.y * turn.y + turn.z * turn.z))
