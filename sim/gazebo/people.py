"""Moves the residents in Gazebo to where they are.

A process of its own: Gazebo places models only on request, and its bindings hold Python's lock while they ask.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from sim import graph as stage
from sim import transforms
from sim.gazebo.transport import Transport
from sim.graph import SITTING_Z_M
from sim.worlds.placed import Placed
from sim.worlds.pose import yaw_quaternion

_EVERY_S = 0.1
_ASK_MS = 300


@dataclass(frozen=True, kw_only=True)
class PeopleSettings(Settings):
    """In which world."""

    world_name: str = setting("care_home", "The world's name in its SDF file")


class GazeboPeople(KithNode[PeopleSettings]):
    """Ten times a second whoever has moved since is placed, all in one request."""

    name: ClassVar[str] = "gazebo_people"
    settings_type: ClassVar[type[PeopleSettings]] = PeopleSettings

    def configure(self) -> None:
        """Listen to where everybody is."""
        self._transport = Transport()
        self._service = f"/world/{self.settings.world_name}/set_pose_vector"
        self._moved: dict[str, Placed] = {}
        self._there: dict[str, Placed] = {}
        self.subscription(stage.PEOPLE, self._on_people)
        self.every(_EVERY_S, self._place, steady=True)

    def _on_people(self, message: Any) -> None:
        for name, placed in transforms.placed_people(message).items():
            if self._there.get(name) != placed:
                self._moved[name] = placed

    def _place(self) -> None:
        if not self._moved:
            return
        moved, self._moved = self._moved, {}
        # Its answer is no news: it may be no although the people were placed. Where they are is told every second.
        self._transport.request(self._service, poses(self._transport, moved), "gz.msgs.Boolean", _ASK_MS)
        self._there.update(moved)


def poses(transport: Transport, people: Mapping[str, Placed]) -> Any:
    """A gz.msgs.Pose_V of the residents' models."""
    message = transport.make("gz.msgs.Pose_V")
    for name, placed in people.items():
        pose = message.pose.add()
        pose.name = f"resident_{name}"
        pose.position.x, pose.position.y = placed.x_m, placed.y_m
        pose.position.z = SITTING_Z_M if placed.sits else 0.0
        turn = pose.orientation
        turn.w, turn.x, turn.y, turn.z = yaw_quaternion(placed.heading_rad)
    return message


def main() -> int:
    """Run the mover."""
    return run(GazeboPeople)


if __name__ == "__main__":
    sys.exit(main())
