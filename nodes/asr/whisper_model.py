"""faster-whisper's model that encodes only as much as was said, and tells how it heard the last word end."""

import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from nodes.asr.recogniser import Cadence

_REST_S = 0.7
_COMPOUND = 3  # letters of its second part
_STOPS = (".", "?", "!", '."', '?"', '!"')
_TRAILS = ("...", "…", ",", ";", ":", "-", "--", "—")


class EnoughError(Exception):
    """What is left is the silence at the end. Whisper would decode it too, and go round in circles for 5 s."""


class ShortWindow(WhisperModel):
    """Padding a short answer to 30 s costs three times the time. One greedy pass, without fallback."""

    def __init__(self, path: str, threads: int, open_words: Iterable[str] = ()) -> None:
        """Load from a folder. `open_words`: after these more must come, in the language it hears.

        Errors: RuntimeError or ValueError from the engine if the folder holds no model.
        """
        super().__init__(
            path, device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1, local_files_only=True
        )
        self._stops, self._trails = self._tokens(_STOPS), self._tokens(_TRAILS)
        self._open = {
            token: word for word in open_words for each in (word, word.capitalize()) for token in self._tokens([each])
        }
        self.cadence: Cadence | None = None

    def asked_for(self, duration_s: float, frames: int) -> None:
        """What is decoded next: so much sound, in a window of `frames` (10 ms each)."""
        self._frames = frames
        self.left(max(duration_s, _REST_S))  # the first is always decoded
        self.cadence = None

    def left(self, seconds: float) -> None:
        """So much follows the last segment."""
        self._rest_s = seconds

    def encode(self, features: Any) -> Any:
        """Errors: EnoughError if nothing worth it is left."""
        if self._rest_s < _REST_S:
            raise EnoughError
        return super().encode(features[..., : self._frames])

    def generate_with_fallback(self, encoder_output: Any, prompt: list[int], tokenizer: Any, options: Any) -> Any:
        """As the package's, for the only temperature there is, keeping what else it might have said at each step."""
        result = self.model.generate(
            encoder_output,
            [prompt],
            beam_size=1,
            repetition_penalty=options.repetition_penalty,
            max_length=min(len(prompt) + options.max_new_tokens, self.max_length),
            return_scores=True,
            return_no_speech_prob=True,
            return_logits_vocab=True,
            suppress_blank=options.suppress_blank,
            suppress_tokens=options.suppress_tokens,
            max_initial_timestamp_index=round(options.max_initial_timestamp / self.time_precision),
        )[0]
        tokens = result.sequences_ids[0]
        self.cadence = self._cadence(tokens, result.logits[0], tokenizer)
        logprob = result.scores[0] * len(tokens) / (len(tokens) + 1)
        text = tokenizer.decode(tokens).strip().encode()
        return result, logprob, 0.0, len(text) / len(zlib.compress(text))

    def _cadence(self, tokens: list[int], logits: list[Any], tokenizer: Any) -> Cadence | None:
        """From what it thought could follow the last token that is part of a word."""
        words = [at for at, each in enumerate(tokens) if each < tokenizer.eot and _in_word(tokenizer.decode([each]))]
        if not words or words[-1] + 1 >= len(logits):
            return None
        last = words[-1]
        after = _likely(logits[last + 1])
        stops, trails = float(after[self._stops].sum()), float(after[self._trails].sum())
        follows = max(0.0, 1.0 - stops - trails - float(after[tokenizer.eot :].sum()))
        sure = float(_likely(logits[last])[tokens[last]])
        instead = round(self._instead(tokens, logits, words, tokenizer), 3) if self._open else None
        return Cadence(round(stops, 3), round(trails, 3), round(follows, 3), round(sure, 3), instead)

    def _instead(self, tokens: list[int], logits: list[Any], words: list[int], tokenizer: Any) -> float:
        """How probable it is that the last word was an open one, or invented after an open one."""
        first = words[-1]
        while first - 1 in words and not tokenizer.decode([tokens[first]]).startswith(" "):
            first -= 1
        word = tokenizer.decode(tokens[first : words[-1] + 1]).strip().lower()
        # "any more" and "to day" are the same words.
        others = [
            token for token, other in self._open.items()
            if word != other and not (word.startswith(other) and len(word) - len(other) >= _COMPOUND)
        ]  # fmt: skip
        likely = _likely(logits[first])
        instead = float(likely[others].sum())
        if first and tokens[first - 1] in self._open:
            instead += float(likely[self._stops].sum() + likely[self._trails].sum())
        return instead

    def _tokens(self, marks: Iterable[str]) -> list[int]:
        spelled = (f"{gap}{mark}" for mark in marks for gap in ("", " "))
        found = (self.hf_tokenizer.encode(each, add_special_tokens=False).ids for each in spelled)
        return sorted({ids[0] for ids in found if len(ids) == 1})


def _likely(logits: Any) -> NDArray[np.float32]:
    """Of each token, 0 to 1."""
    powers = np.exp(np.asarray(logits, np.float32).ravel() - np.max(logits))
    likely: NDArray[np.float32] = powers / powers.sum()
    return likely


def _in_word(text: str) -> bool:
    return any(map(str.isalnum, text))
