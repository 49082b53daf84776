"""Gestures as data: within the joints' limits, smooth, and back where they began."""

import math
from itertools import pairwise

import pytest

from culture_profiles.errors import KithError
from nodes.motion.gestures import Gesture, gesture_for, gestures

# Pepper's joints, radians (its technical documentation); a body with narrower ones clamps by itself.
LIMITS = {
    "HeadYaw": (-2.0857, 2.0857),
    "HeadPitch": (-0.7068, 0.6371),
    "HipPitch": (-1.0385, 1.0385),
    "LShoulderPitch": (-2.0857, 2.0857),
    "LShoulderRoll": (0.0087, 1.5620),
    "LElbowYaw": (-2.0857, 2.0857),
    "LElbowRoll": (-1.5620, -0.0087),
    "RShoulderPitch": (-2.0857, 2.0857),
    "RShoulderRoll": (-1.5620, -0.0087),
    "RElbowYaw": (-2.0857, 2.0857),
    "RElbowRoll": (0.0087, 1.5620),
    "RWristYaw": (-1.8239, 1.8239),
}
FASTEST = 4.5  # rad/s at the gesture's own speed


@pytest.mark.parametrize("gesture", gestures().values(), ids=list(gestures()))
def test_a_gesture_stays_within_limits_and_returns(gesture: Gesture) -> None:
    steps = [gesture.at(count * 0.02) for count in range(int(gesture.duration_s / 0.02) + 2)]
    for joint in gesture.joints:
        low, high = LIMITS[joint]
        angles = [step[joint] for step in steps]
        assert all(low <= angle <= high for angle in angles)
        assert max(abs(b - a) / 0.02 for a, b in pairwise(angles)) < FASTEST
        assert math.isclose(angles[-1], gesture.at(0.0)[joint])


def test_the_asked_for_length_is_kept_within_reason() -> None:
    nod = gestures()["nod"]
    assert nod.stretched(0) == nod.duration_s
    assert nod.stretched(0.01) == nod.duration_s / 2
    assert nod.stretched(600) == nod.duration_s * 3


def test_refusals_are_plain() -> None:
    with pytest.raises(KithError, match="no joints"):
        gesture_for("wave", [])
    with pytest.raises(KithError, match="no such gesture"):
        gesture_for("salute", ["HeadPitch"])
    with pytest.raises(KithError, match="none of the joints"):
        gesture_for("nod", ["Wheel"])
