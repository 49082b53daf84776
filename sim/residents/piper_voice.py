"""Piper, as residents use it. The robot's own voice is another one, so that nobody is taken for the robot."""

from pathlib import Path

import numpy as np

from culture_profiles.errors import KithError
from nodes.base.audio import Pcm
from nodes.base.models import installed_models
from sim.residents.voice import Render


def load(models_dir: Path, locale: str = "en") -> Render:
    """A renderer for the installed Piper voice of a language. Takes a quarter of a second and 60 MB.

    Errors: KithError when there is none, or Piper itself is not installed.
    """
    voices = [model for model in installed_models(models_dir, "piper") if model.speaks(locale)]
    weights = next((path for model in voices for path in sorted(model.path.glob("*.onnx"))), None)
    if weights is None:
        raise KithError("simulated residents have no voice: run `kith models install piper-en-joe`")
    try:
        from piper import PiperVoice, SynthesisConfig
    except ImportError:
        raise KithError("Piper is not installed: run `make setup`, or `pip install piper-tts`") from None
    voice = PiperVoice.load(weights)

    def render(text: str, length: float) -> tuple[Pcm, int]:
        # Without its random variation a sentence sounds the same each time, so that a scenario can be repeated.
        config = SynthesisConfig(length_scale=length, noise_scale=0.0, noise_w_scale=0.0)
        parts = [chunk.audio_int16_array for chunk in voice.synthesize(text, config)]
        return (np.concatenate(parts) if parts else np.zeros(0, np.int16)), int(voice.config.sample_rate)

    return render
