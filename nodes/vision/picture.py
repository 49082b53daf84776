"""One picture of the camera, checked and turned upright."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from culture_profiles.errors import KithError

Pixels = npt.NDArray[np.uint8]
"""Rows from the top, columns from the left; grey, or blue, green, red."""

SMALLEST, LARGEST = 64, 4096  # pixels a side
WORKED_ON = 640  # pixels wide: a larger picture is made smaller, which costs less than what it would show more
SMALL = 160  # pixels wide: enough to tell a floor from what lies on it
_CHANNELS = {"mono8": 1, "rgb8": 3, "bgr8": 3, "rgba8": 4, "bgra8": 4}
_TO_GREY = {
    "rgb8": cv2.COLOR_RGB2GRAY,
    "bgr8": cv2.COLOR_BGR2GRAY,
    "rgba8": cv2.COLOR_RGBA2GRAY,
    "bgra8": cv2.COLOR_BGRA2GRAY,
}
_TO_BGR = {"rgb8": cv2.COLOR_RGB2BGR, "rgba8": cv2.COLOR_RGBA2BGR, "bgra8": cv2.COLOR_BGRA2BGR}


class PictureError(KithError):
    """A picture that cannot be looked at; one line says why."""


@dataclass(frozen=True)
class Picture:
    """`grey`: rows x columns, at most `WORKED_ON` wide; `shrunk`: its size as a part of what the camera sent; `small`:
    the same in colour (blue, green, red), `SMALL` wide; None from a camera without colour."""

    grey: Pixels
    at: datetime
    shrunk: float = 1.0
    small: Pixels | None = None

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.grey.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.grey.shape[0])


def read(message: Any, at: datetime, *, upside_down: bool = False) -> Picture:
    """From a sensor_msgs/Image. `upside_down`: the camera hangs on its head.

    Errors: PictureError for another encoding, a size that no camera has, or fewer bytes than the size needs.
    """
    encoding = str(message.encoding)
    channels = _CHANNELS.get(encoding)
    if channels is None:
        raise PictureError(f"pictures in the encoding {encoding[:20]!r} cannot be read: use {', '.join(_CHANNELS)}")
    width, height, step = int(message.width), int(message.height), int(message.step)
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise PictureError(f"a picture of {width} x {height} pixels: from {SMALLEST} to {LARGEST} a side can be read")
    if step < width * channels or len(message.data) < step * height:
        raise PictureError("a picture with fewer bytes than its size needs")
    rows = np.frombuffer(message.data, np.uint8, step * height).reshape(height, step)
    pixels = rows[:, : width * channels].reshape(height, width, channels)
    grey = pixels[:, :, 0] if channels == 1 else cv2.cvtColor(pixels, _TO_GREY[encoding])
    shrunk = min(1.0, WORKED_ON / width)
    if shrunk < 1.0:
        grey = cv2.resize(grey, (WORKED_ON, max(1, round(height * shrunk))), interpolation=cv2.INTER_AREA)
    small = None if channels == 1 else in_small(pixels, encoding)
    if upside_down:
        grey = cv2.rotate(grey, cv2.ROTATE_180)
        small = None if small is None else np.asarray(cv2.rotate(small, cv2.ROTATE_180), np.uint8)
    return Picture(np.ascontiguousarray(grey), at, shrunk, small)


def in_small(pixels: Pixels, encoding: str) -> Pixels:
    """Pixels of a colour encoding, made `SMALL` wide: blue, green, red."""
    height, width = pixels.shape[:2]
    small = cv2.resize(pixels, (SMALL, max(1, round(height * SMALL / width))), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, _TO_BGR[encoding]) if encoding in _TO_BGR else small, np.uint8)
