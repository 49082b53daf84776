"""The laptop as a body: its microphone is audio_in, its loudspeaker plays audio_out, its battery is the battery."""

import sys
from dataclasses import dataclass
from typing import ClassVar

import psutil
from sensor_msgs.msg import BatteryState

from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.body.devices import SoundDevices


@dataclass(frozen=True, kw_only=True)
class LaptopSettings(Settings):
    """Which devices."""

    microphone: str = setting("", "Microphone: number or part of the name of a sound device; empty: the default one")
    loudspeaker: str = setting("", "Loudspeaker: number or part of the name of a sound device; empty: the default one")


class LaptopBody(KithNode[LaptopSettings]):
    """A body without wheels. Without devices it stays up, says so, and takes them when they are plugged in."""

    name: ClassVar[str] = "body"
    settings_type: ClassVar[type[LaptopSettings]] = LaptopSettings

    def configure(self) -> None:
        """Open the topics and, where they are there, the devices."""
        self._sound = SoundDevices(self, self.settings.microphone, self.settings.loudspeaker)
        self._battery = self.publisher(graph.BATTERY_STATE)
        self.every(1.0, self._tell_battery, steady=True)

    def activate(self) -> None:
        """Begin to listen and to play."""
        self._sound.open()

    def deactivate(self) -> None:
        """Let the devices go."""
        self._sound.close()

    def _tell_battery(self) -> None:
        battery = psutil.sensors_battery()
        if battery is None:
            return
        state = (
            BatteryState.POWER_SUPPLY_STATUS_CHARGING
            if battery.power_plugged
            else (BatteryState.POWER_SUPPLY_STATUS_DISCHARGING)
        )
        nan = float("nan")
        message = BatteryState(
            percentage=battery.percent / 100.0,
            power_supply_status=state,
            present=True,
            voltage=nan,
            current=nan,
            charge=nan,
            capacity=nan,
            design_capacity=nan,
            temperature=nan,
        )
        message.header.stamp = times.to_msg(self.now())
        self._battery.publish(message)


def main() -> int:
    """Run the laptop's body."""
    return run(LaptopBody)


if __name__ == "__main__":
    sys.exit(main())
