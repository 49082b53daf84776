"""What every speech recogniser offers, and what it hears. Sound is mono float32 at `RATE` Hz."""

from dataclasses import dataclass
from typing import Protocol

from nodes.base.audio import Mono

RATE = 16_000


@dataclass(frozen=True)
class Word:
    """One word with its place in seconds from the start of the sound, and the engine's probability of it, 0 to 1."""

    word: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True)
class Cadence:
    """How the last word was heard, each a probability: that its sentence `stops` with it, that it `trails` off (comma,
    dash, ellipsis), that another word `follows`; how `sure` the engine is of the word itself; and that instead of it a
    word was said after which more must come (`open`: "my" heard as "mine"; None: it does not know such words).
    """

    stops: float
    trails: float
    follows: float
    sure: float
    open: float | None = None


@dataclass(frozen=True)
class Heard:
    """What a recogniser made of some sound. Nothing said: empty text, confidence 0. `cadence`: if the engine tells."""

    text: str = ""
    words: tuple[Word, ...] = ()
    confidence: float = 0.0
    cadence: Cadence | None = None


NOTHING = Heard()


class Utterance(Protocol):
    """One utterance that is being heard. Used by one thread at a time."""

    def feed(self, samples: Mono) -> None:
        """More of its sound."""

    def hear(self, *, final: bool, hurried: bool = False) -> Heard:
        """The words so far; cheap while they stream, a decoding where they don't. Nothing is fed after the final.

        `hurried`: a first guess will do, more sound is on its way.
        """


class Recogniser(Protocol):
    """A loaded engine for one language."""

    @property
    def name(self) -> str:
        """The engine's name, for example faster-whisper."""

    @property
    def language(self) -> str:
        """The language it hears, for example en."""

    @property
    def streams(self) -> bool:
        """Whether words come while they are spoken, at next to no cost."""

    @property
    def spots(self) -> bool:
        """Whether it knows only a few phrases, at a tenth of the cost: whatever else is said gives no words."""

    def begin(self) -> Utterance:
        """Start an utterance."""
