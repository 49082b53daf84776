"""Reading aloud, a few sentences at a time: the home's news, or a text that staff wrote down for today."""

import re
from collections.abc import Sequence

from behaviours.games.game import Move
from behaviours.games.material import game_sentences
from behaviours.understanding.reading import Reading

_AT_A_TIME = 40  # words, in whole sentences
_SENTENCE = re.compile(r"(?<=[.!?。！？।۔؟])\s*")


class ReadAloud:
    """One text. "Go on" or a yes reads on, a no or "that's enough" ends it; it can be left and taken up again."""

    name = "game:reading"

    def __init__(self, language: str, title: str, texts: Sequence[str]) -> None:
        self._says = game_sentences(language)
        self._parts = [part for text in texts for part in _parts(text)]
        self._at = 0
        self.title = title

    def begin(self) -> Move:
        """The title and the first part, or the part that was left."""
        return self._read(f"{self.title.rstrip('.')}.")

    def again(self) -> str:
        """The part that was being read."""
        return self._parts[min(self._at, len(self._parts) - 1)]

    def hear(self, reading: Reading) -> Move | None:
        """The next part, the end, or nothing: then the words are about something else."""
        if reading.has("no", "goodbye") and not reading.has("yes"):
            return Move(self._says["read.stop"][0], over=True)
        if not reading.has("yes", "tell_me_more", "again", "read_aloud", "thanks"):
            return None
        if not reading.has("again"):
            self._at += 1
        return self._read("")

    def _read(self, before: str) -> Move:
        last = self._at >= len(self._parts) - 1
        after = self._says["read.over" if last else "read.on"][0]
        return Move(" ".join(each for each in (before, self.again(), after) if each), over=last)


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for sentence in _SENTENCE.split(text.strip()):
        if not sentence:
            continue
        if parts and len(parts[-1].split()) + len(sentence.split()) <= _AT_A_TIME:
            parts[-1] = f"{parts[-1]} {sentence}"
        else:
            parts.append(sentence)
    return parts
