"""Pictures for tests: drawn faces before a wall, as a camera sends them."""

from array import array
from typing import Any

import cv2
import numpy as np
from sensor_msgs.msg import Image

from nodes.vision.picture import Pixels
from sim.worlds.faces import face
from sim.worlds.looks import looks

WIDTH, HEIGHT = 640, 480


def wall(shade: int = 190) -> Pixels:
    """A wall with light falling on it from the left: red, green, blue."""
    light = np.linspace(1.0, 0.8, WIDTH)[None, :, None] * np.linspace(1.0, 0.9, HEIGHT)[:, None, None]
    return (light * shade * np.ones(3)).astype(np.uint8)


def with_face(
    who: str = "kenji", *, width: int = 80, x: int = 280, y: int = 160, scene: Pixels | None = None
) -> Pixels:
    """Somebody's face, `width` pixels wide, its corner at (x, y)."""
    pixels = wall() if scene is None else scene.copy()
    height = round(width * 1.25)
    pixels[y : y + height, x : x + width] = cv2.resize(
        face(looks()[who]), (width, height), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.GaussianBlur(pixels, (3, 3), 0), np.uint8)


def message(pixels: Pixels, **fields: Any) -> Image:
    """As sensor_msgs/Image, rgb8."""
    height, width = pixels.shape[:2]
    made = Image(height=height, width=width, encoding="rgb8", step=width * 3)
    made.data = array("B", pixels.tobytes())
    for name, value in fields.items():
        setattr(made, name, value)
    return made
