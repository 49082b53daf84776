"""Where a person of the world is."""

from dataclasses import dataclass

ROBOT_PLACE = "robot"
"""The place of who comes near the robot, wherever it is."""


@dataclass(frozen=True)
class Placed:
    """A place on the floor, the heading, and the head's own turn; metres, radians. Who sits is lower, who kneels lower
    still. Who lies on the floor has the head that way, and faces up, or is rolled over so far to the left."""

    x_m: float
    y_m: float
    heading_rad: float
    sits: bool = False
    head_yaw_rad: float = 0.0
    kneels: bool = False
    lies: bool = False
    rolled_rad: float = 0.0
