"""Faces drawn by the code: skin, hair, eyes, glasses, what is worn on the head. Enough for a detector of faces."""

import numpy as np
import numpy.typing as npt

from sim.worlds.looks import Look, rgb

Image = npt.NDArray[np.uint8]
"""Rows from the top, columns from the left, red, green, blue."""

SIZE = 128


class _Canvas:
    """Coordinates: x to the right and y down, each -1 to 1."""

    def __init__(self, background: tuple[int, int, int]) -> None:
        line = (np.arange(SIZE) + 0.5) / SIZE * 2 - 1
        self.x, self.y = np.meshgrid(line, line)
        self.pixels = np.empty((SIZE, SIZE, 3))
        self.pixels[:] = background

    def ellipse(self, x: float, y: float, width: float, height: float) -> npt.NDArray[np.float64]:
        """How far each pixel lies within, 0 to 1, soft at the rim."""
        far = np.sqrt(((self.x - x) / width) ** 2 + ((self.y - y) / height) ** 2)
        return np.asarray(np.clip((1.0 - far) * min(width, height) * SIZE / 3, 0.0, 1.0))

    def paint(self, where: npt.NDArray[np.float64], colour: tuple[float, ...]) -> None:
        share = where[..., None]
        self.pixels += (np.asarray(colour) - self.pixels) * share


def face(look: Look) -> Image:
    """A face from the front."""
    skin, hair = rgb(look.skin), rgb(look.hair)
    cover = rgb(look.clothes) if look.covering != "none" else hair
    canvas = _Canvas(cover if look.covering == "headscarf" else hair)
    x, y = canvas.x, canvas.y
    if look.covering == "none":
        canvas.paint((np.abs(x) > 0.86).astype(float), skin)
    canvas.paint(canvas.ellipse(0.0, 0.06, 0.80, 0.98), skin)
    # Lit from above: brow and cheeks lighter, sockets and jaw darker, as detectors of faces expect.
    lighter, darker = tuple(min(255.0, c * 1.12) for c in skin), tuple(c * 0.72 for c in skin)
    for side in (-1, 1):
        canvas.paint(0.6 * canvas.ellipse(side * 0.38, 0.28, 0.24, 0.2), lighter)
        canvas.paint(0.7 * canvas.ellipse(side * 0.34, -0.14, 0.26, 0.17), darker)
    canvas.paint(0.6 * canvas.ellipse(0.0, -0.5, 0.5, 0.2), lighter)
    canvas.paint(0.8 * canvas.ellipse(0.0, 0.12, 0.09, 0.32), lighter)
    canvas.paint(0.8 * canvas.ellipse(0.0, 0.34, 0.16, 0.05), darker)
    # The white of an eye lies in the shade of the lids, and takes on their colour; brows let the skin through.
    white = tuple(0.4 * bright + 0.4 * c for bright, c in zip((240, 240, 236), skin, strict=True))
    for side in (-1, 1):
        brow = tuple(0.35 * h + 0.3 * c for h, c in zip(hair, skin, strict=True))
        canvas.paint(canvas.ellipse(side * 0.34, -0.30, 0.22, 0.05), brow)
        canvas.paint(canvas.ellipse(side * 0.34, -0.12, 0.17, 0.075), white)
        canvas.paint(
            canvas.ellipse(side * 0.34, -0.12, 0.09, 0.085),
            tuple(min(c, 0.6 * s) for c, s in zip((58, 40, 30), skin, strict=True)),
        )
    canvas.paint(canvas.ellipse(0.0, 0.56, 0.28, 0.07), (150, 70, 70))
    canvas.paint(canvas.ellipse(0.0, 0.56, 0.24, 0.015), (80, 30, 30))
    if look.glasses:
        for side in (-1, 1):
            rim = canvas.ellipse(side * 0.34, -0.11, 0.27, 0.21) - canvas.ellipse(side * 0.34, -0.11, 0.22, 0.16)
            canvas.paint(np.clip(rim, 0.0, 1.0), (30, 30, 34))
        canvas.paint(((np.abs(x) < 0.09) & (np.abs(y + 0.13) < 0.025)).astype(float), (30, 30, 34))
    if look.covering in ("turban", "cap"):
        low = -0.42 - 0.12 * (1 - np.abs(x)) if look.covering == "turban" else np.full_like(x, -0.52)
        canvas.paint((y < low).astype(float), cover)
        folds = (np.sin((y + np.abs(x) * 0.5) * 30) > 0.6) if look.covering == "turban" else (np.abs(y + 0.54) < 0.04)
        canvas.paint(0.35 * ((y < low) & folds), (20, 20, 20))
    elif look.covering == "kippah":
        canvas.paint(canvas.ellipse(0.0, -1.0, 0.5, 0.18), cover)
    elif look.covering == "none":
        canvas.paint((y < -0.62 - 0.14 * (1 - x**2)).astype(float), hair)
    drawn: Image = np.clip(np.round(canvas.pixels), 0, 255).astype(np.uint8)
    return drawn
