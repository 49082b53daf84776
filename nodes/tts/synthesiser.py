"""What every speech engine offers, and a cache for phrases that are said again and again."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from nodes.base.audio import Pcm


@dataclass(frozen=True)
class Manner:
    """How to speak. `rate`: words per minute. `pitch`: 1 is the voice's own, 0.5 to 1.5. `volume`: 0 to 1."""

    locale: str
    rate: float = 140.0
    pitch: float = 1.0
    volume: float = 1.0


@dataclass(frozen=True)
class Sound:
    """Mono int16 samples and their rate in Hz."""

    samples: Pcm
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


class Synthesiser(Protocol):
    """An engine. `render` may be called from one thread at a time."""

    @property
    def name(self) -> str:
        """The engine's name."""

    def speaks(self, locale: str) -> bool:
        """Whether it has a voice for that language."""

    def render(self, text: str, manner: Manner) -> Sound:
        """The sound of one sentence. Errors: KithError in one line; the next sentence may work."""

    def close(self) -> None:
        """Stop its processes."""


class PhraseCache:
    """Sounds of short phrases, the most recently used; in memory only."""

    def __init__(self, longest: int = 80, seconds: float = 120.0) -> None:
        """`longest`: characters of a phrase that is worth keeping. `seconds`: of sound kept altogether (5 MB)."""
        self._longest = longest
        self._room_s = seconds
        self._kept: OrderedDict[tuple[str, str, Manner], Sound] = OrderedDict()
        self.hits = 0

    def render(
        self, engine: Synthesiser, text: str, manner: Manner, made: Callable[[Sound], Sound], *, keep: bool = True
    ) -> Sound:
        """The sound of `text`, rendered by `engine` and finished by `made` unless it is known.

        `keep` is false for what is for one person's ears: not even memory keeps it.
        """
        key = (engine.name, text, manner)
        if sound := self._kept.get(key):
            self._kept.move_to_end(key)
            self.hits += 1
            return sound
        sound = made(engine.render(text, manner))
        if keep and len(text) <= self._longest:
            self._kept[key] = sound
            while sum(each.seconds for each in self._kept.values()) > self._room_s:
                self._kept.popitem(last=False)
        return sound
