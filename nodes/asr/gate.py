"""The robot must not hear itself: what is let through while its loudspeaker sounds, and shortly after.

Times are seconds of one clock, the one that stamps the sound.
"""

from collections import deque
from dataclasses import dataclass
from difflib import SequenceMatcher

from nodes.asr.urgent import words_of

_SECONDS_PER_CHARACTER = 0.2  # slower than anybody speaks
_AT_LEAST_S = 5.0
_UNKNOWN_S = 30.0
_KEPT = 8
_ECHO_S = 1.0
_ECHO_WORDS = 3  # fewer are an answer: "at ten?" "At ten."
_ECHO_SHARE = 0.75  # of the words, in order: a recogniser mishears some of an echo
_BREAKS_AFTER = 3  # echoes taken for words,
_WITHIN_S = 60.0
_BROKEN_S = 60.0


@dataclass
class _Utterance:
    started: float | None = None
    ended: float | None = None
    text: str = ""

    def ends(self) -> float:
        """When it ended; for one whose end nobody reports, when it must have."""
        if self.ended is not None:
            return self.ended
        if self.started is None:
            return float("-inf")
        return self.started + (_AT_LEAST_S + _SECONDS_PER_CHARACTER * len(self.text) if self.text else _UNKNOWN_S)


class Gate:
    """Knows from playback and captions what the robot says and when."""

    def __init__(self, tail_s: float) -> None:
        self.tail_s = tail_s
        self._utterances: dict[str, _Utterance] = {}
        self._echoes: deque[float] = deque(maxlen=_BREAKS_AFTER)

    def started(self, utterance_id: str, at: float) -> None:
        """An utterance began to sound."""
        known = self._of(utterance_id)
        known.started, known.ended = at, None

    def ended(self, utterance_id: str, at: float) -> None:
        """It finished, or was stopped."""
        self._of(utterance_id).ended = at

    def caption(self, utterance_id: str, text: str) -> None:
        """What it says."""
        self._of(utterance_id).text = text

    def sounds(self, at: float, *, tail: bool = True) -> bool:
        """Whether the robot could be heard at that moment: it sounded or, with the tail, had just ended."""
        extra_s = self.tail_s if tail else 0.0
        return any(
            each.started is not None and each.started <= at < each.ends() + extra_s
            for each in self._utterances.values()
        )

    def is_echo(self, text: str, began: float, *, faint: bool = False) -> bool:
        """Whether words whose sound began while the robot spoke, or just after, are its own.

        Three words or more in a row of its sentence are. While the sound is no stronger than an echo may be (`faint`)
        so are misheard ones, and fewer as long as the robot still sounded. Each one found is counted.
        """
        said = words_of(text)
        for each in self._utterances.values():
            if each.started is None or not said or not each.started <= began < each.ends() + _ECHO_S:
                continue
            own = words_of(each.text)
            if len(said) >= _ECHO_WORDS:
                blocks = SequenceMatcher(a=own, b=said, autojunk=False).get_matching_blocks()
                alike = sum(block.size for block in blocks) >= _ECHO_SHARE * len(said)
                if max(block.size for block in blocks) == len(said) or (faint and alike):
                    return self._found(began)
            elif faint and began < each.ends() + self.tail_s:
                letters, own_letters = "".join(said), "".join(own)
                if letters in own_letters or set(said) <= set(own):
                    return self._found(began)
        return False

    def broken(self, at: float) -> bool:
        """Whether the robot has heard itself so often of late that while it sounds only urgent words may count."""
        recent = [each for each in self._echoes if at - each < _WITHIN_S]
        return len(recent) >= _BREAKS_AFTER and at - recent[-1] < _BROKEN_S

    def _found(self, at: float) -> bool:
        self._echoes.append(at)
        return True

    def sounding(self, at: float) -> str:
        """The id of the utterance that sounds at that moment; empty: none does."""
        for utterance_id, each in self._utterances.items():
            if each.started is not None and each.started <= at < each.ends() + self.tail_s:
                return utterance_id
        return ""

    def began(self) -> float:
        """When the newest utterance began to sound; minus infinity before the first."""
        return max(
            (each.started for each in self._utterances.values() if each.started is not None), default=float("-inf")
        )

    def text(self, utterance_id: str) -> str:
        """What an utterance says, as far as it is known."""
        return self._utterances[utterance_id].text if utterance_id in self._utterances else ""

    def own_words(self) -> frozenset[str]:
        """The words of the last few utterances."""
        return frozenset(word for each in self._utterances.values() for word in words_of(each.text))

    def _of(self, utterance_id: str) -> _Utterance:
        known = self._utterances.setdefault(utterance_id, _Utterance())
        while len(self._utterances) > _KEPT:
            del self._utterances[next(iter(self._utterances))]
        return known
