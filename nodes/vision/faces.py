"""Where faces are in a picture. YuNet where its model is installed, else Haar cascades, which OpenCV ships.

A whole search costs more than a picture may: it is shared between pictures that follow each other, and faces that are
known already are looked for where they were. Light and dark skin, a bright and a dim room are made alike first: what
counts is by which share something is darker than what is beside it, not by how much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from culture_profiles.errors import KithError
from nodes.base.models import installed_models
from nodes.vision.picture import Pixels

_DISTRIBUTION = "/usr/share/opencv4/haarcascades"
_HALF = 2
_NEAR_PX = 18  # in the half-size picture: 36 in the whole one, a face at 2.2 m
_FAR_PX = (22, 48)  # in a picture made larger by `_LARGER`: from where the near search ends to about 4 m
_LARGER = 1.6
_STEP = 1.1
_NEIGHBOURS = 2
_BAND = (0.15, 0.68)  # of the height: where heads of people two metres away and more are, standing or sitting
_PARTS = ((0.0, 0.54), (0.46, 1.0))  # of the width, one after the other
_FRAMED = 0.74  # a face is so wide within the square that a cascade frames
_AROUND = 2.2  # widths of a known face that are searched for it
_KNOWN_PX = 40  # a known face is made so wide
_GROWN = 1.4
_YUNET_SCORE = 0.6
_LOWEST = 16.0  # grey levels below which there is only noise
_SHARES: Pixels = np.clip(255 * np.log1p(np.arange(256) / _LOWEST) / np.log1p(255 / _LOWEST), 0, 255).astype(np.uint8)
_BRIGHTER: Pixels = np.clip(255 * (np.arange(256) / 255) ** 0.5, 0, 255).astype(np.uint8)
_SAME = 0.3  # overlap from which two finds are one face


@dataclass(frozen=True)
class Face:
    """Left, top, width, height in pixels; `score` 0..1; `yaw` in radians where known, positive: to the face's left."""

    x: float
    y: float
    width: float
    height: float
    score: float
    yaw: float | None = None

    @property
    def centre(self) -> tuple[float, float]:
        """Pixels."""
        return self.x + self.width / 2, self.y + self.height / 2

    def overlap(self, other: "Face") -> float:
        """Shared area as a part of both together, 0..1."""
        wide = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        high = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        if wide <= 0 or high <= 0:
            return 0.0
        shared = wide * high
        return shared / (self.width * self.height + other.width * other.height - shared)


class FaceDetector(Protocol):
    """Finds the faces that look more or less towards the camera."""

    name: str
    turns: int
    """In so many pictures that follow each other everything is looked for once."""

    def find(self, grey: Pixels, known: Sequence[Face] = ()) -> list[Face]:
        """Faces in a grey picture of any size, best first. `known`: those of the picture before."""


class HaarDetector:
    """Viola-Jones cascades: large faces are looked for in one picture at half its size, small ones in the next two,
    where heads can be."""

    name = "haar"
    turns = 1 + len(_PARTS)

    def __init__(self) -> None:
        """Errors: KithError when this OpenCV has no cascades (OpenCV 5 moved them out)."""
        self._cascade = _cascade("haarcascade_frontalface_alt2.xml")
        self._turn = -1

    def find(self, grey: Pixels, known: Sequence[Face] = ()) -> list[Face]:
        """Faces from about 18 pixels wide."""
        self._turn = (self._turn + 1) % (2 * self.turns)
        shares = np.asarray(cv2.LUT(grey, _SHARES), np.uint8)
        found = [again for each in known if (again := self._again(grey, shares, each)) is not None]
        # In every other round as the camera sent it: now and then that shows a face better.
        pixels = shares if self._turn < self.turns else grey
        turn = self._turn % self.turns
        return _apart(found + (self._near(pixels) if turn == 0 else self._far(pixels, _PARTS[turn - 1])))

    def _near(self, pixels: Pixels) -> list[Face]:
        half = (pixels.shape[1] // _HALF, pixels.shape[0] // _HALF)
        small = np.asarray(cv2.resize(pixels, half, interpolation=cv2.INTER_AREA), np.uint8)
        return self._search(small, _NEAR_PX, max(small.shape), 1.0 / _HALF, (0, 0))

    def _far(self, pixels: Pixels, part: tuple[float, float]) -> list[Face]:
        height, width = pixels.shape
        (left, right), (top, bottom) = (round(x * width) for x in part), (round(y * height) for y in _BAND)
        large = cv2.resize(pixels[top:bottom, left:right], None, fx=_LARGER, fy=_LARGER)
        return self._search(np.asarray(large, np.uint8), *_FAR_PX, _LARGER, (left, top))

    def _again(self, grey: Pixels, shares: Pixels, face: Face) -> Face | None:
        framed = max(face.width, 1.0) / _FRAMED
        (x, y), reach = face.centre, framed * _AROUND / 2
        left, top = max(0, round(x - reach)), max(0, round(y - reach))
        right, bottom = round(x + reach), round(y + reach)
        scale = _KNOWN_PX / framed
        for pixels in (shares, grey):
            crop = pixels[top:bottom, left:right]
            if min(crop.shape) < 2:
                return None
            crop = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
            least, most = round(_KNOWN_PX / _GROWN), round(_KNOWN_PX * _GROWN)
            if found := self._search(crop, least, most, scale, (left, top), neighbours=1):
                return max(found, key=lambda each: each.score)
        return None

    def _search(
        self,
        pixels: Pixels,
        least: int,
        most: int,
        scale: float,
        corner: tuple[int, int],
        neighbours: int = _NEIGHBOURS,
    ) -> list[Face]:
        boxes, _, weights = self._cascade.detectMultiScale3(
            pixels, _STEP, neighbours, minSize=(least, least), maxSize=(most, most), outputRejectLevels=True
        )
        return [
            Face(
                (x + width * (1 - _FRAMED) / 2) / scale + corner[0],
                y / scale + corner[1],
                width * _FRAMED / scale,
                height / scale,
                _share(float(weight)),
            )
            for (x, y, width, height), weight in zip(boxes, weights, strict=True)
        ]


class YunetDetector:
    """A small neural network by S. Wu and S. Yu, which also tells where eyes and nose are."""

    name = "yunet"
    turns = 2

    def __init__(self, model: Path) -> None:
        """Errors: KithError for a file that is no such model."""
        try:
            self._network: Any = cv2.FaceDetectorYN.create(str(model), "", (320, 240), _YUNET_SCORE)
        except cv2.error:
            raise KithError(f"{model.name} cannot be read as a face model: `kith models install yunet`") from None
        self._size = (0, 0)
        self._brighter = True

    def find(self, grey: Pixels, known: Sequence[Face] = ()) -> list[Face]:  # noqa: ARG002 - it needs no help
        """Faces from about 12 pixels wide, with the head's yaw; in every other picture the dark parts are brighter."""
        self._brighter = not self._brighter
        if (size := (grey.shape[1], grey.shape[0])) != self._size:
            self._network.setInputSize(size)
            self._size = size
        pixels = cv2.LUT(grey, _BRIGHTER) if self._brighter else grey
        _, rows = self._network.detect(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR))
        faces = [
            Face(float(row[0]), float(row[1]), float(row[2]), float(row[3]), float(row[14]), _yaw(row))
            for row in (rows if rows is not None else ())
        ]
        return sorted(faces, key=lambda each: -each.score)


def load(models_dir: Path) -> FaceDetector:
    """The best that is installed. Errors: KithError when there is none at all."""
    for model in installed_models(models_dir, "faces"):
        for file in sorted(model.path.glob("*.onnx")):
            return YunetDetector(file)
    return HaarDetector()


def _cascade(name: str) -> Any:
    # The wheels of OpenCV 4 hold the files; a distribution's own OpenCV has them in a package of their own.
    own = getattr(cv2, "data", None)
    for folder in (own.haarcascades if own is not None else "", _DISTRIBUTION):
        if (file := Path(folder) / name).is_file() and not (made := cv2.CascadeClassifier(str(file))).empty():
            return made
    raise KithError("this OpenCV has no face cascades: install the package opencv-data, or opencv-python-headless 4.x")


def _share(weight: float) -> float:
    """A cascade's weight as 0..1; 4 is a clear face."""
    return max(0.0, min(1.0, weight / 4.0))


def _apart(faces: list[Face]) -> list[Face]:
    """One of each, the surest first."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda each: -each.score):
        if all(face.overlap(other) < _SAME for other in kept):
            kept.append(face)
    return kept


def _yaw(row: Any) -> float:
    """From where the nose stands between the eyes: in the middle when the face looks at the camera."""
    right, left, nose = float(row[4]), float(row[6]), float(row[8])
    between = max(abs(left - right), 1.0)
    aside = (nose - (left + right) / 2) / between
    return max(-1.5, min(1.5, aside * 2.0))
