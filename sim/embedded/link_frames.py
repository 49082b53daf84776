"""The robot's moving links as frames: the same messages again and again, because making them costs more than filling
them."""

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from tf2_msgs.msg import TFMessage

from sim.embedded.messages import base_transform
from sim.embedded.physics import Physics
from sim.transforms import transform
from sim.worlds.pose import Pose

Array = npt.NDArray[np.float64]


class LinkFrames:
    """`base_link` in `odom`, and every link that moves in its parent."""

    def __init__(self, physics: Physics) -> None:
        joints = [joint for joint in physics.compiled.robot.joints if joint.kind != "fixed"]
        names = [(joint.parent, joint.child) for joint in joints]
        ends = np.array([[physics.model.body(name).id for name in pair] for pair in names], int).reshape(-1, 2)
        self._parents, self._children = ends[:, 0], ends[:, 1]
        self._frames = [transform(parent, child, Pose(), Time()) for parent, child in names]
        self._message = TFMessage()

    def message(self, physics: Physics, stamp: Time) -> TFMessage:
        """All of them now. Good until the next call."""
        physics.refresh()
        places, turns = physics.data.xpos, physics.data.xquat
        back = turns[self._parents] * (1.0, -1.0, -1.0, -1.0)
        apart = np.zeros((len(back), 4))
        apart[:, 1:] = places[self._children] - places[self._parents]
        place = _product(_product(back, apart), turns[self._parents])[:, 1:].tolist()
        turn = _product(back, turns[self._children]).tolist()
        for frame, (x, y, z), (w, i, j, k) in zip(self._frames, place, turn, strict=True):
            frame.header.stamp = stamp
            moved = frame.transform
            moved.translation.x, moved.translation.y, moved.translation.z = x, y, z
            moved.rotation.w, moved.rotation.x, moved.rotation.y, moved.rotation.z = w, i, j, k
        self._message.transforms = [base_transform(physics.odometry, stamp), *self._frames]
        return self._message


def _product(a: Array, b: Array) -> Array:
    """Of quaternions, row by row."""
    aw, ax, ay, az = a.T
    bw, bx, by, bz = b.T
    return np.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        axis=1,
    )
