"""Where the parts of a body are, as tf tells it. Poses are written as in SDF: `x y z roll pitch yaw`, m and rad."""

import math
from dataclasses import dataclass
from typing import Any

from builtin_interfaces.msg import Time
from geometry_msgs.msg import TransformStamped

from culture_profiles.errors import KithError


@dataclass(frozen=True)
class Place:
    """A frame in its parent: metres, and a quaternion (x, y, z, w)."""

    position: tuple[float, float, float]
    rotation: tuple[float, float, float, float]


def place(text: str, name: str = "pose") -> Place:
    """A pose as it is written. Errors: KithError that names the parameter."""
    try:
        x, y, z, roll, pitch, yaw = (float(part) for part in text.split())
    except ValueError:
        raise KithError(f"{name} is {text!r}: write six numbers, x y z in m and roll pitch yaw in rad") from None
    if not all(map(math.isfinite, (x, y, z, roll, pitch, yaw))):
        raise KithError(f"{name} is {text!r}: those are not all numbers")
    return Place((x, y, z), quaternion(roll, pitch, yaw))


def quaternion(roll: float, pitch: float, yaw: float) -> tuple[float, float, float, float]:
    """x, y, z, w of fixed-axis angles in rad."""
    (sr, cr), (sp, cp), (sy, cy) = ((math.sin(a / 2), math.cos(a / 2)) for a in (roll, pitch, yaw))
    return (
        sr * cp * cy - cr * sp * sy,
        cr * sp * cy + sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
        cr * cp * cy + sr * sp * sy,
    )


def transform(parent: str, child: str, where: Place, stamp: Time) -> Any:
    """One frame as a message."""
    message = TransformStamped(child_frame_id=child)
    message.header.stamp = stamp
    message.header.frame_id = parent
    at, turn = message.transform.translation, message.transform.rotation
    at.x, at.y, at.z = where.position
    turn.x, turn.y, turn.z, turn.w = where.rotation
    return message
