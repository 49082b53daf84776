"""A driver's laser scan and distance sensors as the contract's `scan`."""

import array
from typing import Any

import numpy as np
from sensor_msgs.msg import LaserScan

from nodes.base import graph, qos, times
from nodes.base.node import KithNode
from nodes.body.drive import believed_stamp
from nodes.body.inlet import Inlet
from nodes.body.scans import Cone, Ranges, all_round, cleaned, step

_FASTEST_HZ = 20.0


class Laser:
    """Hands on what can be believed, one full turn at a time. What it cannot believe it keeps: silence is honest."""

    def __init__(self, node: KithNode[Any], topic: str) -> None:
        """`topic`: the driver's."""
        self._node = node
        self._inlet = Inlet(_FASTEST_HZ)
        self._cones: dict[str, tuple[Cone, float]] = {}
        self._waits_for = f"the laser scanner's {topic}"
        self._scan = node.publisher(graph.SCAN)
        node.subscription(graph.Topic(topic, LaserScan, qos.SENSOR), self._on_scan)
        node.every(1.0, self._watch, steady=True)

    def met(self, name: str, cone: Cone) -> None:
        """What a distance sensor measures now; it counts for half a second."""
        self._cones[name] = (cone, self._node.steady_s() + 0.5)

    def _watch(self) -> None:
        if self._inlet.silent(self._node.steady_s()):
            self._node.health.wait_for(self._waits_for)
        else:
            self._node.health.found(self._waits_for)

    def _on_scan(self, message: LaserScan) -> None:
        node, now_s = self._node, self._node.steady_s()
        farthest = message.range_max if message.range_max > 0 else 30.0
        ranges = cleaned(np.asarray(message.ranges, np.float32), message.range_min, farthest)
        if ranges is None:
            node.health.warn("scan", "the laser scanner measures nothing: is it covered or broken?")
            return
        node.health.clear("scan")
        if not self._inlet.take(now_s):
            return
        cones = tuple(cone for cone, until in self._cones.values() if now_s < until)
        self._publish(
            all_round(ranges, message.angle_min, message.angle_increment, cones),
            message.range_min,
            max([farthest, *(cone.farthest_m for cone in cones)]),
            believed_stamp(node, message.header.stamp),
        )

    def _publish(self, turn: Ranges, nearest_m: float, farthest_m: float, stamp: Any) -> None:
        scan = LaserScan(
            angle_min=-np.pi,
            angle_max=np.pi - step(),
            angle_increment=step(),
            range_min=nearest_m,
            range_max=farthest_m,
            ranges=array.array("f", turn.tobytes()),
        )
        scan.header.stamp = times.to_msg(stamp)
        scan.header.frame_id = "laser"
        self._scan.publish(scan)
