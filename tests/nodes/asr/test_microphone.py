"""Whatever a microphone sends becomes blocks with times, and its faults are measured."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.asr.microphone import Microphone
from nodes.asr.vad import BLOCK, BLOCK_S


def push(microphone: Microphone, samples: np.ndarray, rate: int, channels: int, at: float) -> list[tuple[int, float]]:
    microphone.changed(rate, channels)
    return [(len(block), end) for block, end in microphone.push(samples.astype(np.int16), at)]


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16_000, 2), (44_100, 2), (48_000, 4)])
def test_blocks_come_at_the_pace_of_the_sound(rate: int, channels: int) -> None:
    microphone, blocks = Microphone(), []
    for chunk in range(100):
        blocks += push(microphone, np.ones(rate // 50 * channels), rate, channels, 5.0 + chunk * 0.02)
    assert all(length == BLOCK for length, _ in blocks)
    assert blocks[0][1] == pytest.approx(5.0 + BLOCK_S)
    assert len(blocks) == pytest.approx(2.0 / BLOCK_S, abs=3)


@settings(deadline=None)
@given(st.lists(st.floats(-0.01, 0.01), min_size=20, max_size=60))
def test_stamps_that_jitter_do_not_make_the_sound_jitter(jitter: list[float]) -> None:
    microphone, ends = Microphone(), []
    for chunk, error in enumerate(jitter):
        found = push(microphone, np.ones(320), 16_000, 1, 1.0 + chunk * 0.02 + error)
        ends += [end for _, end in found]
    steps = np.diff(ends)
    assert np.all(np.abs(steps - BLOCK_S) < 0.002)


def test_after_a_gap_the_time_is_the_stamps() -> None:
    microphone = Microphone()
    push(microphone, np.ones(BLOCK), 16_000, 1, 1.0)
    ((_, end),) = push(microphone, np.ones(BLOCK), 16_000, 1, 9.0)
    assert end == pytest.approx(9.0 + BLOCK_S)


def test_faults_are_measured() -> None:
    microphone = Microphone()
    push(microphone, np.zeros(0), 16_000, 1, 0.0)
    push(microphone, np.full(320, 32_767), 16_000, 1, 0.0)
    push(microphone, np.zeros(320), 16_000, 1, 0.02)
    meter = microphone.meter.take()
    assert (meter.empty, meter.clipped, meter.zeros, meter.samples) == (1, 320, 320, 640)
    assert meter.offset == pytest.approx(0.5, abs=0.01)
    assert meter.level_db == pytest.approx(0.0, abs=0.1)
    assert microphone.meter.samples == 0
