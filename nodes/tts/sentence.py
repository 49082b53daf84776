"""One sentence from text to sound: read, cut into the parts of each voice, rendered, joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from culture_profiles.errors import KithError
from nodes.base.audio import Pcm, resample, to_float, to_int16
from nodes.tts.pacing import trimmed
from nodes.tts.reading import japanese
from nodes.tts.reading.spans import Span, spans
from nodes.tts.reading.words import read
from nodes.tts.synthesiser import Manner, PhraseCache, Sound, Synthesiser

_PAUSE_S = 0.22  # after a sentence
_WITHIN_S = 0.03  # between two voices


@dataclass(frozen=True)
class Wording:
    """What else is known about how a text is to be said. `private`: for one person's ears, and kept nowhere."""

    pronunciations: Mapping[str, str]
    private: bool = False


PLAIN = Wording({})


class SentenceRenderer:
    """The engines in the order in which they are asked; the first that speaks the language renders."""

    def __init__(self, engines: Sequence[Synthesiser]) -> None:
        self._engines = engines
        self._cache = PhraseCache()

    @property
    def cache_hits(self) -> int:
        """How often a phrase was known already."""
        return self._cache.hits

    def check(self, locale: str) -> None:
        """Errors: KithError if no engine speaks the locale."""
        self._speakers(locale)

    def render(self, sentence: str, manner: Manner, wording: Wording = PLAIN, rate: int = 0) -> Sound:
        """Its sound, with a pause at the end; empty if nothing of it can be said.

        `rate`: Hz, where it has to fit what came before.

        Errors: KithError if no engine can; the next sentence may work.
        """
        parts = spans(read(sentence, manner.locale, wording.pronunciations), manner.locale)
        made: list[Pcm] = []
        for number, part in enumerate(parts, 1):
            sound = self._render(part, manner, keep=not wording.private)
            rate = rate or sound.rate
            pause = np.zeros(round((_PAUSE_S if number == len(parts) else _WITHIN_S) * rate), np.int16)
            made += [_at(sound, rate), pause] if len(sound.samples) else []
        return Sound(np.concatenate(made) if made else np.zeros(0, np.int16), rate)

    def _render(self, part: Span, manner: Manner, *, keep: bool) -> Sound:
        locale = part.locale
        try:
            speakers = self._speakers(locale)
        except KithError:
            # A name in a script that no voice knows is better said wrongly than left out.
            locale, speakers = manner.locale, self._speakers(manner.locale)
        text = japanese.kana(part.text) if locale.split("_")[0] == "ja" else part.text
        failed: KithError | None = None
        for engine in speakers:
            try:
                return self._cache.render(engine, text, replace(manner, locale=locale), trimmed, keep=keep)
            except KithError as error:
                failed = error
        assert failed is not None
        raise failed

    def _speakers(self, locale: str) -> list[Synthesiser]:
        found = [engine for engine in self._engines if engine.speaks(locale)]
        if not found:
            raise KithError(f"no installed voice speaks {locale!r}: see `espeak-ng --voices` and `kith models list`")
        return found


def _at(sound: Sound, rate: int) -> Pcm:
    """The samples at another rate."""
    if sound.rate == rate:
        return sound.samples
    return to_int16(resample(to_float(sound.samples), sound.rate, rate))
