"""WAV files as they really are: 8 to 32 bits, float, telephone codings, extensible headers, broken lengths.

The standard library reads plain integer PCM only, and trusts the header.
"""

import struct
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from culture_profiles.errors import KithError
from nodes.base.audio import Mono, Pcm

_EXTENSIBLE = 0xFFFE


@dataclass(frozen=True)
class Recording:
    """Mono sound: samples in -1 to 1, rate in Hz."""

    samples: Mono
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def read_wav(path: Path) -> Recording:
    """Any uncompressed or telephone-coded WAV file, its channels mixed to one.

    Raises:
        KithError: not there, empty, no WAV, damaged, or a coding we do not read; one line each.

    """
    try:
        content = path.read_bytes()
    except IsADirectoryError:
        raise KithError(f"{path} is a folder: name a WAV file") from None
    except OSError as error:
        raise KithError(f"cannot read {path}: {error.strerror}") from None
    if not content:
        raise KithError(f"{path} is empty: record it again")
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise KithError(f"{path} is no WAV file: convert it first, for example with ffmpeg")
    try:
        return _parse(content, path)
    except struct.error:
        raise KithError(f"{path} is damaged: its WAV header is cut off") from None


def write_wav(path: Path, samples: Pcm, rate: int) -> None:
    """Mono 16-bit. Errors: KithError if the file cannot be written."""
    try:
        with path.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(samples.astype("<i2").tobytes())
    except OSError as error:
        raise KithError(f"cannot write {path}: {error.strerror}") from None


def _parse(content: bytes, path: Path) -> Recording:
    form: tuple[int, int, int, int] | None = None  # coding, channels, rate, bits
    at = 12
    while at + 8 <= len(content):
        kind, size = struct.unpack_from("<4sI", content, at)
        at += 8
        if kind == b"fmt ":
            coding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", content, at)
            if coding == _EXTENSIBLE:
                (coding,) = struct.unpack_from("<H", content, at + 24)
            form = (coding, channels, rate, bits)
        elif kind == b"data":
            if form is None:
                break
            # Recorders that were interrupted leave 0 or a number beyond the end: what is there counts.
            data = content[at : at + size] if 0 < size <= len(content) - at else content[at:]
            return _decode(data, *form, path)
        at += size + size % 2
    raise KithError(f"{path} is damaged: it holds no sound")


def _decode(data: bytes, coding: int, channels: int, rate: int, bits: int, path: Path) -> Recording:
    width = bits // 8
    if not 1 <= channels <= 64 or not 1000 <= rate <= 768_000 or width == 0:
        raise KithError(f"{path} is damaged: {channels} channels at {rate} Hz with {bits} bits make no sense")
    frames = len(data) // (width * channels)
    if frames == 0:
        raise KithError(f"{path} holds no sound: record it again")
    data = data[: frames * width * channels]
    flat = _values(data, coding, width)
    if flat is None:
        raise KithError(f"{path} uses a coding Kith does not read: save it as 16-bit PCM")
    flat = np.clip(np.nan_to_num(flat, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)
    return Recording(flat.reshape(frames, channels).mean(axis=1, dtype=np.float64).astype(np.float32), rate)


def _values(data: bytes, coding: int, width: int) -> NDArray[np.float64] | None:
    """All samples as -1 to 1, or None for a coding we do not read."""
    match coding, width:  # 1: integer, 3: float, 6: A-law, 7: mu-law
        case (1, 1):
            return (np.frombuffer(data, np.uint8).astype(np.float64) - 128) / 128
        case (1, 2):
            return np.frombuffer(data, "<i2") / 32768
        case (1, 3):
            octets = np.frombuffer(data, np.uint8).reshape(-1, 3)
            padded = np.zeros((len(octets), 4), np.uint8)
            padded[:, 1:] = octets
            return padded.reshape(-1).view("<i4") / 2147483648
        case (1, 4):
            return np.frombuffer(data, "<i4") / 2147483648
        case (3, 4):
            return np.frombuffer(data, "<f4").astype(np.float64)
        case (3, 8):
            return np.frombuffer(data, "<f8").astype(np.float64)
        case (6, 1):
            return _alaw(np.frombuffer(data, np.uint8))
        case (7, 1):
            return _mulaw(np.frombuffer(data, np.uint8))
    return None


def _mulaw(code: NDArray[np.uint8]) -> NDArray[np.float64]:
    """ITU-T G.711 mu-law."""
    flipped = (~code).astype(np.int32)
    magnitude = (((flipped & 0x0F) << 3) + 0x84 << ((flipped >> 4) & 7)) - 0x84
    return np.where(flipped & 0x80, -magnitude, magnitude) / 32768


def _alaw(code: NDArray[np.uint8]) -> NDArray[np.float64]:
    """ITU-T G.711 A-law."""
    flipped = (code ^ 0x55).astype(np.int32)
    exponent = (flipped >> 4) & 7
    step = ((flipped & 0x0F) << 4) + 8
    magnitude = np.where(exponent > 0, (step + 0x100) << np.maximum(exponent - 1, 0), step)
    return np.where(flipped & 0x80, magnitude, -magnitude) / 32768
