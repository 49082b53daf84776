"""Plain mixing of sounds in a room: each sound at its exact moment, its level, and a faint noise floor.

Distance, echo and television are rooms for later; they change how a sound is added, not how it is read.
"""

import numpy as np
import numpy.typing as npt

from nodes.base.audio import Pcm

_AHEAD_S = 10.0  # nobody needs to know now what sounds later than that


def gain(decibels: float) -> float:
    """A level relative to full scale, or to the sound as it is, as a factor."""
    return float(10.0 ** (decibels / 20.0))


class Room:
    """One microphone's worth of air. Frames count from the moment it was made, at one rate for all."""

    def __init__(self, rate: int, noise_dbfs: float = -66.0, seed: int = 0) -> None:
        """`rate` in Hz. `noise_dbfs`: RMS level of the noise floor; -120 or less is none."""
        self._size = round(rate * _AHEAD_S)
        self._air: npt.NDArray[np.float32] = np.zeros(self._size, np.float32)
        self._noise = gain(noise_dbfs) * 32_768.0 if noise_dbfs > -120.0 else 0.0
        self._random = np.random.default_rng(seed)
        self.position = 0
        self.late_frames = 0

    def add(self, samples: Pcm, frame: int, level: float = 1.0) -> None:
        """Let `samples` sound from `frame` on, `level` times as loud.

        What should have sounded already is lost, as it would be in a room, and counted; so is what lies more than
        ten seconds ahead.
        """
        late = min(max(0, self.position - frame), len(samples))
        self.late_frames += late
        start = frame + late
        heard = samples[late : late + max(0, self.position + self._size - start)].astype(np.float32) * level
        where = np.arange(start, start + len(heard)) % self._size
        self._air[where] += heard

    def read(self, frames: int) -> Pcm:
        """What the microphone hears next; a sum too loud for 16 bits is clipped, as a microphone does it."""
        where = np.arange(self.position, self.position + frames) % self._size
        heard = self._air[where]
        self._air[where] = 0.0
        self.position += frames
        if self._noise:
            heard = heard + self._random.normal(0.0, self._noise, frames).astype(np.float32)
        clipped: Pcm = np.clip(np.round(heard), -32_768, 32_767).astype(np.int16)
        return clipped
