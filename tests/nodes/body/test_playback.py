"""What a loudspeaker really did, on its own clock."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.body.playback import Happened, PlaybackEvent, PlaybackQueue

RATE = 16_000
BLOCK = 320


def tone(frames: int, value: int = 1000) -> np.ndarray:
    return np.full(frames, value, np.int16)


def play(queue: PlaybackQueue, blocks: int) -> np.ndarray:
    return np.concatenate([queue.read(BLOCK) for _ in range(blocks)])


def test_start_and_end_are_exact_to_the_sample() -> None:
    queue = PlaybackQueue(RATE)
    play(queue, 3)
    queue.add("u1", tone(BLOCK), RATE, 1, last=False)
    queue.add("u1", tone(100), RATE, 1, last=True)
    heard = play(queue, 3)
    assert np.array_equal(heard, np.concatenate([tone(BLOCK + 100), np.zeros(2 * BLOCK - 100)]))
    assert queue.events() == [
        PlaybackEvent("u1", Happened.STARTED, 3 * BLOCK, 0.0),
        PlaybackEvent("u1", Happened.FINISHED, 3 * BLOCK + BLOCK + 100, 420 / RATE),
    ]


def test_the_next_utterance_follows_without_a_gap() -> None:
    queue = PlaybackQueue(RATE)
    queue.add("u1", tone(100, 1), RATE, 1, last=True)
    queue.add("u2", tone(100, 2), RATE, 1, last=True)
    assert list(queue.read(200)) == [1] * 100 + [2] * 100
    assert [(e.utterance_id, e.happened.value, e.frame) for e in queue.events()] == [
        ("u1", "started", 0),
        ("u1", "finished", 100),
        ("u2", "started", 100),
        ("u2", "finished", 200),
    ]


def test_a_stop_silences_at_once_and_what_still_arrives_is_dropped() -> None:
    queue = PlaybackQueue(RATE)
    queue.add("u1", tone(5 * BLOCK), RATE, 1, last=False)
    play(queue, 2)
    queue.stop("u1")
    queue.add("u1", tone(BLOCK), RATE, 1, last=True)
    assert not play(queue, 3).any()
    assert queue.events()[-1] == PlaybackEvent("u1", Happened.STOPPED, 2 * BLOCK, 2 * BLOCK / RATE)
    assert queue.late == 1


def test_stopping_all_answers_for_each_and_the_next_one_sounds() -> None:
    queue = PlaybackQueue(RATE)
    queue.add("u1", tone(5 * BLOCK), RATE, 1, last=True)
    queue.add("u2", tone(BLOCK), RATE, 1, last=True)
    play(queue, 1)
    queue.stop("")
    queue.add("u3", tone(BLOCK), RATE, 1, last=True)
    assert play(queue, 1).all()
    assert [(e.utterance_id, e.happened.value) for e in queue.events()] == [
        ("u1", "started"),
        ("u1", "stopped"),
        ("u2", "stopped"),
        ("u3", "started"),
        ("u3", "finished"),
    ]


def test_a_stop_that_overtakes_its_utterance_counts_and_one_that_comes_after_the_end_does_not() -> None:
    queue = PlaybackQueue(RATE)
    queue.stop("u1")
    queue.add("u1", tone(BLOCK), RATE, 1, last=True)
    assert not play(queue, 1).any()
    queue.add("u2", tone(BLOCK), RATE, 1, last=True)
    play(queue, 1)
    queue.stop("u2")
    assert [(e.utterance_id, e.happened.value) for e in queue.events()] == [
        ("u1", "stopped"),
        ("u2", "started"),
        ("u2", "finished"),
    ]


def test_a_hole_in_the_sending_is_silence_and_the_utterance_goes_on() -> None:
    queue = PlaybackQueue(RATE)
    queue.add("u1", tone(BLOCK), RATE, 1, last=False)
    play(queue, 4)
    queue.add("u1", tone(BLOCK), RATE, 1, last=True)
    assert play(queue, 1).all()
    assert [e.happened for e in queue.events()] == [Happened.STARTED, Happened.FINISHED]


def test_a_sender_that_falls_silent_is_given_up_and_the_next_one_can_speak() -> None:
    queue = PlaybackQueue(RATE, starved_s=1.0)
    queue.add("u1", tone(BLOCK), RATE, 1, last=False)
    play(queue, 60)
    queue.add("u2", tone(BLOCK), RATE, 1, last=True)
    assert play(queue, 1).all()
    assert [(e.utterance_id, e.happened.value) for e in queue.events()][:2] == [("u1", "started"), ("u1", "stopped")]


def test_an_utterance_left_unfinished_by_the_next_one_was_stopped_not_finished() -> None:
    queue = PlaybackQueue(RATE)
    queue.add("u1", tone(BLOCK), RATE, 1, last=False)
    queue.add("u2", tone(BLOCK), RATE, 1, last=True)
    play(queue, 3)
    assert [(e.utterance_id, e.happened.value) for e in queue.events()] == [
        ("u1", "started"),
        ("u1", "stopped"),
        ("u2", "started"),
        ("u2", "finished"),
    ]


def test_an_empty_utterance_is_finished_without_having_sounded() -> None:
    queue = PlaybackQueue(RATE)
    queue.add("u1", tone(0), RATE, 1, last=True)
    play(queue, 1)
    assert [(e.happened, e.played_s) for e in queue.events()] == [(Happened.FINISHED, 0.0)]


@pytest.mark.parametrize(("rate", "channels"), [(0, 1), (1_000_000, 1), (RATE, 0), (RATE, 99)])
def test_a_format_that_is_none_is_refused(rate: int, channels: int) -> None:
    queue = PlaybackQueue(RATE)
    with pytest.raises(ValueError, match="none"):
        queue.add("u1", tone(10), rate, channels, last=True)
    assert not play(queue, 1).any()


def test_a_format_that_changes_within_an_utterance_is_refused() -> None:
    queue = PlaybackQueue(RATE)
    queue.add("u1", tone(10), RATE, 1, last=False)
    with pytest.raises(ValueError, match="changed"):
        queue.add("u1", tone(10), 22_050, 1, last=True)


@pytest.mark.parametrize(("rate", "channels"), [(22_050, 1), (48_000, 2), (8_000, 1), (44_100, 4)])
def test_any_rate_and_channel_count_keeps_its_length_and_pitch(rate: int, channels: int) -> None:
    queue = PlaybackQueue(RATE)
    seconds = np.arange(rate) / rate
    sound = np.round(np.sin(2 * np.pi * 440 * seconds) * 8000).astype(np.int16)
    interleaved = np.repeat(sound, channels)
    step = rate // 50 * channels
    for start in range(0, len(interleaved), step):
        queue.add("u1", interleaved[start : start + step], rate, channels, last=start + step >= len(interleaved))
    heard = play(queue, 60)
    events = queue.events()
    assert events[-1].happened is Happened.FINISHED
    assert events[-1].played_s == pytest.approx(1.0, abs=0.002)
    spectrum = np.abs(np.fft.rfft(heard[:RATE].astype(float)))
    assert np.argmax(spectrum) == pytest.approx(440, abs=1)


@given(
    chunks=st.lists(st.integers(0, 700), min_size=1, max_size=12),
    reads=st.lists(st.integers(1, 500), min_size=1, max_size=40),
)
def test_every_sample_sounds_once_in_order_whatever_the_sizes(chunks: list[int], reads: list[int]) -> None:
    queue = PlaybackQueue(RATE)
    total = sum(chunks)
    samples = (np.arange(total) % 30_000 + 1).astype(np.int16)
    at = 0
    for number, length in enumerate(chunks):
        queue.add("u1", samples[at : at + length], RATE, 1, last=number == len(chunks) - 1)
        at += length
    heard = np.concatenate([queue.read(frames) for frames in [*reads, total + 1]])
    assert np.array_equal(heard[:total], samples)
    assert not heard[total:].any()
    ended = queue.events()[-1]
    assert (ended.happened, ended.frame, ended.played_s) == (Happened.FINISHED, total, total / RATE)
