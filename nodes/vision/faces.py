"""Where faces are in a picture. YuNet where its model is installed, else Haar cascades, which OpenCV ships."""

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
_FAR_PX = (22, 44)  # in the whole picture: from where the near search ends to about 4 m
_STEP = 1.1
_NEIGHBOURS = 2
_BAND = (0.12, 0.72)  # of the height: where heads of people two metres away and more are, standing or sitting
_YUNET_SCORE = 0.7
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

    def find(self, grey: Pixels) -> list[Face]:
        """Faces in a grey picture of any size, best first."""


class HaarDetector:
    """Viola-Jones cascades: small faces are looked for only where heads can be, large ones at half the size."""

    name = "haar"

    def __init__(self) -> None:
        """Errors: KithError when this OpenCV has no cascades (OpenCV 5 moved them out)."""
        self._cascade = _cascade("haarcascade_frontalface_alt2.xml")
        self._light = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 6))

    def find(self, grey: Pixels) -> list[Face]:
        """Faces from about 22 pixels wide."""
        even = np.asarray(
            self._light.apply(grey), np.uint8
        )  # dark skin in a dim corner has as much contrast as any other
        half = (even.shape[1] // _HALF, even.shape[0] // _HALF)
        small = np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA), np.uint8)
        found = self._search(small, _NEAR_PX, max(small.shape), float(_HALF), 0)
        top, bottom = (round(share * grey.shape[0]) for share in _BAND)
        found += self._search(even[top:bottom], *_FAR_PX, 1.0, top)
        return _apart(found)

    def _search(self, pixels: Pixels, least: int, most: int, scale: float, top: int) -> list[Face]:
        boxes, _, weights = self._cascade.detectMultiScale3(
            pixels, _STEP, _NEIGHBOURS, minSize=(least, least), maxSize=(most, most), outputRejectLevels=True
        )
        return [
            Face(x * scale, y * scale + top, width * scale, height * scale, _share(float(weight)))
            for (x, y, width, height), weight in zip(boxes, weights, strict=True)
        ]


class YunetDetector:
    """A small neural network by S. Wu and S. Yu, which also tells where eyes and nose are."""

    name = "yunet"

    def __init__(self, model: Path) -> None:
        """Errors: KithError for a file that is no such model."""
        try:
            self._network: Any = cv2.FaceDetectorYN.create(str(model), "", (320, 240), _YUNET_SCORE)
        except cv2.error:
            raise KithError(f"{model.name} cannot be read as a face model: `kith models install yunet`") from None
        self._size = (0, 0)

    def find(self, grey: Pixels) -> list[Face]:
        """Faces from about 12 pixels wide, with the head's yaw."""
        if (size := (grey.shape[1], grey.shape[0])) != self._size:
            self._network.setInputSize(size)
            self._size = size
        _, rows = self._network.detect(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
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
