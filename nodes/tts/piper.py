"""Piper voices, where one is installed: the voice of simulated residents, or the robot's by choice.

Piper is imported only when a voice is loaded: it is an optional package under another licence.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from culture_profiles.errors import KithError
from nodes.base.audio import Pcm, resample, to_float, to_int16
from nodes.base.models import InstalledModel, installed_models
from nodes.tts.synthesiser import Manner, Sound

WORDS_PER_MINUTE = 170.0  # of Piper's voices at length scale 1, about


class PiperVoice:
    """One loaded voice. Loading takes a quarter of a second, a sentence about a thirtieth of its length."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """`folder` holds one `.onnx` and its `.onnx.json`; `threads`: cores used.

        Errors: KithError if Piper or the voice is missing.
        """
        found = sorted(folder.glob("*.onnx"))
        if not found:
            raise KithError(f"there is no Piper voice in {folder}: run `kith models install piper-en-joe`")
        try:
            import onnxruntime  # type: ignore[import-untyped]
            import piper
        except ImportError as error:
            raise KithError("Piper is not installed: run `pip install piper-tts` in Kith's environment") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._piper: Any = piper
        try:
            config = piper.config.PiperConfig.from_dict(
                json.loads(Path(f"{found[0]}.json").read_text(encoding="utf-8"))
            )
            session = onnxruntime.InferenceSession(
                str(found[0]), sess_options=options, providers=["CPUExecutionProvider"]
            )
            self._voice: Any = piper.PiperVoice(session=session, config=config)
        except Exception as error:  # onnxruntime raises its own types
            raise KithError(
                f"the Piper voice in {folder} cannot be loaded ({type(error).__name__}): run `kith models verify`"
            ) from error
        self.rate = int(self._voice.config.sample_rate)

    def render(
        self, text: str, *, length_scale: float = 1.0, noise_scale: float = 0.0, pitch: float = 1.0, volume: float = 1.0
    ) -> Sound:
        """Any text as one sound.

        `length_scale`: 2 speaks half as fast. `noise_scale`: liveliness; at 0 the same text always gives the same
        samples. `pitch`: 1.1 makes another, higher speaker of it, at about the same speed. `volume`: 0 to 1.
        """
        options = self._piper.SynthesisConfig(
            length_scale=length_scale * pitch, noise_scale=noise_scale, noise_w_scale=noise_scale, volume=volume
        )
        parts: list[Pcm] = [chunk.audio_int16_array for chunk in self._voice.synthesize(text, options)]
        joined: Pcm = np.concatenate(parts) if parts else np.zeros(0, np.int16)
        if pitch == 1.0 or not len(joined):
            return Sound(joined, self.rate)
        return Sound(_stretched(joined, pitch), self.rate)


class Piper:
    """Piper as the robot's engine: one voice per language, loaded when first needed."""

    name = "piper"

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir
        self._loaded: dict[str, PiperVoice] = {}

    def speaks(self, locale: str) -> bool:
        """Whether a voice of that language is installed."""
        return self._model(locale) is not None

    def render(self, text: str, manner: Manner) -> Sound:
        """One sentence. Errors: KithError if there is no voice for the language."""
        model = self._model(manner.locale)
        if model is None:
            raise KithError(f"no Piper voice for {manner.locale!r} is installed: see `kith models list`")
        if model.name not in self._loaded:
            self._loaded[model.name] = PiperVoice(model.path)
        return self._loaded[model.name].render(
            text,
            length_scale=WORDS_PER_MINUTE / min(450.0, max(80.0, manner.rate)),
            noise_scale=0.4,
            pitch=min(1.5, max(0.6, manner.pitch)),
            volume=manner.volume,
        )

    def close(self) -> None:
        """Nothing runs by itself."""

    def _model(self, locale: str) -> InstalledModel | None:
        usable = [model for model in installed_models(self._models_dir, "piper") if model.speaks(locale)]
        exact = [model for model in usable if locale.replace("-", "_") in model.languages]
        return next(iter(exact + usable), None)


def _stretched(samples: Pcm, pitch: float) -> Pcm:
    """Played faster by `pitch`, which makes it higher and as much shorter."""
    return to_int16(resample(to_float(samples), round(1000 * pitch), 1000))
