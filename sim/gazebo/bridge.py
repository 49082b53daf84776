"""ROS and Gazebo, topic by topic, as the bridge's file says.

Where ros_gz_bridge is installed it does the work, looked after by this node; elsewhere (ROS 2 from wheels) this node
serves the same file itself, by Gazebo's own Python bindings. Of what Gazebo says only the newest waits: a busy machine
drops, never lags.
"""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from rclpy.qos import QoSProfile

from culture_profiles.errors import KithError
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from sim.gazebo import entries
from sim.gazebo.conversions import TO_GAZEBO, TO_ROS, ToRos
from sim.gazebo.entries import Entry
from sim.gazebo.transport import Transport

_QOS = QoSProfile(depth=10)  # reliable, as ros_gz_bridge has it
_LOOK_S = 0.5
_SILENT_S = 3.0
_AGAIN_S = 1.0


@dataclass(frozen=True, kw_only=True)
class BridgeSettings(Settings):
    """What is bridged."""

    config_file: str = setting("", "The bridge's YAML file, as ros_gz_bridge takes it")
    by: str = setting(
        "auto",
        "Who serves the file; auto: ros_gz_bridge where it is installed",
        choices=("auto", "ros_gz_bridge", "kith"),
    )
    fastest_hz: float = setting(60.0, "How often a topic of Gazebo is handed on at most", low=1.0, high=1000.0)


class _Inbound:
    """One topic from Gazebo to ROS."""

    def __init__(self, node: "GazeboBridge", entry: Entry, convert: ToRos, publisher: Any) -> None:
        self.entry, self._node, self._convert, self._publisher = entry, node, convert, publisher
        self._lock = threading.Lock()
        self._newest: Any = None
        self._due_s = float("-inf")
        self.heard = False

    @property
    def wanted(self) -> bool:
        return not self.entry.lazy or bool(self._publisher.get_subscription_count())

    def listen(self, transport: Transport) -> None:
        """Take it from Gazebo, or leave it there while nobody wants it."""
        if self.wanted and not self.heard:
            transport.subscribe(self.entry.gz_topic, self.entry.gz_type, self._receive)
            self.heard = True
        elif not self.wanted and self.heard:
            transport.unsubscribe(self.entry.gz_topic)
            self.heard = False

    def _receive(self, message: Any) -> None:
        # On a thread of Gazebo's.
        with self._lock:
            waits = self._newest is not None
            self._newest = message
        if not waits:
            self._node.post(self._hand_on)

    def _hand_on(self) -> None:
        with self._lock:
            message, self._newest = self._newest, None
        if message is None or not self._node.active:
            return
        now_s = self._node.heard_gazebo()
        if now_s < self._due_s:
            return
        self._due_s = max(self._due_s, now_s - 1.0) + 1.0 / self._node.settings.fastest_hz
        try:
            self._publisher.publish(self._convert(message))
        except ValueError as problem:
            self._node.health.warn(self.entry.ros_topic, f"{self.entry.gz_topic}: {problem}")


class GazeboBridge(KithNode[BridgeSettings]):
    """Serves the file."""

    name: ClassVar[str] = "gazebo_bridge"
    settings_type: ClassVar[type[BridgeSettings]] = BridgeSettings

    def configure(self) -> None:
        """Open both ends of every topic."""
        if not self.settings.config_file:
            raise KithError("the bridge needs its file: set the parameter config_file")
        path = Path(self.settings.config_file)
        lines = entries.read(path)
        self._heard_s: float | None = None
        self._inbound: list[_Inbound] = []
        self._child: subprocess.Popen[bytes] | None = None
        if (program := self._ros_gz_bridge()) is not None:
            self._child = self._start(program)
            self.every(_LOOK_S, self._look_after, steady=True)
            return
        self._transport = Transport()
        for number, entry in enumerate(lines, 1):
            self._open(entry, f"{path}, entry {number}")
        self.every(_LOOK_S, self._look, steady=True)

    def _open(self, entry: Entry, where: str) -> None:
        pair = (entry.ros_type, entry.gz_type)
        if entry.to_ros:
            if pair not in TO_ROS:
                raise KithError(f"{where}: {entry.gz_type} as {entry.ros_type} needs ros_gz_bridge: install it")
            kind, convert = TO_ROS[pair]
            publisher = self.publisher(graph.Topic(entry.ros_topic, kind, _QOS))
            self._inbound.append(_Inbound(self, entry, convert, publisher))
        if entry.to_gazebo:
            if pair not in TO_GAZEBO:
                raise KithError(f"{where}: {entry.ros_type} as {entry.gz_type} needs ros_gz_bridge: install it")
            kind, fill = TO_GAZEBO[pair]
            message, send = self._transport.publisher(entry.gz_topic, entry.gz_type)

            def hand_on(ours: Any) -> None:
                theirs = message()
                fill(ours, theirs)
                send(theirs)

            self.subscription(graph.Topic(entry.ros_topic, kind, _QOS), hand_on)

    def _ros_gz_bridge(self) -> Path | None:
        """Its program. Errors: KithError where it is asked for and not there."""
        if self.settings.by == "kith":
            return None
        for prefix in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep):
            program = Path(prefix) / "lib" / "ros_gz_bridge" / "parameter_bridge"
            if prefix and os.access(program, os.X_OK):
                return program
        if self.settings.by == "ros_gz_bridge":
            raise KithError(
                "ros_gz_bridge is not installed: `sudo apt-get install ros-jazzy-ros-gz-bridge`, or by:=auto"
            )
        return None

    def _start(self, program: Path) -> "subprocess.Popen[bytes]":
        given = ["-p", f"config_file:={self.settings.config_file}"]
        names = ["-r", f"__node:={self.get_name()}_topics", "-r", f"__ns:={self.get_namespace()}"]
        return subprocess.Popen([str(program), "--ros-args", *names, *given])

    def _look_after(self) -> None:
        if self._child is not None and self._child.poll() is not None:
            self.health.error("bridge", f"ros_gz_bridge ended with {self._child.returncode}: it is started again")
            self._child = None
            self.after(_AGAIN_S, self._start_again, steady=True)

    def _start_again(self) -> None:
        if (program := self._ros_gz_bridge()) is not None:
            self._child = self._start(program)
            self.health.clear("bridge")

    def cleanup(self) -> None:
        """End what was started."""
        child = getattr(self, "_child", None)
        if child is not None and child.poll() is None:
            child.terminate()
            try:
                child.wait(2.0)
            except subprocess.TimeoutExpired:
                child.kill()
        self._child = None

    def activate(self) -> None:
        """Begin to listen to Gazebo."""
        if self._child is None:
            self._look()

    def heard_gazebo(self) -> float:
        """Gazebo has said something; the steady time."""
        self._heard_s = self.steady_s()
        return self._heard_s

    def _look(self) -> None:
        for each in self._inbound:
            each.listen(self._transport)
        silent = self._heard_s is None or self.steady_s() - self._heard_s > _SILENT_S
        partition = os.environ.get("GZ_PARTITION", "")
        waits_for = f"Gazebo: is it running{f' with GZ_PARTITION={partition}' if partition else ''}?"
        if silent and any(each.heard for each in self._inbound):
            self.health.wait_for(waits_for)
        else:
            self.health.found(waits_for)


def main() -> int:
    """Bridge."""
    return run(GazeboBridge)


if __name__ == "__main__":
    sys.exit(main())
