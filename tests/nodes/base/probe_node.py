"""A node for the tests of the base class: run as a process, it says on standard output what happens to it."""

import sys
from dataclasses import dataclass
from pathlib import Path

from culture_profiles.errors import KithError
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting


@dataclass(frozen=True, kw_only=True)
class ProbeSettings(Settings):
    needed_file: str = setting("", "A file that must exist before the node can start")
    rate_hz: float = setting(1.0, "A rate in Hz", low=0.1, high=5.0)
    colour: str = setting("red", "A colour", choices=("red", "green"))


class Probe(KithNode[ProbeSettings]):
    name = "probe"
    settings_type = ProbeSettings

    def configure(self) -> None:
        if self.settings.needed_file and not Path(self.settings.needed_file).exists():
            raise KithError("the file is missing: make it")
        self.subscription(graph.AUDIO_CONTROL, self._heard)

    def activate(self) -> None:
        print(f"active {self.settings.rate_hz} {self.settings.colour}", flush=True)

    def deactivate(self) -> None:
        print("deactivated", flush=True)

    def cleanup(self) -> None:
        print("cleaned up", flush=True)

    def _heard(self, message: object) -> None:
        raise ValueError(f"private: {message}")


if __name__ == "__main__":
    sys.exit(run(Probe))
