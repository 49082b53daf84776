"""faster-whisper: decodes what was said so far, whenever it is asked. Silence and noise give no words."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from nodes.asr.recogniser import NOTHING, RATE, Heard, Word
from nodes.base.audio import Mono

# Whisper invents sentences where nobody speaks. These limits are OpenAI's, the last ones for what still slips through.
NO_SPEECH = 0.6
LOW_LOGPROB = -1.0
HOPELESS_LOGPROB = -1.5
REPEATS = 2.4
_INVENTED = re.compile(r"(thanks? (you )?(so much )?for watching|subtitles by|please subscribe|\[.*\]|\(.*\)|♪)", re.I)
_LETTERS = re.compile(r"\w")
_LONGEST_S = 30.0


class Whisper:
    """One loaded model; single-threaded use, two cores while it decodes."""

    name = "faster-whisper"
    streams = False

    def __init__(self, path: Path, language: str, threads: int = 2) -> None:
        """Load from a folder. Errors: RuntimeError or ValueError from the engine if the folder holds no model."""
        from faster_whisper import WhisperModel  # takes 0.5 s: only who hears with it pays

        self.language = language
        self._model: Any = WhisperModel(
            str(path), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1, local_files_only=True
        )

    def begin(self) -> "WhisperUtterance":
        """Start an utterance."""
        return WhisperUtterance(self)

    def decode(self, samples: Mono) -> Heard:
        """All of `samples`, any length, in windows of 30 s."""
        if len(samples) < RATE // 20:
            return NOTHING
        segments, _ = self._model.transcribe(
            samples,
            language=self.language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            without_timestamps=len(samples) < _LONGEST_S * RATE,
        )
        words: list[Word] = []
        texts: list[str] = []
        for segment in segments:
            if not believable(segment.text, segment.avg_logprob, segment.no_speech_prob, segment.compression_ratio):
                continue
            texts.append(segment.text.strip())
            words.extend(
                Word(word.word.strip(), round(word.start, 3), round(word.end, 3), round(float(word.probability), 3))
                for word in segment.words or ()
            )
        if not texts:
            return NOTHING
        confidence = float(np.mean([word.confidence for word in words])) if words else 0.0
        return Heard(" ".join(texts), tuple(words), round(confidence, 3))


def believable(text: str, logprob: float, no_speech: float, compression: float) -> bool:
    """Whether a decoded segment was likely said by somebody (figures as faster-whisper gives them)."""
    if not _LETTERS.search(text) or compression > REPEATS or logprob < HOPELESS_LOGPROB:
        return False
    if no_speech > NO_SPEECH and logprob < LOW_LOGPROB:
        return False
    return not _INVENTED.fullmatch(text.strip(" .!"))


class WhisperUtterance:
    """The sound of one utterance, decoded from its start each time; the last result is kept until more is fed."""

    def __init__(self, engine: Whisper) -> None:
        self._engine = engine
        self._sound: list[Mono] = []
        self._heard: Heard | None = None

    def feed(self, samples: Mono) -> None:
        """More of its sound."""
        self._sound.append(samples)
        self._heard = None

    def hear(self, *, final: bool) -> Heard:  # noqa: ARG002 - every decoding is as good as the last
        """Decode all that was fed."""
        if self._heard is None:
            self._heard = self._engine.decode(np.concatenate(self._sound)) if self._sound else NOTHING
        return self._heard
