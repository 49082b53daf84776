"""Who comes to lie on a free floor is seen; what stands there, who stands and who sits in a chair is not."""

from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from nodes.vision.faces import Face
from nodes.vision.lens import Lens
from nodes.vision.on_the_floor import LEARNED_AFTER, FloorWatch, Low, Mount, nearest_m
from nodes.vision.picture import Picture, Pixels

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
LENS = Lens.of_view(640, 480, 1.2)
MOUNT = Mount(1.18)
SCALE = 160 / 640
CHANCE = np.random.default_rng(2)


def row(distance_m: float, height_m: float = 0.0) -> int:
    return round((240 + LENS.focal_px * (MOUNT.height_m - height_m) / distance_m) * SCALE)


def room() -> Pixels:
    pixels = np.full((120, 160, 3), (200, 210, 215), np.uint8)
    pixels[row(6.0) :] = (90, 110, 130)
    return pixels


def shown(pixels: Pixels, grain: float = 2.0) -> Picture:
    noisy = np.clip(pixels + CHANCE.normal(0, grain, pixels.shape), 0, 255).astype(np.uint8)
    return Picture(np.zeros((480, 640), np.uint8), NOW, small=noisy)


def thing(pixels: Pixels, distance_m: float, height_m: float, width_m: float, x: int = 80) -> Pixels:
    made = pixels.copy()
    half = round(width_m * LENS.focal_px * SCALE / distance_m / 2)
    made[row(distance_m, height_m) : row(distance_m), x - half : x + half] = (70, 60, 140)
    return made


def watch(before: Pixels, after: Pixels, *faces: Face) -> tuple[Low, ...]:
    made = FloorWatch()
    for _ in range(LEARNED_AFTER):
        assert made.look(shown(before), (), LENS, MOUNT) == ()
    assert made.look(shown(before), (), LENS, MOUNT) == ()
    return made.look(shown(after), faces, LENS, MOUNT)


@pytest.mark.parametrize("distance", [2.8, 3.5, 4.8])
@pytest.mark.parametrize("x", [45, 80, 115])
def test_somebody_lies_where_the_floor_was_free(distance: float, x: int) -> None:
    (low,) = watch(room(), thing(room(), distance, 0.32, 1.5, x))
    assert low.lies
    assert low.distance_m == pytest.approx(distance, rel=0.2)
    assert low.bearing_rad == pytest.approx(-np.arctan((x - 80) / SCALE / LENS.focal_px), abs=0.1)


def test_whoever_stands_beside_hides_nobody() -> None:
    lying = thing(room(), 3.5, 0.32, 1.6)
    assert watch(room(), thing(lying, 3.4, 1.7, 0.35, x=76))


@pytest.mark.parametrize(
    ("height", "width"), [(1.7, 0.4), (1.3, 0.5), (0.9, 0.5), (0.3, 0.25), (0.02, 1.5)],
    ids=["stands", "sits", "a chair moved here", "a bag", "a paper on the floor"],
)  # fmt: skip
def test_other_things_are_nobody(height: float, width: float) -> None:
    assert watch(room(), thing(room(), 3.5, height, width)) == ()


def test_furniture_that_stood_there_is_nobody() -> None:
    furnished = thing(room(), 3.0, 0.42, 0.9)
    assert watch(furnished, furnished) == ()


def test_a_lamp_turned_on_is_nobody() -> None:
    assert watch(room(), np.asarray(cv2.add(room(), 60), np.uint8)) == ()


def test_who_lies_there_for_long_becomes_no_furniture() -> None:
    made = FloorWatch()
    for _ in range(LEARNED_AFTER + 1):
        made.look(shown(room()), (), LENS, MOUNT)
    fallen = thing(room(), 3.5, 0.32, 1.5)
    assert all(made.look(shown(fallen), (), LENS, MOUNT) for _ in range(300))


def face(distance_m: float, height_m: float) -> Face:
    width = 0.155 * LENS.focal_px / distance_m
    y = 240 - LENS.focal_px * (height_m - MOUNT.height_m) / distance_m
    return Face(320 - width / 2, y - width / 2, width, width, 0.9)


def test_a_face_lower_than_in_any_chair_is_somebody_on_the_floor() -> None:
    (low,) = watch(room(), room(), face(2.5, 0.85))
    assert not low.lies and low.distance_m == pytest.approx(2.5, rel=0.05)


@pytest.mark.parametrize("height", [1.15, 1.25, 1.5])
def test_a_face_in_a_chair_or_above_it_is_not(height: float) -> None:
    assert watch(room(), room(), face(2.5, height)) == ()


def test_where_the_floor_begins_is_known() -> None:
    assert nearest_m(LENS, MOUNT) == pytest.approx(2.3, abs=0.05)
    assert nearest_m(LENS, Mount(1.18, 0.3)) < 1.3
    assert nearest_m(LENS, Mount(1.18, -0.8)) == float("inf")


def test_without_colour_only_faces_tell() -> None:
    plain = Picture(np.zeros((480, 640), np.uint8), NOW)
    assert FloorWatch().look(plain, (face(2.5, 0.85),), LENS, MOUNT)
