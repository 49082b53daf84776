"""Piper, as residents use it. The robot's own voice is another engine's, so that nobody is taken for the robot."""

from pathlib import Path

from culture_profiles.errors import KithError
from nodes.base.audio import Pcm
from nodes.base.models import installed_models
from nodes.tts.piper import PiperVoice
from sim.residents.voice import Render


def load(models_dir: Path, locale: str = "en") -> Render:
    """A renderer for the installed Piper voice of a language. Takes a quarter of a second and 60 MB.

    Errors: KithError when there is none, or Piper itself is not installed.
    """
    voices = [model for model in installed_models(models_dir, "piper") if model.speaks(locale)]
    if not voices:
        raise KithError("simulated residents have no voice: run `kith models install piper-en-joe`")
    voice = PiperVoice(voices[0].path)

    def render(text: str, length: float) -> tuple[Pcm, int]:
        sound = voice.render(text, length_scale=length)
        return sound.samples, sound.rate

    return render
