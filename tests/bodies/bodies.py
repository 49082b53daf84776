"""Which bodies the contract is tried on: each body's process, and the driver that it is a body over."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

CONTRACT = yaml.safe_load((Path(__file__).parents[2] / "launch" / "body.yaml").read_text())
TOPICS: dict[str, dict[str, Any]] = CONTRACT["topics"]
SILENCE_S = CONTRACT["watchdog"]["silence_ms"] / 1000


@dataclass(frozen=True)
class Body:
    """`driver`: the module of a fake driver, and its arguments. `sound_card`: it hears and speaks by this machine's."""

    name: str
    module: str
    parameters: dict[str, Any] = field(default_factory=dict)
    driver: tuple[str, ...] = ()
    sound_card: bool = False

    def has(self, part: str) -> bool:
        """Whether the body has a part of the contract."""
        lacks = CONTRACT["bodies"][self.name]["lacks"]
        with_ = TOPICS[part].get("with") if part in TOPICS else None
        return part not in lacks and (with_ is None or with_ not in lacks)


BODIES = (
    Body("embedded", "sim.embedded.node"),
    Body("gazebo", "sim.gazebo.node", driver=("tests.bodies.fakes.bridged_gazebo",)),
    Body("generic", "nodes.body.generic", driver=("tests.bodies.fakes.base",), sound_card=True),
    Body("pepper", "nodes.body.pepper", driver=("tests.bodies.fakes.naoqi", "player")),
    Body(
        "turtlebot4",
        "nodes.body.turtlebot4",
        {"stamped": True},
        driver=("tests.bodies.fakes.create3", "stamped"),
        sound_card=True,
    ),
)
"""A body added here must pass the whole contract."""
