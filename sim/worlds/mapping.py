"""The world as the map that a robot has of it: what a map server and a localisation would tell on a real floor."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nodes.base.pose import Pose
from sim.worlds.description import World
from sim.worlds.floor_plan import FloorPlan, Point, obstacles

CELL_M = 0.05
_DOCK_REACH_M = 0.2
NAMED = ("place_", "door_")
"""Frames of the world that a robot knows: where one can go, and doorways (their x axis points into the room)."""


@dataclass(frozen=True)
class HomeMap:
    """`occupied[column, row]` from `origin`, in cells of `cell_m`; the named frames, and where the robot starts."""

    occupied: npt.NDArray[np.bool_]
    cell_m: float
    origin: Point
    frames: dict[str, Pose]
    start: Pose

    def on_dock(self, x_m: float, y_m: float) -> bool:
        """Whether a robot there stands on its dock, if the world has one."""
        dock = self.frames.get("place_dock")
        return dock is not None and math.dist((x_m, y_m), dock.point) < _DOCK_REACH_M

    def named(self, kind: str) -> dict[str, Pose]:
        """The frames of one kind (`place_`, `door_`), without that."""
        return {name.removeprefix(kind): pose for name, pose in self.frames.items() if name.startswith(kind)}


def home_map(world: World) -> HomeMap:
    """Errors: KithError for a world of no or boundless size."""
    plan = FloorPlan(obstacles(world), 0.0, CELL_M)
    frames = {
        name: Pose(pose.position[0], pose.position[1], pose.yaw)
        for name, pose in world.frames.items()
        if name.startswith(NAMED)
    }
    robot = next((each.pose for each in world.models if each.uri == "kith_robot"), None)
    start = Pose(robot.position[0], robot.position[1], robot.yaw) if robot is not None else Pose(0.0, 0.0, 0.0)
    return HomeMap(plan.taken, CELL_M, plan.origin, frames, start)
