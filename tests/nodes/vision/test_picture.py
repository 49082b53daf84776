"""Whatever a camera sends is looked at, or refused in one line."""

from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.vision.picture import WORKED_ON, PictureError, read
from tests.nodes.vision.pictures import message, wall, with_face

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


def test_a_picture_is_grey_and_as_the_camera_sent_it() -> None:
    picture = read(message(with_face()), NOW)
    assert (picture.width, picture.height, picture.shrunk) == (640, 480, 1.0)
    assert picture.grey.dtype == np.uint8


@pytest.mark.parametrize(
    ("encoding", "step", "pixels"),
    [
        ("bgr8", 640 * 3, with_face()[..., ::-1]),
        ("rgba8", 640 * 4, cv2.cvtColor(with_face(), cv2.COLOR_RGB2RGBA)),
        ("mono8", 640, cv2.cvtColor(with_face(), cv2.COLOR_RGB2GRAY)),
    ],
)
def test_every_common_encoding_shows_the_same(encoding: str, step: int, pixels: np.ndarray) -> None:
    usual = read(message(with_face()), NOW)
    other = read(message(np.ascontiguousarray(pixels), encoding=encoding, step=step), NOW)
    assert np.abs(usual.grey.astype(int) - other.grey).max() <= 1


def test_a_camera_on_its_head_is_turned_upright() -> None:
    upright, turned = read(message(with_face()), NOW), read(message(with_face()[::-1, ::-1]), NOW, upside_down=True)
    assert np.array_equal(upright.grey, turned.grey)


def test_a_huge_picture_is_made_smaller() -> None:
    picture = read(message(cv2.resize(with_face(), (2560, 1920))), NOW)
    assert (picture.width, picture.height) == (WORKED_ON, 480)
    assert picture.shrunk == pytest.approx(0.25)


@pytest.mark.parametrize(
    "wrong",
    [
        {"encoding": "bayer_rggb8"},
        {"encoding": "x" * 500},
        {"width": 8},
        {"height": 100_000},
        {"width": 0},
        {"step": 10},
        {"height": 481},
    ],
)
def test_what_is_no_picture_is_refused_in_one_line(wrong: dict[str, object]) -> None:
    with pytest.raises(PictureError) as refusal:
        read(message(wall(), **wrong), NOW)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 150


@given(
    st.sampled_from(["mono8", "rgb8", "bgra8", "yuv422", ""]),
    st.integers(0, 200),
    st.integers(0, 200),
    st.integers(0, 1000),
    st.binary(max_size=4000),
)
def test_nothing_that_arrives_breaks_it(encoding: str, width: int, height: int, step: int, data: bytes) -> None:
    sent = message(np.zeros((1, 1, 3), np.uint8), encoding=encoding, width=width, height=height, step=step)
    sent.data = data
    try:
        picture = read(sent, NOW)
    except PictureError:
        return
    assert picture.grey.shape == (height, width)
