"""A body whose wheels are a driver's, and whose microphone and loudspeaker are plugged into this machine."""

from dataclasses import dataclass
from typing import TypeVar

from nodes.base.settings import setting
from nodes.body.devices import SoundDevices
from nodes.body.driver import DriverBody, DriverSettings


@dataclass(frozen=True, kw_only=True)
class PluggedSettings(DriverSettings):
    """Which sound devices."""

    microphone: str = setting("", "Microphone: number or part of the name of a sound device; empty: the default one")
    loudspeaker: str = setting("", "Loudspeaker: number or part of the name of a sound device; empty: the default one")


Value = TypeVar("Value", bound=PluggedSettings)


class PluggedBody(DriverBody[Value]):
    """The driver's topics and the sound devices."""

    def configure(self) -> None:
        """Find the devices."""
        super().configure()
        self._sound = SoundDevices(self, self.settings.microphone, self.settings.loudspeaker)

    def activate(self) -> None:
        """Begin to listen and to play."""
        super().activate()
        self._sound.open()

    def deactivate(self) -> None:
        """Stand still and let the devices go."""
        super().deactivate()
        self._sound.close()
