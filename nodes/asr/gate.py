"""The robot must not hear itself: what is let through while its loudspeaker sounds, and shortly after.

Times are seconds of one clock, the one that stamps the sound.
"""

from dataclasses import dataclass

from nodes.asr.urgent import words_of

_SECONDS_PER_CHARACTER = 0.2  # slower than anybody speaks
_AT_LEAST_S = 5.0
_UNKNOWN_S = 30.0
_KEPT = 8
_ECHO_S = 1.0
_ECHO_WORDS = 3  # fewer are an answer: "at ten?" "At ten."


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

    def is_echo(self, text: str, began: float) -> bool:
        """Whether words whose sound began just after the robot ended are its own, late from a slow loudspeaker."""
        said = words_of(text)
        if len(said) < _ECHO_WORDS:
            return False
        for each in self._utterances.values():
            if each.started is not None and each.started <= began < each.ends() + _ECHO_S:
                own = words_of(each.text)
                if any(own[start : start + len(said)] == said for start in range(len(own) - len(said) + 1)):
                    return True
        return False

    def own_words(self) -> frozenset[str]:
        """The words of the last few utterances."""
        return frozenset(word for each in self._utterances.values() for word in words_of(each.text))

    def _of(self, utterance_id: str) -> _Utterance:
        known = self._utterances.setdefault(utterance_id, _Utterance())
        while len(self._utterances) > _KEPT:
            del self._utterances[next(iter(self._utterances))]
        return known
