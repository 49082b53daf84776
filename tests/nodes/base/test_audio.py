"""Sound keeps its length, pitch and level through mixing, resampling and cutting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.base.audio import (
    Blocks,
    OffsetRemover,
    Resampler,
    chunks,
    downmix,
    level_db,
    resample,
    to_float,
    to_int16,
)


def tone(rate: int, seconds: float = 1.0, hertz: float = 440.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from([8000, 11025, 16000, 22050, 44100, 48000]), st.lists(st.integers(0, 4000), min_size=1, max_size=30)
)
def test_a_stream_in_any_pieces_resamples_as_a_whole(rate: int, sizes: list[int]) -> None:
    sound = tone(rate, 0.5)
    stream = Resampler(rate, 16_000)
    pieces, at = [], 0
    for size in [*sizes, len(sound)]:
        pieces.append(stream.push(sound[at : at + size]))
        at += size
    pieces.append(stream.flush())
    joined = np.concatenate(pieces)
    assert abs(len(joined) - 8000) <= 2
    middle = slice(1000, 7000)
    assert np.abs(joined[middle] - tone(16_000, 0.5)[: len(joined)][middle]).max() < 0.02


def test_what_a_low_rate_cannot_hold_does_not_fold_back() -> None:
    assert level_db(resample(tone(48_000, 1.0, 11_000.0), 48_000, 16_000)[1000:-1000]) < -60


def test_channels_are_averaged_and_a_ragged_frame_dropped() -> None:
    mixed = downmix(np.array([1000, 3000, -2000, 2000, 77], np.int16), 2)
    assert to_int16(mixed).tolist() == [2000, 0]
    with pytest.raises(ValueError, match="0 channels"):
        downmix(np.zeros(4, np.int16), 0)


@given(st.lists(st.integers(-32768, 32767), max_size=50))
def test_int16_survives_float(values: list[int]) -> None:
    assert to_int16(to_float(np.array(values, np.int16))).tolist() == values


def test_beyond_full_scale_is_clipped_and_no_number_is_silence() -> None:
    assert to_int16(np.array([2.0, -2.0, np.nan, np.inf], np.float32)).tolist() == [32767, -32768, 0, 32767]


def test_levels() -> None:
    assert level_db(tone(16_000)) == pytest.approx(-9.03, abs=0.1)
    assert level_db(np.zeros(10, np.float32)) == level_db(np.zeros(0, np.float32)) == -120


def test_a_constant_offset_goes_and_speech_stays() -> None:
    remover = OffsetRemover(16_000)
    joined = np.concatenate([remover.push(piece) for piece in np.split(tone(16_000, 2.0) + np.float32(0.3), 100)])
    assert abs(float(joined[8000:].mean())) < 0.01
    assert level_db(joined[8000:]) == pytest.approx(level_db(tone(16_000)), abs=0.3)


@given(st.lists(st.integers(0, 1500), max_size=20))
def test_blocks_hold_every_sample_once(sizes: list[int]) -> None:
    blocks, sent = Blocks(512), np.arange(sum(sizes), dtype=np.float32)
    got, at = [], 0
    for size in sizes:
        got += list(blocks.push(sent[at : at + size]))
        at += size
    assert all(len(block) == 512 for block in got)
    joined = np.concatenate(got) if got else np.zeros(0)
    assert joined.tolist() == sent[: len(sent) // 512 * 512].tolist()


def test_chunks_are_20_ms_and_nothing_is_lost() -> None:
    cut = list(chunks(np.arange(1000, dtype=np.int16), 22_050))
    assert [len(piece) for piece in cut] == [441, 441, 118]
