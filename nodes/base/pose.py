"""Places on the floor and frames between them (REP-105), in two dimensions. Metres, radians; REP-103 axes. Pure."""

import math
from dataclasses import dataclass

_DEEPEST = 20  # frames between two; more is a loop


def turned(angle: float) -> float:
    """An angle brought into -π..π."""
    return math.atan2(math.sin(angle), math.cos(angle))


@dataclass(frozen=True, slots=True)
class Pose:
    """A place on the floor and a heading (counter-clockwise from x)."""

    x: float
    y: float
    heading: float

    @classmethod
    def from_quaternion(cls, x: float, y: float, quaternion: tuple[float, float, float, float]) -> "Pose":
        """From x, y and an orientation (x, y, z, w); the zero quaternion, which means unset, points along x."""
        qx, qy, qz, qw = quaternion
        return cls(x, y, math.atan2(2 * (qw * qz + qx * qy), 1 - 2 * (qy * qy + qz * qz)))

    @property
    def finite(self) -> bool:
        """Whether every part is a number."""
        return math.isfinite(self.x) and math.isfinite(self.y) and math.isfinite(self.heading)

    @property
    def point(self) -> tuple[float, float]:
        """The place alone."""
        return self.x, self.y

    def __mul__(self, inner: "Pose") -> "Pose":
        """A pose given in this one's frame, in the frame around it."""
        cosine, sine = math.cos(self.heading), math.sin(self.heading)
        return Pose(
            self.x + cosine * inner.x - sine * inner.y,
            self.y + sine * inner.x + cosine * inner.y,
            turned(self.heading + inner.heading),
        )

    def inverse(self) -> "Pose":
        """The frame around it, as seen from it."""
        cosine, sine = math.cos(self.heading), math.sin(self.heading)
        return Pose(-cosine * self.x - sine * self.y, sine * self.x - cosine * self.y, turned(-self.heading))


class Frames:
    """The newest pose of each frame in its parent. Times are the caller's steady seconds."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Pose, float | None]] = {}

    def put(self, child: str, parent: str, pose: Pose, at: float | None) -> None:
        """A frame has been told; `at` None: it never moves. What is no number is not taken."""
        if pose.finite and child and parent and child != parent:
            self._known[child] = parent, pose, at

    def find(self, frame: str, within: str, now: float, good_for_s: float) -> Pose | None:
        """Where a frame is in one that it hangs on; None: not known, or not told for so long."""
        pose = Pose(0.0, 0.0, 0.0)
        for _ in range(_DEEPEST):
            if frame == within:
                return pose
            if frame not in self._known:
                return None
            frame, step, at = self._known[frame]
            if at is not None and now - at > good_for_s:
                return None
            pose = step * pose
        return None

    def within(self, prefix: str) -> list[str]:
        """The frames whose names begin so."""
        return [name for name in self._known if name.startswith(prefix)]
