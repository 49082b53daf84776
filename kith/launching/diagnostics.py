"""Tells, as JSON lines on standard output, what the nodes say of their health on `/diagnostics`.

A process of its own: whoever launches a home needs no middleware, and a test's or tool's own ROS context, which fixes
its transports once per process, does not matter.
"""

import json
import sys
from contextlib import suppress

import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.executors import ExternalShutdownException

from nodes.base import qos

_TOPIC = "/diagnostics"  # nodes.base.graph has it too, but loads every message type of the home


def _tell(array: DiagnosticArray) -> None:
    for status in array.status:
        level = status.level[0] if isinstance(status.level, bytes) else int(status.level)
        line = {"node": status.hardware_id or status.name, "level": level, "message": status.message}
        sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Listen until interrupted."""
    with suppress(KeyboardInterrupt, ExternalShutdownException, BrokenPipeError):
        rclpy.init(args=["--ros-args", "--disable-external-lib-logs", "--disable-rosout-logs"])
        node = rclpy.create_node("kith_watch", enable_rosout=False, start_parameter_services=False)
        node.create_subscription(DiagnosticArray, _TOPIC, _tell, qos.DIAGNOSTICS)
        rclpy.spin(node)


if __name__ == "__main__":
    main()
