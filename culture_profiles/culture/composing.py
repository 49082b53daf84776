"""What the sides of a person together suggest about a preference, before the person has said anything.

The rule: each pack's pseudo-counts come in by how much that side matters to the person (all, two fifths, none), and are
added up. That is precision-weighted pooling: a survey moves the mean more than a description. Half an answer of each
kind is added, so that what nobody speaks of is open; and the whole is cut to the weight of four answers, however many
packs agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from culture_profiles.culture.facets import Matters, Side
from culture_profiles.culture.pack import Pack, Prior, SourceOfPack

NEUTRAL = 0.5
"""Pseudo-answers of each kind that stand for knowing nothing."""
HEAVIEST = 4.0
"""No prior weighs more than so many answers, all packs together."""


@dataclass(frozen=True)
class Voice:
    """One pack's word on one preference, with the weight that this side has for the person."""

    pack: Pack
    matters: Matters
    weight: float
    prior: Prior

    @property
    def of_ten(self) -> int:
        """Of ten such people, about how many would say yes."""
        return round(10 * self.prior.yes / (self.prior.yes + self.prior.no))

    @property
    def source(self) -> SourceOfPack | None:
        """Where the pack has it from."""
        return self.pack.sources.get(self.prior.source)


@dataclass(frozen=True)
class Expectation:
    """Pseudo-answers yes and no, at most `HEAVIEST` together, and whose words they are made of."""

    yes: float = NEUTRAL
    no: float = NEUTRAL
    voices: tuple[Voice, ...] = ()

    @property
    def mean(self) -> float:
        """Expected share of yes, 0..1."""
        return self.yes / (self.yes + self.no)

    @property
    def strength(self) -> float:
        """The weight of it all, in answers."""
        return self.yes + self.no


UNKNOWN = Expectation()


def compose(sides: Iterable[Side]) -> Mapping[str, Expectation]:
    """What is expected, by preference; nothing for those of which no side speaks."""
    voices: dict[str, list[Voice]] = {}
    for side in sides:
        if side.weight > 0:
            for prior in side.pack.priors:
                voices.setdefault(prior.preference, []).append(Voice(side.pack, side.matters, side.weight, prior))
    return {preference: _pooled(found) for preference, found in voices.items()}


def _pooled(voices: list[Voice]) -> Expectation:
    yes = NEUTRAL + sum(voice.weight * voice.prior.yes for voice in voices)
    no = NEUTRAL + sum(voice.weight * voice.prior.no for voice in voices)
    cut = min(1.0, HEAVIEST / (yes + no))
    return Expectation(yes * cut, no * cut, tuple(voices))
