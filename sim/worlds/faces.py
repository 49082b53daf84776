"""Faces drawn by the code: skin, hair, eyes, glasses, what is worn on the head. Enough for a detector of faces."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.worlds.looks import Look, rgb

Image = npt.NDArray[np.uint8]
"""Rows from the top, columns from the left, red, green, blue."""

SIZE = 128
"""Pixels each way of a face drawn flat."""
SIDE = 96
"""Pixels each way of one side of a head."""


Coordinates = npt.NDArray[np.float64]

_SIDES: dict[str, Callable[[Coordinates, Coordinates], tuple[Coordinates, Coordinates, Coordinates]]] = {
    "right": lambda s, t: (np.ones_like(s), -t, -s),
    "left": lambda s, t: (-np.ones_like(s), -t, s),
    "up": lambda s, t: (s, np.ones_like(s), t),
    "down": lambda s, t: (s, -np.ones_like(s), -t),
    "front": lambda s, t: (s, -t, np.ones_like(s)),
    "back": lambda s, t: (-s, -t, -np.ones_like(s)),
}
"""Sides of a cube of textures as OpenGL lays them out: where a pixel points, from its column and row; y up, z front."""


_SHINE = 16.0


class _Canvas:
    """Coordinates: x to the right and y down, each -1 to 1."""

    def __init__(self, background: tuple[int, int, int], x: Coordinates, y: Coordinates) -> None:
        self.x, self.y = x, y
        self.pixels = np.empty((*x.shape, 3))
        self.pixels[:] = background

    def ellipse(self, x: float, y: float, width: float, height: float) -> npt.NDArray[np.float64]:
        """How far each pixel lies within, 0 to 1, soft at the rim."""
        far = np.sqrt(((self.x - x) / width) ** 2 + ((self.y - y) / height) ** 2)
        return np.asarray(np.clip((1.0 - far) * min(width, height) * SIZE / 3, 0.0, 1.0))

    def paint(self, where: npt.NDArray[np.float64], colour: tuple[float, ...]) -> None:
        share = where[..., None]
        self.pixels += (np.asarray(colour) - self.pixels) * share


def _grid(size: int) -> tuple[Coordinates, Coordinates]:
    line = (np.arange(size) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(line, line)
    return x, y


def face(look: Look) -> Image:
    """A face from the front."""
    return _drawn(look, *_grid(SIZE))


def head(look: Look) -> dict[str, Image]:
    """A whole head, as the six sides of a cube around it (`up` is the crown, `front` the face): what is drawn of the
    face is bent over the front half, so that it is seen less and less as the head turns; behind is hair or cloth."""
    behind = rgb(look.clothes if look.covering in ("headscarf", "turban", "cap") else look.hair)
    sides = {}
    for name, pointed in _SIDES.items():
        x, y, z = pointed(*_grid(SIDE))
        far = np.sqrt(x**2 + y**2 + z**2)
        pixels = _drawn(look, x / far, -y / far)
        pixels[z < 0] = behind
        sides[name] = pixels
    return sides


def _drawn(look: Look, x: Coordinates, y: Coordinates) -> Image:
    skin, hair = rgb(look.skin), rgb(look.hair)
    cover = rgb(look.clothes) if look.covering != "none" else hair
    canvas = _Canvas(cover if look.covering == "headscarf" else hair, x, y)
    if look.covering == "none":
        canvas.paint((np.abs(x) > 0.86).astype(float), skin)
    canvas.paint(canvas.ellipse(0.0, 0.06, 0.88, 1.0), skin)

    # Lit from above: brow, cheeks and the bridge of the nose shine, sockets, the sides of the nose, the lip's shade and
    # the jaw lie darker. What shines has the light's own colour on every skin, what is shaded is a share of its own.
    def shaded(share: float) -> tuple[float, ...]:
        return tuple(c * share for c in skin)

    shine = tuple(min(255.0, 1.04 * c + _SHINE) for c in skin)
    canvas.paint(0.5 * canvas.ellipse(0.0, 1.0, 0.75, 0.3), shaded(0.75))
    for side in (-1, 1):
        canvas.paint(0.55 * canvas.ellipse(side * 0.78, 0.25, 0.22, 0.7), shaded(0.75))
        canvas.paint(0.8 * canvas.ellipse(side * 0.42, 0.27, 0.26, 0.2), shine)
        canvas.paint(0.8 * canvas.ellipse(side * 0.39, -0.17, 0.29, 0.17), shaded(0.6))
        canvas.paint(0.5 * canvas.ellipse(side * 0.15, 0.2, 0.06, 0.2), shaded(0.7))
    canvas.paint(0.7 * canvas.ellipse(0.0, -0.5, 0.55, 0.17), shine)
    canvas.paint(0.9 * canvas.ellipse(0.0, 0.06, 0.085, 0.32), shine)
    canvas.paint(0.8 * canvas.ellipse(0.0, 0.37, 0.19, 0.05), shaded(0.5))
    # The white of an eye lies in the shade of the lids, and takes on their colour; brows let the skin through, and what
    # lies under them is in their shade.
    white = tuple(0.3 * bright + 0.4 * c for bright, c in zip((240, 240, 236), skin, strict=True))
    dark = tuple(min(c, 0.45 * s) for c, s in zip((58, 40, 30), skin, strict=True))
    for side in (-1, 1):
        brow = tuple(min(0.35 * h + 0.3 * c, 0.6 * c) for h, c in zip(hair, skin, strict=True))
        canvas.paint(0.9 * canvas.ellipse(side * 0.40, -0.31, 0.24, 0.055), brow)
        canvas.paint(canvas.ellipse(side * 0.39, -0.13, 0.17, 0.07), white)
        canvas.paint(canvas.ellipse(side * 0.39, -0.13, 0.085, 0.085), dark)
        canvas.paint(0.9 * canvas.ellipse(side * 0.39, -0.205, 0.19, 0.03), shaded(0.35))
    canvas.paint(
        canvas.ellipse(0.0, 0.59, 0.32, 0.085), tuple(c * s for c, s in zip((0.62, 0.42, 0.42), skin, strict=True))
    )
    canvas.paint(canvas.ellipse(0.0, 0.58, 0.30, 0.02), shaded(0.25))
    canvas.paint(0.5 * canvas.ellipse(0.0, 0.74, 0.2, 0.05), shaded(0.65))
    if look.glasses:
        for side in (-1, 1):
            rim = canvas.ellipse(side * 0.39, -0.12, 0.27, 0.21) - canvas.ellipse(side * 0.39, -0.12, 0.22, 0.16)
            canvas.paint(np.asarray(np.clip(rim, 0.0, 1.0)), (30, 30, 34))
        canvas.paint(((np.abs(x) < 0.13) & (np.abs(y + 0.14) < 0.025)).astype(float), (30, 30, 34))
    if look.covering in ("turban", "cap"):
        low = -0.42 - 0.12 * (1 - np.abs(x)) if look.covering == "turban" else np.full_like(x, -0.52)
        canvas.paint(np.asarray(y < low, np.float64), cover)
        folds = (np.sin((y + np.abs(x) * 0.5) * 30) > 0.6) if look.covering == "turban" else (np.abs(y + 0.54) < 0.04)
        canvas.paint(0.35 * np.asarray((y < low) & folds, np.float64), (20, 20, 20))
    elif look.covering == "kippah":
        canvas.paint(canvas.ellipse(0.0, -1.0, 0.5, 0.18), cover)
    elif look.covering == "none":
        canvas.paint((y < -0.62 - 0.14 * (1 - x**2)).astype(float), hair)
    drawn: Image = np.clip(np.round(canvas.pixels), 0, 255).astype(np.uint8)
    return drawn
