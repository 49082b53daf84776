"""What the bodies share whose wheels, scanner, camera and battery are those of a driver beside Kith."""

from dataclasses import dataclass
from typing import Any

from sensor_msgs.msg import BatteryState
from tf2_msgs.msg import TFMessage

from nodes.base import graph, qos, times
from nodes.base.node import KithNode
from nodes.base.settings import Settings, SettingsT, setting
from nodes.body import battery, frames
from nodes.body.camera import Camera
from nodes.body.drive import Drive
from nodes.body.laser import Laser


@dataclass(frozen=True, kw_only=True)
class DriverSettings(Settings):
    """Where the base's driver is, and what it has. An empty topic: the base has no such part."""

    driver: str = setting(
        "driver", "Namespace of the base's driver, relative to the robot's; it must not be the robot's own"
    )
    cmd_vel_topic: str = setting("cmd_vel", "The driver's topic for velocities")
    stamped: bool = setting(False, "The driver wants TwistStamped instead of Twist")
    sideways: bool = setting(False, "The base can also drive sideways")
    odom_topic: str = setting("odom", "The driver's odometry")
    scan_topic: str = setting("scan", "The driver's laser scanner; empty: none")
    image_topic: str = setting("camera/image_raw", "The driver's camera; empty: none")
    camera_info_topic: str = setting("camera/camera_info", "The measures of the driver's camera")
    camera_hz: float = setting(5.0, "How many pictures a second are handed on", low=0.5, high=30.0)
    battery_topic: str = setting("battery_state", "The driver's battery; empty: none")
    laser_pose: str = setting("0 0 0.2 0 0 0", "Laser scanner in base_link: x y z in m, roll pitch yaw in rad")
    camera_pose: str = setting("0.1 0 1.0 0 0 0", "Camera in base_link, looking along its x: as laser_pose")
    microphone_pose: str = setting("0 0 1.0 0 0 0", "Microphone in base_link: as laser_pose")


class DriverBody(KithNode[SettingsT]):
    """What every body has whose wheels, scanner, camera and battery are a driver's."""

    settings: Any

    def configure(self) -> None:
        """Open the topics of the driver, and those of the contract that the base has."""
        given = self.settings
        self.drive = Drive(
            self,
            self.theirs(given.cmd_vel_topic),
            self.theirs(given.odom_topic),
            stamped=given.stamped,
            sideways=given.sideways,
        )
        self.laser = Laser(self, self.theirs(given.scan_topic)) if given.scan_topic else None
        if given.image_topic:
            Camera(self, self.theirs(given.image_topic), self.theirs(given.camera_info_topic), given.camera_hz)
        if given.battery_topic:
            self._battery = self.publisher(graph.BATTERY_STATE)
            self.subscription(graph.Topic(self.theirs(given.battery_topic), BatteryState, qos.SENSOR), self._on_battery)
        self._places = self.fixed()
        self._tf_static = self.publisher(graph.TF_STATIC)

    def theirs(self, topic: str) -> str:
        """A topic of the driver."""
        if topic.startswith("/") or not self.settings.driver:
            return topic
        return f"{self.settings.driver.rstrip('/')}/{topic}"

    def fixed(self) -> dict[str, tuple[str, frames.Place]]:
        """Frames that never move, and what each hangs on."""
        given = self.settings
        return {
            name: ("base_link", frames.place(text, f"{name}_pose"))
            for name, text in (
                ("laser", given.laser_pose),
                ("camera", given.camera_pose),
                ("microphone", given.microphone_pose),
            )
        }

    def activate(self) -> None:
        """Stand still, and say where everything is."""
        stamp = times.to_msg(self.now())
        self._tf_static.publish(
            TFMessage(transforms=[frames.transform(up, name, at, stamp) for name, (up, at) in self._places.items()])
        )
        self.drive.stand()

    def deactivate(self) -> None:
        """Leave nothing moving."""
        self.drive.stand()

    def _on_battery(self, message: BatteryState) -> None:
        if (known := battery.believed(message)) is not None:
            known.header.stamp = times.to_msg(self.now())
            self._battery.publish(known)
