"""faster-whisper: decodes what was said so far, whenever it is asked. Silence and noise give no words."""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nodes.asr.recogniser import NOTHING, RATE, Heard, Word
from nodes.asr.unfinished import sounds_broken_off
from nodes.base.audio import Mono

# Whisper invents sentences where nobody speaks. These limits are OpenAI's, the last ones for what still slips through.
NO_SPEECH = 0.6
LOW_LOGPROB = -1.0
HOPELESS_LOGPROB = -1.5
REPEATS = 2.4
_INVENTED = re.compile(r"(thanks? (you )?(so much )?for watching|subtitles by|please subscribe|\[.*\]|\(.*\)|♪)", re.I)
_LETTERS = re.compile(r"\w")
_FRAMES = 3000
_SHORTEST = 1500  # at 1000 it is twice as fast, and hears "health" for "help"
_TAIL_CONFIDENCE = 0.15
_DOUBT = 0.6
_MOST_TOKENS = 220
_REST_S = 0.7
_UNHEARD_S = 1.0  # an utterance ends with less silence than that
_MOST_NAMES = 6


class _EnoughError(Exception):
    """What is left is the silence at the end. Whisper would decode it too, and go round in circles for 5 s."""


class Whisper:
    """One loaded model; single-threaded use, two cores while it decodes."""

    name = "faster-whisper"
    streams = False
    spots = False

    def __init__(self, path: Path, language: str, threads: int = 2) -> None:
        """Load from a folder. Errors: RuntimeError or ValueError from the engine if the folder holds no model."""
        from faster_whisper import WhisperModel  # takes 0.5 s: only who hears with it pays

        class ShortWindow(WhisperModel):
            """Encodes only as much as was said: padding a short answer to 30 s costs three times the time."""

            frames = _FRAMES
            rest_s = _FRAMES / 100  # what follows the last segment

            def encode(self, features: Any) -> Any:
                if self.rest_s < _REST_S:
                    raise _EnoughError
                return super().encode(features[..., : self.frames])

        self.language = language
        self._names = ""
        self._model: Any = ShortWindow(
            str(path), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1, local_files_only=True
        )

    def expect(self, names: Sequence[str]) -> None:
        """Names that are likely from the next decoding on; only a few count, or they are heard everywhere."""
        self._names = " ".join(names[:_MOST_NAMES])

    def begin(self) -> "WhisperUtterance":
        """Start an utterance."""
        return WhisperUtterance(self)

    def decode(self, samples: Mono, *, careful: bool = True) -> Heard:
        """All of `samples`, any length.

        A short window takes 0.16 s on two cores, the full one of 30 s thrice as long and hears no better (165
        sentences, clean to noisy: 9.8 and 10.4% of the words wrong). But it is surer of what is whole: if `careful`, it
        is asked where the short one sounds broken off or gave no words. The expected names are put to whatever is
        doubtful: they cost time, and are what it doubts ("Hiroshi" was heard as "hero she").
        """
        if len(samples) < RATE // 20:
            return NOTHING
        frames = _window(len(samples))
        heard = self._decode(samples, frames)
        if not careful:
            return heard
        if frames < _FRAMES and (not heard.words or sounds_broken_off(heard.words)):
            return self._decode(samples, _FRAMES, self._names)
        if self._names and min((word.confidence for word in heard.words), default=1.0) < _DOUBT:
            return self._decode(samples, frames, self._names)
        return heard

    def _decode(self, samples: Mono, frames: int, names: str = "") -> Heard:
        duration_s = len(samples) / RATE
        self._model.frames, self._model.rest_s = frames, max(duration_s, _REST_S)  # the first is always decoded
        segments, _ = self._model.transcribe(
            samples,
            language=self.language,
            beam_size=1,
            repetition_penalty=1.1,  # or a single "No." may run to two hundred
            max_new_tokens=min(_MOST_TOKENS, 30 + 12 * len(samples) // RATE),  # nobody speaks faster
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            hotwords=names or None,
            without_timestamps=False,  # they say where speech ends: without them it adds "Thank you" to short answers
        )
        words: list[Word] = []
        with contextlib.suppress(_EnoughError):
            for segment in segments:
                self._model.rest_s = duration_s - segment.end
                if believable(segment.text, segment.avg_logprob, segment.no_speech_prob, segment.compression_ratio):
                    words.extend(map(_word, segment.words or ()))
        words = without_invented_tail(words)
        if words and duration_s - words[-1].end > _UNHEARD_S:
            words += self._unheard(samples, words[-1].end, names)
        if not words:
            return NOTHING
        confidence = sum(word.confidence for word in words) / len(words)
        return Heard(" ".join(word.word for word in words), tuple(words), round(confidence, 3))

    def _unheard(self, samples: Mono, from_s: float, names: str) -> list[Word]:
        """Words after `from_s`: Whisper may take its own full stop for the end, and skip whatever is said after it."""
        rest = samples[round(from_s * RATE) :]
        heard = self._decode(rest, _window(len(rest)), names)
        return [
            replace(word, start=round(word.start + from_s, 3), end=round(word.end + from_s, 3)) for word in heard.words
        ]


def _word(word: Any) -> Word:
    start, end, probability = (round(float(value), 3) for value in (word.start, word.end, word.probability))
    return Word(word.word.strip(), start, end, probability)


def without_invented_tail(words: list[Word]) -> list[Word]:
    """Drop what Whisper adds after the last real sentence: a sentence that begins with a word it hardly believes."""
    for index in range(len(words) - 1, 0, -1):
        if words[index - 1].word.endswith((".", "!", "?")) and words[index].confidence < _TAIL_CONFIDENCE:
            words = words[:index]
    return words


def _window(samples: int) -> int:
    """How many of Whisper's frames (10 ms) to encode for so much sound; windows of few sizes are faster."""
    return min(_FRAMES, max(_SHORTEST, -(-(samples * 100 // RATE + 100) // 500) * 500))


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

    def hear(self, *, final: bool, hurried: bool = False) -> Heard:  # noqa: ARG002 - every decoding could be the last
        """Decode all that was fed."""
        if self._heard is not None:
            return self._heard
        if not self._sound:
            return NOTHING
        sound = np.concatenate(self._sound)
        if hurried:
            return self._engine.decode(sound, careful=False)
        self._heard = self._engine.decode(sound)
        return self._heard
