"""faster-whisper: decodes what was said so far, whenever it is asked. Silence and noise give no words."""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nodes.asr.recogniser import NOTHING, RATE, Heard, Word
from nodes.asr.unfinished import open_words
from nodes.base.audio import Mono

# Whisper invents sentences where nobody speaks. These limits are OpenAI's, the last ones for what still slips through.
NO_SPEECH = 0.6
LOW_LOGPROB = -1.0
HOPELESS_LOGPROB = -1.5
REPEATS = 2.4
_INVENTED = re.compile(r"(thanks? (you )?(so much )?for watching|subtitles by|please subscribe|\[.*\]|\(.*\)|♪)", re.I)
_LETTERS = re.compile(r"\w")
_FRAMES = 3000  # of 10 ms: what Whisper hears at once
_SHORTEST = 1500  # at 1000 it is twice as fast, and hears "health" for "help"
_TAIL_CONFIDENCE = 0.15
_DOUBT = 0.6
_MOST_TOKENS = 220
_UNHEARD_S = 1.0  # an utterance ends with less silence than that
_MOST_NAMES = 6


class Whisper:
    """One loaded model; single-threaded use, two cores while it decodes."""

    name = "faster-whisper"
    streams = False
    spots = False

    def __init__(self, path: Path, language: str, threads: int = 2) -> None:
        """Load from a folder. Errors: RuntimeError or ValueError from the engine if the folder holds no model."""
        from nodes.asr import whisper_model  # takes 0.5 s: only who hears with it pays

        self.language = language
        self._names = ""
        self._enough = whisper_model.EnoughError
        self._model = whisper_model.ShortWindow(str(path), threads, open_words(language))

    def expect(self, names: Sequence[str]) -> None:
        """Names that are likely from the next decoding on; only a few count, or they are heard everywhere."""
        self._names = " ".join(names[:_MOST_NAMES])

    def begin(self) -> "WhisperUtterance":
        """Start an utterance."""
        return WhisperUtterance(self)

    def decode(self, samples: Mono, *, careful: bool = True) -> Heard:
        """All of `samples`, any length.

        A short window takes 0.16 s on two cores, the full one of 30 s thrice as long and hears no better (165
        sentences, clean to noisy: 9.8 and 10.4% of the words wrong). If `careful`, it is asked where the short one gave
        no words, and the expected names are put to whatever is doubtful: they cost time, and are what it doubts
        ("Hiroshi" was heard as "hero she").
        """
        if len(samples) < RATE // 20:
            return NOTHING
        frames = _window(len(samples))
        heard = self._decode(samples, frames)
        if not careful:
            return heard
        if frames < _FRAMES and not heard.words:
            return self._decode(samples, _FRAMES, self._names)
        if self._names and min((word.confidence for word in heard.words), default=1.0) < _DOUBT:
            return self._decode(samples, frames, self._names)
        return heard

    def _decode(self, samples: Mono, frames: int, names: str = "") -> Heard:
        duration_s = len(samples) / RATE
        self._model.asked_for(duration_s, frames)
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
        cadence = None
        with contextlib.suppress(self._enough):
            for segment in segments:
                self._model.left(duration_s - segment.end)
                if believable(segment.text, segment.avg_logprob, segment.no_speech_prob, segment.compression_ratio):
                    words.extend(map(_word, segment.words or ()))
                    cadence = self._model.cadence
        said = without_invented_tail(words)
        if len(said) < len(words):
            words, cadence = said, None
        if words and duration_s - words[-1].end > _UNHEARD_S:
            rest = self._unheard(samples, words[-1].end, names)
            words += rest.words
            cadence = rest.cadence if rest.words else cadence
        if not words:
            return NOTHING
        confidence = sum(word.confidence for word in words) / len(words)
        return Heard(" ".join(word.word for word in words), tuple(words), round(confidence, 3), cadence)

    def _unheard(self, samples: Mono, from_s: float, names: str) -> Heard:
        """Words after `from_s`: Whisper may take its own full stop for the end, and skip whatever is said after it."""
        rest = samples[round(from_s * RATE) :]
        heard = self._decode(rest, _window(len(rest)), names)
        return replace(
            heard,
            words=tuple(
                replace(word, start=round(word.start + from_s, 3), end=round(word.end + from_s, 3))
                for word in heard.words
            ),
        )


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
