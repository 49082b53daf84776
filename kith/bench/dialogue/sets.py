"""The labelled sentences of `tests/sets`: what residents may say, with what it is."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from culture_profiles.errors import KithError

FOLDER = Path(__file__).parents[3] / "tests" / "sets"
OPEN, HELD = "open", "held"
PARTS = (OPEN, HELD)


@dataclass(frozen=True)
class Sentence:
    """One labelled sentence. `label`: a safety class or an intent; `part`: open, or held back while tuning."""

    text: str
    language: str
    label: str
    part: str


def sentences(name: str, parts: Iterable[str] = PARTS) -> list[Sentence]:
    """A set. Errors: KithError when the sets are not there, as on a robot."""
    found = []
    for part in parts:
        path = FOLDER / f"{name}{'.held' if part == HELD else ''}.jsonl"
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError:
            raise KithError("the labelled sentences are not here: run this bench from a checkout of Kith") from None
        for line in lines:
            row = json.loads(line)
            found.append(Sentence(row["text"], row["language"], row.get("intent") or row["class"], part))
    return found


@dataclass
class Tally:
    """How many of how many, for each part."""

    hits: dict[str, int]
    all: dict[str, int]

    @classmethod
    def empty(cls) -> "Tally":
        """Nothing counted yet."""
        return cls(dict.fromkeys(PARTS, 0), dict.fromkeys(PARTS, 0))

    def count(self, part: str, hit: bool) -> None:
        """Count one sentence."""
        self.all[part] += 1
        self.hits[part] += hit

    @property
    def share(self) -> float:
        """Over both parts, 0 to 1; 1 for nothing counted."""
        total = sum(self.all.values())
        return round(sum(self.hits.values()) / total, 5) if total else 1.0

    def parts(self) -> dict[str, str]:
        """Both parts, as "hits/all"."""
        return {part: f"{self.hits[part]}/{self.all[part]}" for part in PARTS if self.all[part]}
