"""How a room colours what sounds in it: the direct sound, then thousands of reflections that fade.

The reflections are noise under an exponential decay: J. D. Polack, "La transmission de l'énergie sonore dans les
salles" (1988), which is what a room sounds like after the first few of them.
"""

import numpy as np
import numpy.typing as npt

from nodes.base.audio import Mono, Pcm

_DECAY = 6.908  # natural logarithm of 1000: a room's reverberation time is the one in which sound fades by 60 dB


def response(rate: int, level_db: float, direct: float, reverberation_s: float, delay_s: float, seed: int = 0) -> Mono:
    """The impulse response of one path through a room, its energy `level_db` over that of what is sent into it.

    `direct`: share of that energy that comes straight, 0 to 1; the rest fades by 60 dB within `reverberation_s`.
    `delay_s`: how long the direct sound travels.
    """
    first = round(rate * delay_s)
    length = round(rate * reverberation_s) if direct < 1.0 else 0
    path = np.zeros(first + 1 + length)
    if length:
        tail = np.random.default_rng(seed).standard_normal(length) * np.exp(-_DECAY * np.arange(length) / length)
        path[first + 1 :] = tail * np.sqrt((1.0 - direct) / np.sum(np.square(tail)))
    path[first] = np.sqrt(direct)
    scaled: Mono = (path * 10.0 ** (level_db / 20.0)).astype(np.float32)
    return scaled


class Path:
    """Sound on its way through the room, block by block; a block's reflections sound in the blocks after it."""

    def __init__(self, impulse_response: Mono, block: int) -> None:
        """`block`: samples that are sent at a time."""
        self._block = block
        self._size = 1 << (block + len(impulse_response) - 2).bit_length()
        self._spectrum = np.fft.rfft(impulse_response, self._size)
        self._rest: npt.NDArray[np.float32] = np.zeros(self._size, np.float32)
        self._ringing = 0
        self._reach = -(-len(impulse_response) // block)

    def through(self, samples: Pcm) -> Pcm | None:
        """What arrives while `samples` (one block) are sent; None while the path is silent."""
        if samples.any():
            self._rest += np.fft.irfft(np.fft.rfft(samples.astype(np.float32), self._size) * self._spectrum, self._size)
            self._ringing = self._reach
        elif not self._ringing:
            return None
        else:
            self._ringing -= 1
        arrived = self._rest[: self._block].copy()
        self._rest[: -self._block] = self._rest[self._block :]
        self._rest[-self._block :] = 0.0
        clipped: Pcm = np.clip(np.rint(arrived), -32_768, 32_767).astype(np.int16)
        return clipped
