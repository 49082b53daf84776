"""What the robot has said to one person lately: fingerprints of sentences and days, never words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from zlib import crc32

KEPT = timedelta(days=28)
_BETWEEN = re.compile(r"(?<=[.?!])\s+|(?<=[。？！।؟۔])\s*")


@lru_cache(maxsize=20_000)
def fingerprint(sentence: str) -> str:
    """Eight hex digits that stand for a sentence or template; moving or adding others does not change it."""
    return f"{crc32(sentence.encode()):08x}"


@lru_cache(maxsize=20_000)
def parts(text: str) -> tuple[str, ...]:
    """The sentences of a text, each as its fingerprint: none of them should come twice."""
    return tuple(fingerprint(each.casefold()) for each in _BETWEEN.split(text) if each)


@dataclass
class Ledger:
    """Of one person: the day on which each sentence was said last; older than `KEPT` it is forgotten."""

    said: dict[str, date] = field(default_factory=dict)

    def note(self, sentence: str, day: date) -> None:
        """A sentence was said on this day."""
        for mark in parts(sentence):
            self.said[mark] = day

    def has(self, sentence: str) -> bool:
        """Whether any part of it was said lately."""
        return not self.said.keys().isdisjoint(parts(sentence))

    def forget(self, day: date) -> None:
        """Drop what was said too long ago."""
        self.said = {mark: when for mark, when in self.said.items() if day - when < KEPT}

    def state(self) -> dict[str, str]:
        """By day, all marks in one string: small, and without words."""
        days: dict[str, list[str]] = {}
        for mark, when in self.said.items():
            days.setdefault(when.isoformat(), []).append(mark)
        return {day: "".join(marks) for day, marks in sorted(days.items())}

    @classmethod
    def of_state(cls, state: Mapping[str, str]) -> "Ledger":
        """From `state()`. Raises ValueError, TypeError or AttributeError when it is damaged."""
        said = {}
        for day, marks in state.items():
            when = date.fromisoformat(day)
            said.update({marks[place : place + 8]: when for place in range(0, len(marks) - 7, 8)})
        return cls(said)
