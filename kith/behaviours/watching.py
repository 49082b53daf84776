"""What the robots of a running home do, from what their dialogue tells on /diagnostics."""

from collections.abc import Iterator

import rclpy
from diagnostic_msgs.msg import DiagnosticArray

from kith.remote import joined
from nodes.base import qos
from nodes.base.graph import DIAGNOSTICS


def behaviours(ros_domain_id: int) -> Iterator[tuple[str, str]]:
    """(robot, behaviour) each time it changes, until interrupted."""
    news: list[tuple[str, str]] = []

    def take(array: DiagnosticArray) -> None:
        for status in array.status:
            doing = {value.key: value.value for value in status.values}.get("doing", "")
            if doing:
                news.append((status.hardware_id or status.name, doing))

    with joined(ros_domain_id, "behaviours") as node:
        node.create_subscription(DiagnosticArray, DIAGNOSTICS.name, take, qos.DIAGNOSTICS)
        last: dict[str, str] = {}
        while rclpy.ok():
            rclpy.spin_once(node, timeout_sec=0.5)
            while news:
                robot, doing = news.pop(0)
                if last.get(robot) != doing:
                    last[robot] = doing
                    yield robot, doing
