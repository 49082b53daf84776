"""WAV files as they are met: every usual coding, and damage of every kind in one clear line."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from nodes.base.wav import read_wav, write_wav

TONE = 0.5 * np.sin(np.arange(1600) / 10)


def wav(data: bytes, coding: int, channels: int, rate: int, bits: int, size: int | None = None) -> bytes:
    form = struct.pack("<HHIIHH", coding, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)
    if coding == 0xFFFE:
        form += struct.pack("<HHIH", 22, bits, 0, 1) + b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
    note = b"LIST" + struct.pack("<I", 3) + b"abc\x00"
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + note
    body += b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _mulaw(values: np.ndarray) -> bytes:
    coded = []
    for value in (values * 32767).astype(int).tolist():
        magnitude = min(abs(value), 32635) + 132
        exponent = magnitude.bit_length() - 8
        coded.append(~((0x80 if value < 0 else 0) | exponent << 4 | (magnitude >> exponent + 3) & 15) & 0xFF)
    return bytes(coded)


FORMS = {
    "8 bit": wav((TONE * 127 + 128).astype(np.uint8).tobytes(), 1, 1, 8000, 8),
    "16 bit": wav((TONE * 32767).astype("<i2").tobytes(), 1, 1, 8000, 16),
    "24 bit": wav(b"".join(int(v * 8388607).to_bytes(3, "little", signed=True) for v in TONE), 1, 1, 8000, 24),
    "32 bit": wav((TONE * 2147483647).astype("<i4").tobytes(), 1, 1, 8000, 32),
    "float": wav(TONE.astype("<f4").tobytes(), 3, 1, 8000, 32),
    "double": wav(TONE.astype("<f8").tobytes(), 3, 1, 8000, 64),
    "mu-law": wav(_mulaw(TONE), 7, 1, 8000, 8),
    "extensible": wav((TONE * 32767).astype("<i2").tobytes(), 0xFFFE, 1, 8000, 16),
    "stereo": wav(np.repeat((TONE * 32767).astype("<i2"), 2).tobytes(), 1, 2, 8000, 16),
    "streamed": wav((TONE * 32767).astype("<i2").tobytes(), 1, 1, 8000, 16, size=0xFFFFFFFF),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_usual_form_is_read(form: str, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(FORMS[form])
    recording = read_wav(tmp_path / "a.wav")
    assert (recording.rate, recording.seconds) == (8000, 0.2)
    assert np.abs(recording.samples - TONE).max() < (0.02 if form in ("8 bit", "mu-law") else 0.001)


def test_a_law_is_read_as_itu_says(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(bytes([0xD5, 0x55, 0xAA, 0x2A, 0x80]), 6, 1, 8000, 8))
    assert (read_wav(tmp_path / "a.wav").samples * 32768).tolist() == [8, -8, 32256, -32256, 5504]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.array([1, -2, 300], np.int16), 22_050)
    recording = read_wav(tmp_path / "a.wav")
    assert (recording.samples * 32768).tolist() == [1, -2, 300]
    assert recording.rate == 22_050


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "is empty"),
        (b"Good morning, this is text.", "is no WAV file"),
        (FORMS["16 bit"][:30], "is damaged"),
        (FORMS["16 bit"][:36], "is damaged"),
        (wav(b"", 1, 1, 8000, 16), "holds no sound"),
        (wav(bytes(8), 1, 0, 8000, 16), "make no sense"),
        (wav(bytes(8), 1, 1, 0, 16), "make no sense"),
        (wav(bytes(8), 85, 1, 8000, 16), "coding Kith does not read"),
    ],
)
def test_what_is_no_sound_is_refused_in_one_line(content: bytes, line: str, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(KithError, match=line) as refusal:
        read_wav(tmp_path / "a.wav")
    assert "\n" not in str(refusal.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KithError, match="No such file"):
        read_wav(tmp_path / "none.wav")
    with pytest.raises(KithError, match="is a folder"):
        read_wav(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(FORMS)),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 255)), max_size=6),
    st.integers(0, 4000),
)
def test_damage_never_brings_more_than_one_line(
    tmp_path: Path, form: str, flips: list[tuple[int, int]], length: int
) -> None:
    content = bytearray(FORMS[form][:length])
    for at, value in flips:
        if at < len(content):
            content[at] = value
    (tmp_path / "a.wav").write_bytes(content)
    try:
        recording = read_wav(tmp_path / "a.wav")
    except KithError:
        return
    assert np.abs(recording.samples).max() <= 1.0
