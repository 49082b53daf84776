"""Vosk: words while they are spoken, where a model for the language is installed."""

import json
from pathlib import Path
from typing import Any

from nodes.asr.recogniser import NOTHING, RATE, Heard, Word
from nodes.base.audio import Mono, to_int16

# Vosk hears single unlikely words in noise.
LEAST_CONFIDENCE = 0.35


class Vosk:
    """One loaded model."""

    name = "vosk"
    streams = True

    def __init__(self, path: Path, language: str) -> None:
        """Load from a folder. Errors: Exception from the engine if the folder holds no model."""
        import vosk  # loads a 25 MB library: only who hears with it pays

        vosk.SetLogLevel(-1)
        self.language = language
        self._vosk: Any = vosk
        self._model: Any = vosk.Model(str(path))

    def begin(self) -> "VoskUtterance":
        """Start an utterance."""
        recogniser = self._vosk.KaldiRecognizer(self._model, float(RATE))
        recogniser.SetWords(True)
        return VoskUtterance(recogniser)


class VoskUtterance:
    """One utterance. Vosk cuts at pauses by itself: what it has closed is kept and joined."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._closed: list[Word] = []

    def feed(self, samples: Mono) -> None:
        """More of its sound."""
        if len(samples) and self._recogniser.AcceptWaveform(to_int16(samples).tobytes()):
            self._closed += _words(self._recogniser.Result())

    def hear(self, *, final: bool, hurried: bool = False) -> Heard:  # noqa: ARG002 - it is always quick
        """The words so far. Confidence is known only of the final ones: until then it is 0."""
        if not final:
            partial = json.loads(self._recogniser.PartialResult()).get("partial", "")
            return Heard(" ".join([word.word for word in self._closed] + ([partial] if partial else [])))
        self._closed += _words(self._recogniser.FinalResult())
        words = tuple(self._closed)
        if not words:
            return NOTHING
        confidence = sum(word.confidence for word in words) / len(words)
        if len(words) == 1 and confidence < LEAST_CONFIDENCE:
            return NOTHING
        return Heard(" ".join(word.word for word in words), words, round(confidence, 3))


def _words(result: str) -> list[Word]:
    return [
        Word(item["word"], item["start"], item["end"], round(item["conf"], 3))
        for item in json.loads(result).get("result", ())
    ]
