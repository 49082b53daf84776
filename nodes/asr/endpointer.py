"""When an utterance begins, pauses and ends. Older people pause longer: unfinished words are waited for."""

from dataclasses import dataclass
from enum import Enum, auto

from nodes.asr.vad import BLOCK_S


class Mark(Enum):
    """What a block of sound brought."""

    STARTED = auto()
    PAUSED = auto()  # perhaps the end: decode now
    RESUMED = auto()
    ENDED = auto()
    DROPPED = auto()  # a click or a cough: no utterance after all


class Ending(Enum):
    """How the words up to a pause sound."""

    FINISHED = auto()
    DOUBTFUL = auto()
    UNFINISHED = auto()


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds, and from which probability on it is speech."""

    pause_s: float = 0.2
    end_s: float = 0.5
    doubtful_s: float = 0.8
    unfinished_s: float = 1.6
    longest_s: float = 28.0  # Whisper hears 30 s at a time
    least_s: float = 0.13  # of voice; less is no word
    on: float = 0.5
    off: float = 0.35  # below `on`, so that a soft syllable does not end a word

    def wait_s(self, ending: Ending | None) -> float:
        """The silence that ends an utterance whose words sound so; None: they are not known."""
        if ending is Ending.FINISHED:
            return self.end_s
        return self.doubtful_s if ending is Ending.DOUBTFUL else self.unfinished_s


class Endpointer:
    """Fed with one probability per block of `BLOCK_S`."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.speaking = False
        self._run = 0
        self._voiced = 0
        self._length = 0
        self._silence = 0

    @property
    def paused(self) -> bool:
        """Whether the utterance may be over."""
        return self.speaking and self._silence * BLOCK_S >= self.patience.pause_s

    @property
    def silence_s(self) -> float:
        """Seconds since the last voice in the utterance."""
        return self._silence * BLOCK_S

    def step(self, probability: float, ending: Ending | None, *, sure: int = 2) -> Mark | None:
        """One more block. `sure`: so many blocks of voice in a row begin an utterance.

        `ending`: how the words up to this pause sound; None while they are not known, which is waited for as long as
        for an unfinished sentence.
        """
        patience = self.patience
        if not self.speaking:
            self._run = self._run + 1 if probability >= patience.on else 0
            if self._run < sure:
                return None
            self.speaking = True
            self._voiced = self._length = self._run
            self._silence = 0
            return Mark.STARTED
        self._length += 1
        was_paused = self.paused
        if probability >= (patience.on if was_paused else patience.off):
            self._voiced += 1
            self._silence = 0
            if was_paused:
                return Mark.RESUMED
            return self.stop() if self._length * BLOCK_S >= patience.longest_s else None
        self._silence += 1
        if not was_paused:
            if not self.paused:
                return None
            return self._drop() if self._voiced * BLOCK_S < patience.least_s else Mark.PAUSED
        return self.stop() if self.silence_s >= patience.wait_s(ending) else None

    def stop(self) -> Mark:
        """End the utterance now, whatever comes."""
        voiced = self._voiced
        self._drop()
        return Mark.ENDED if voiced * BLOCK_S >= self.patience.least_s else Mark.DROPPED

    def _drop(self) -> Mark:
        self.speaking = False
        self._run = self._voiced = self._length = self._silence = 0
        return Mark.DROPPED
