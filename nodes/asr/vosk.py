"""Vosk: words while they are spoken, where a model for the language is installed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nodes.asr.recogniser import NOTHING, RATE, Heard, Word
from nodes.base.audio import Mono, to_int16

# Vosk hears single unlikely words in noise.
LEAST_CONFIDENCE = 0.35
SPOT_CONFIDENCE = 0.8  # with so few phrases to choose from it is easily sure
_EXPECTED_CONFIDENCE = 0.9


class Vosk:
    """One loaded model."""

    name = "vosk"
    streams = True
    spots = False

    def __init__(self, path: Path, language: str) -> None:
        """Load from a folder. Errors: Exception from the engine if the folder holds no model."""
        import vosk  # loads a 25 MB library: only who hears with it pays

        vosk.SetLogLevel(-1)
        self.language = language
        self.always: tuple[str, ...] = ()
        self.expected: tuple[str, ...] = ()
        self._vosk: Any = vosk
        self._model: Any = vosk.Model(str(path))

    def begin(self) -> "VoskUtterance":
        """Start an utterance."""
        return VoskUtterance(self._started(), self._started(self.expected) if self.expected else None)

    def expect(self, phrases: Sequence[str]) -> None:
        """Phrases that are likely from the next utterance on, as answers and names are; none: nothing is."""
        self.expected = tuple(spelled for phrase in phrases if (spelled := self.spelled(phrase)))

    def spelled(self, phrase: str) -> str:
        """A phrase in words of this model, split where it writes apart; empty if it has no such words."""
        found: list[str] = []
        for word in phrase.lower().split():
            parts = self._parts(word)
            if not parts:
                return ""
            found += parts
        return " ".join(found)

    def _parts(self, word: str) -> list[str]:
        if self._model.vosk_model_find_word(word) >= 0:
            return [word]
        for length in range(len(word) - 1, 0, -1):
            if self._model.vosk_model_find_word(word[:length]) >= 0 and (rest := self._parts(word[length:])):
                return [word[:length], *rest]
        return []

    def spotter(self, phrases: Sequence[str]) -> "VoskSpotter":
        """A second recogniser on the same model that knows only these phrases, at a tenth of the cost."""
        return VoskSpotter(self, phrases)

    def _started(self, phrases: Sequence[str] = ()) -> Any:
        """`phrases`: the only ones it shall know, all others being unknown; none: the whole language."""
        grammar = [json.dumps([*phrases, "[unk]"], ensure_ascii=False)] if phrases else []
        recogniser = self._vosk.KaldiRecognizer(self._model, float(RATE), *grammar)
        recogniser.SetWords(True)
        return recogniser


class VoskSpotter:
    """Hears a few phrases only. What is said beside them gives nothing, so whole utterances must match."""

    name = "vosk"
    streams = True
    spots = True

    def __init__(self, engine: Vosk, phrases: Sequence[str]) -> None:
        self.language = engine.language
        self._engine = engine
        self._phrases = tuple(dict.fromkeys(spelled for each in phrases if (spelled := engine.spelled(each))))

    def begin(self) -> "SpottedUtterance":
        """Start an utterance."""
        return SpottedUtterance(self._engine._started(self._phrases), self._phrases)


class SpottedUtterance:
    """One utterance of which only listed phrases are known."""

    def __init__(self, recogniser: Any, phrases: Sequence[str]) -> None:
        self._recogniser = recogniser
        self._phrases = frozenset(phrases)

    def feed(self, samples: Mono) -> None:
        """More of its sound."""
        if len(samples):
            self._recogniser.AcceptWaveform(to_int16(samples).tobytes())

    def hear(self, *, final: bool, hurried: bool = False) -> Heard:  # noqa: ARG002 - it is always quick
        """The phrase, if the whole utterance was one; known only at the end."""
        if not final:
            return NOTHING
        words = tuple(_words(self._recogniser.FinalResult()))
        text = " ".join(word.word for word in words)
        if text not in self._phrases or min(word.confidence for word in words) < SPOT_CONFIDENCE:
            return NOTHING
        return Heard(text, words, round(sum(word.confidence for word in words) / len(words), 3))


class VoskUtterance:
    """One utterance. Vosk cuts at pauses by itself: what it has closed is kept and joined."""

    def __init__(self, recogniser: Any, biased: Any = None) -> None:
        """`biased`: one that knows only what is expected; it decides where it is sure of the whole utterance."""
        self._recogniser = recogniser
        self._biased = biased
        self._closed: list[Word] = []

    def feed(self, samples: Mono) -> None:
        """More of its sound."""
        if self._biased is not None and len(samples):
            self._biased.AcceptWaveform(to_int16(samples).tobytes())
        if len(samples) and self._recogniser.AcceptWaveform(to_int16(samples).tobytes()):
            self._closed += _words(self._recogniser.Result())

    def hear(self, *, final: bool, hurried: bool = False) -> Heard:  # noqa: ARG002 - it is always quick
        """The words so far. Confidence is known only of the final ones: until then it is 0."""
        if not final:
            partial = json.loads(self._recogniser.PartialResult()).get("partial", "")
            return Heard(" ".join([word.word for word in self._closed] + ([partial] if partial else [])))
        self._closed += _words(self._recogniser.FinalResult())
        words = self._expected() or tuple(self._closed)
        if not words:
            return NOTHING
        confidence = sum(word.confidence for word in words) / len(words)
        if len(words) == 1 and confidence < LEAST_CONFIDENCE:
            return NOTHING
        return Heard(" ".join(word.word for word in words), words, round(confidence, 3))

    def _expected(self) -> tuple[Word, ...]:
        """What was expected, if that is what was said and the whole language does not hear something surer."""
        if self._biased is None:
            return ()
        words = tuple(_words(self._biased.FinalResult()))
        surest = min((word.confidence for word in self._closed), default=0.0)
        heard = min((word.confidence for word in words), default=0.0)
        if not words or len(self._closed) > len(words) + 2 or any(word.word == "[unk]" for word in words):
            return ()
        return words if heard >= _EXPECTED_CONFIDENCE and surest < _EXPECTED_CONFIDENCE else ()


def _words(result: str) -> list[Word]:
    return [
        Word(item["word"], item["start"], item["end"], round(item["conf"], 3))
        for item in json.loads(result).get("result", ())
    ]
