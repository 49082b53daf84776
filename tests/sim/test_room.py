"""Sounds meet in the room at their exact moments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.body.playback import Happened
from sim.embedded.sound import FRAMES, RATE, Sound
from sim.room.acoustics import Path, response
from sim.room.mixing import Room, gain

SILENT = -120.0


def test_two_people_at_once_are_heard_together_each_in_place() -> None:
    room = Room(RATE, SILENT)
    room.add(np.full(10, 100, np.int16), 5)
    room.add(np.full(10, 20, np.int16), 10, level=0.5)
    assert list(room.read(25)) == [0] * 5 + [100] * 5 + [110] * 5 + [10] * 5 + [0] * 5


def test_too_loud_is_clipped_not_wrapped() -> None:
    room = Room(RATE, SILENT)
    room.add(np.full(4, 30_000, np.int16), 0)
    room.add(np.full(4, 30_000, np.int16), 0)
    assert list(room.read(4)) == [32_767] * 4


def test_what_comes_late_is_lost_and_counted_and_its_rest_stays_in_place() -> None:
    room = Room(RATE, SILENT)
    room.read(100)
    room.add(np.arange(1, 11, dtype=np.int16), 96)
    assert list(room.read(8)) == [5, 6, 7, 8, 9, 10, 0, 0]
    room.add(np.full(10, 9, np.int16), 0)
    assert room.late_frames == 14
    assert not room.read(20).any()


def test_the_noise_floor_is_as_loud_as_asked() -> None:
    heard = Room(RATE, -50.0).read(RATE).astype(float)
    assert 20 * np.log10(np.sqrt(np.mean(heard**2)) / 32_768) == pytest.approx(-50.0, abs=0.5)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(1, 300)), max_size=8), st.integers(1, 700))
def test_the_mix_is_the_sum_however_it_is_read(sounds: list[tuple[int, int]], step: int) -> None:
    room, expected = Room(RATE, SILENT), np.zeros(4_000, np.int64)
    for at, length in sounds:
        room.add(np.full(length, 7, np.int16), at)
        expected[at : at + length] += 7
    heard = np.concatenate([room.read(step) for _ in range(-(-2_400 // step))])
    assert np.array_equal(heard[:2_400], expected[:2_400])


def test_the_microphone_delivers_every_block_once_it_is_over() -> None:
    sound = Sound(Room(RATE, SILENT), SILENT)
    assert list(sound.until(FRAMES - 1)) == []
    assert [(each.sequence, each.frame) for each in sound.until(3 * FRAMES + 1)] == [(0, 0), (1, 320), (2, 640)]


def test_the_echo_is_heard_while_the_loudspeaker_plays_and_not_before_it_was_sent() -> None:
    sound = Sound(Room(RATE, SILENT), -20.0, reverberation_s=0.0)
    assert len(list(sound.until(5 * FRAMES))) == 5
    sound.queue.add("u1", np.full(FRAMES, 10_000, np.int16), RATE, 1, last=True)
    heard = {each.sequence: each.samples for each in sound.until(9 * FRAMES)}
    assert not heard[5].any()  # it had begun when the chunk came
    assert np.all(heard[6] == round(10_000 * gain(-20.0)))
    assert not heard[7].any()
    events = sound.events(9 * FRAMES)
    assert [(each.happened, each.frame) for each in events] == [
        (Happened.STARTED, 6 * FRAMES),
        (Happened.FINISHED, 7 * FRAMES),
    ]


def test_an_end_is_told_when_it_has_happened() -> None:
    sound = Sound(Room(RATE, SILENT), SILENT)
    sound.queue.add("u1", np.full(FRAMES, 1, np.int16), RATE, 1, last=True)
    list(sound.until(FRAMES))
    assert [each.happened for each in sound.events(FRAMES)] == [Happened.STARTED]
    assert sound.events(2 * FRAMES - 1) == []
    assert [each.happened for each in sound.events(2 * FRAMES)] == [Happened.FINISHED]


def test_after_a_standstill_the_past_is_skipped_and_the_gap_can_be_seen() -> None:
    sound = Sound(Room(RATE, SILENT), SILENT)
    list(sound.until(FRAMES))
    sequences = [each.sequence for each in sound.until(500 * FRAMES)]
    assert sequences == [499]
    assert sound.skipped == 498
    assert [each.sequence for each in sound.until(501 * FRAMES)] == [500]


def test_an_echo_is_as_loud_as_asked_and_fades_after_the_sound() -> None:
    path = Path(response(RATE, -6.0, 0.5, 0.3, 0.002), FRAMES)
    noise = np.random.default_rng(1).normal(0, 3000, 50 * FRAMES).astype(np.int16)
    heard = [path.through(block) for block in noise.reshape(50, FRAMES)]
    after = [path.through(np.zeros(FRAMES, np.int16)) for _ in range(20)]
    sounding = np.concatenate([each for each in heard[20:] if each is not None]).astype(float)
    assert 10 * np.log10(np.mean(sounding**2) / np.mean(noise.astype(float) ** 2)) == pytest.approx(-6.0, abs=0.5)
    assert after[0] is not None
    assert after[0].any()
    assert after[-1] is None


@settings(deadline=None)
@given(st.integers(1, 3), st.integers(0, 2_000))
def test_a_path_is_the_convolution_with_its_response(seed: int, length: int) -> None:
    impulse = response(RATE, 0.0, 0.6, 0.05, 0.001, seed)
    sent = np.random.default_rng(length).integers(-500, 500, length).astype(np.int16)
    path = Path(impulse, FRAMES)
    padded = np.zeros(-(-(length + len(impulse)) // FRAMES) * FRAMES, np.int16)
    padded[:length] = sent
    arrived = [path.through(block) for block in padded.reshape(-1, FRAMES)]
    heard = np.concatenate([np.zeros(FRAMES, np.int16) if each is None else each for each in arrived])
    expected = np.convolve(sent.astype(float), impulse) if length else np.zeros(1)
    assert np.allclose(heard[: len(expected)], expected, atol=1.0)
