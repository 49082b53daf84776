"""Faces are found where they are, and a wall is no face."""

import cv2
import numpy as np
import pytest

from nodes.vision.faces import Face, HaarDetector, load
from nodes.vision.picture import Pixels
from tests.nodes.vision.pictures import HEIGHT, WIDTH, wall, with_face


def grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def everywhere(detector: HaarDetector, pixels: Pixels) -> list[Face]:
    """As many pictures as a whole search takes, of somebody who stands still."""
    found: list[Face] = []
    for _ in range(detector.turns):
        found = detector.find(pixels, found)
    return found


@pytest.fixture(scope="module")
def detector() -> HaarDetector:
    return HaarDetector()


@pytest.mark.parametrize("who", ["kenji", "alder", "laurel", "hanna", "fern"])
@pytest.mark.parametrize("width", [40, 80, 150])
def test_a_face_is_found_near_and_far(detector: HaarDetector, who: str, width: int) -> None:
    found = everywhere(detector, grey(with_face(who, width=width)))
    assert found, "no face"
    x, y = found[0].centre
    assert abs(x - (280 + width / 2)) < width / 2
    assert abs(y - (160 + width * 0.62)) < width / 2


def test_two_people_are_two_faces(detector: HaarDetector) -> None:
    both = with_face("fern", x=420, scene=with_face("kenji", x=120))
    assert len(everywhere(detector, grey(both))) == 2


def test_a_wall_the_dark_and_noise_are_no_faces(detector: HaarDetector) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (HEIGHT, WIDTH), np.uint8)
    for pixels in (grey(wall()), np.zeros((HEIGHT, WIDTH), np.uint8), noise):
        assert everywhere(detector, pixels) == []


def test_without_a_model_the_cascades_of_opencv_serve(tmp_path: object) -> None:
    from pathlib import Path

    assert load(Path(str(tmp_path))).name == "haar"
