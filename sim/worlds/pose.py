"""Places in space: a position in metres and a unit quaternion (w, x, y, z)."""

import math
from dataclasses import dataclass

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


def _times(a: Quaternion, b: Quaternion) -> Quaternion:
    return (
        a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
        a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
        a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
        a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
    )


def yaw_quaternion(yaw: float) -> Quaternion:
    """A turn about z, radians."""
    return (math.cos(yaw / 2), 0.0, 0.0, math.sin(yaw / 2))


def turned(angle: float) -> float:
    """An angle brought into -π..π."""
    return math.atan2(math.sin(angle), math.cos(angle))


@dataclass(frozen=True, slots=True)
class Pose:
    """Where something is and how it is turned, in some frame."""

    position: Vector = (0.0, 0.0, 0.0)
    rotation: Quaternion = (1.0, 0.0, 0.0, 0.0)

    @classmethod
    def from_rpy(cls, x: float, y: float, z: float, roll: float, pitch: float, yaw: float) -> "Pose":
        """As SDF writes it: turns about the fixed axes x, y and z, in that order, radians."""
        about_x = (math.cos(roll / 2), math.sin(roll / 2), 0.0, 0.0)
        about_y = (math.cos(pitch / 2), 0.0, math.sin(pitch / 2), 0.0)
        return cls((x, y, z), _times(yaw_quaternion(yaw), _times(about_y, about_x)))

    def rotated(self, vector: Vector) -> Vector:
        """A direction of this frame in the frame around it."""
        w, x, y, z = self.rotation
        turned_ = _times(_times(self.rotation, (0.0, *vector)), (w, -x, -y, -z))
        return turned_[1:]

    def __mul__(self, inner: "Pose") -> "Pose":
        """A pose given in this frame, in the frame around it."""
        x, y, z = self.rotated(inner.position)
        here = self.position
        return Pose((here[0] + x, here[1] + y, here[2] + z), _times(self.rotation, inner.rotation))

    def inverse(self) -> "Pose":
        """The frame around it, as seen from it."""
        w, x, y, z = self.rotation
        back = Pose((0.0, 0.0, 0.0), (w, -x, -y, -z))
        px, py, pz = back.rotated(self.position)
        return Pose((-px, -py, -pz), back.rotation)

    @property
    def yaw(self) -> float:
        """The heading: the turn about z, radians."""
        w, x, y, z = self.rotation
        return math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
