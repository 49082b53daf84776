"""What is wrong with the camera is told in one line that says what to do."""

from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest

from nodes.vision.camera_health import CameraHealth
from nodes.vision.picture import Picture, Pixels
from tests.nodes.vision.pictures import with_face

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
CHANCE = np.random.default_rng(5)


def lived(shade: float, *, noise: float = 3.0, rate_hz: float = 5.0, seconds: float = 8.0) -> CameraHealth:
    made, plain = CameraHealth(), cv2.cvtColor(with_face(), cv2.COLOR_RGB2GRAY) * shade
    for number in range(int(seconds * rate_hz)):
        grain = CHANCE.normal(0, noise, plain.shape) if noise else 0.0
        pixels: Pixels = np.clip(plain + grain, 0, 255).astype(np.uint8)
        made.see(Picture(pixels, NOW + timedelta(seconds=number / rate_hz)))
    return made


def test_a_camera_that_works_is_not_spoken_of() -> None:
    made = lived(1.0)
    assert (made.problem(), made.light) == ("", "good")
    assert made.rate_hz == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"shade": 0.0, "noise": 0.5}, "black"),
        ({"shade": 1.0, "noise": 0.0}, "same picture"),
        ({"shade": 1.0, "rate_hz": 1.0}, "1.0 pictures a second"),
    ],
)
def test_a_problem_is_named(how: dict[str, float], told: str) -> None:
    assert told in lived(**how).problem()


def test_a_hand_on_the_lens_is_noticed() -> None:
    made = CameraHealth()
    made.see(Picture(np.full((480, 640), 90, np.uint8), NOW))
    assert "one shade" in made.problem()


def test_a_simulated_room_at_rest_is_no_broken_camera() -> None:
    assert lived(1.0, noise=0.0).problem(still_is_strange=False) == ""


def test_light_is_told() -> None:
    assert lived(0.15).light == "dim"
