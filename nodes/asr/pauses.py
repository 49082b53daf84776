"""How long each resident pauses inside a sentence. Kept in memory only: a restart forgets it, nothing is written."""

from collections import deque
from dataclasses import replace

from nodes.asr.endpointer import Patience

_KEPT = 12  # utterances of one person
_PEOPLE = 24
_MORE = 1.15  # wait that many times longer than somebody usually pauses
_LONGEST_END_S = 2.0
_LONGEST_UNFINISHED_S = 5.0
_OFTEN = 0.25  # a share of utterances: who goes on less often after words that sound finished is not waited for

LONG = Patience(end_s=1.8, doubtful_s=3.0, unfinished_s=4.5)
"""For somebody who needs time to find words, as with aphasia."""


class Pauses:
    """Learns from pauses after which somebody went on, and from utterances that were over."""

    def __init__(self, patience: Patience) -> None:
        """`patience`: what everybody is granted; learning only adds to it."""
        self._least = patience
        self._after_open: dict[str, deque[float]] = {}
        self._after_finished: dict[str, deque[float]] = {}  # 0: nothing more came

    def went_on(self, person: str, pause_s: float, *, finished: bool) -> None:
        """Somebody paused so long and spoke on; `finished`: although the words had sounded complete."""
        book = self._after_finished if finished else self._after_open
        book.setdefault(person, deque(maxlen=_KEPT)).append(pause_s)
        while len(book) > _PEOPLE:
            del book[next(iter(book))]

    def was_over(self, person: str) -> None:
        """Nothing more came after words that had sounded complete."""
        if person in self._after_finished:
            self._after_finished[person].append(0.0)

    def patience(self, person: str, *, long: bool = False) -> Patience:
        """How long to wait for this person. `long`: more, as the person's profile asks for."""
        least = self._least
        if long:
            least = replace(
                least,
                end_s=max(least.end_s, LONG.end_s),
                doubtful_s=max(least.doubtful_s, LONG.doubtful_s),
                unfinished_s=max(least.unfinished_s, LONG.unfinished_s),
            )
        open_s = max(self._after_open.get(person, ()), default=0.0) * _MORE
        late = sorted(self._after_finished.get(person, ()))
        often_s = late[int((1 - _OFTEN) * len(late))] * _MORE if len(late) >= 4 else 0.0
        return replace(
            least,
            end_s=max(least.end_s, min(often_s, _LONGEST_END_S)),
            doubtful_s=max(least.doubtful_s, min(often_s, _LONGEST_END_S)),
            unfinished_s=max(least.unfinished_s, min(max(open_s, often_s), _LONGEST_UNFINISHED_S)),
        )
