"""From pixels to directions and distances: a pinhole camera."""

import math
from dataclasses import dataclass

FACE_WIDTH_M = 0.155
"""Width of what a detector frames as a face, from temple to temple."""


@dataclass(frozen=True)
class Lens:
    """`width` and `height` in pixels; `focal_px`: focal length in pixels, the same both ways."""

    width: int
    height: int
    focal_px: float

    @staticmethod
    def of_view(width: int, height: int, horizontal_rad: float) -> "Lens":
        """A lens known by its horizontal opening angle, in radians."""
        return Lens(width, height, width / 2 / math.tan(horizontal_rad / 2))

    def scaled(self, factor: float) -> "Lens":
        """The lens of a picture made smaller (`factor` below 1) or larger."""
        return Lens(round(self.width * factor), round(self.height * factor), self.focal_px * factor)

    def bearing(self, x: float) -> float:
        """Radians to the left of where the camera looks, of a column of the picture (REP-103)."""
        return math.atan2(self.width / 2 - x, self.focal_px)

    def elevation(self, y: float) -> float:
        """Radians above where the camera looks, of a row of the picture."""
        return math.atan2(self.height / 2 - y, self.focal_px)

    def distance(self, face_width: float) -> float:
        """Metres to a face that is so many pixels wide."""
        return FACE_WIDTH_M * self.focal_px / max(face_width, 1.0)
