"""What to expect of one person's tastes: Beta beliefs from their background and their own answers.

Built in four steps, each of which `kith profiles explain` can tell:

1. The sides of the person suggest a share of yes (`culture.composing`).
2. Their answers say how far the packs speak for them in that cluster (`beliefs.trust`), which moves the share.
3. An answer to a related preference adds `RELATED` of an answer to the same side: a little, and never from or to a
   sensitive key.
4. An answer to the preference itself adds as much as the heaviest prior weighs, so that one word of the person is
   enough: their answer is what counts from then on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from culture_profiles.beliefs.answers import Answer, answers, tastes
from culture_profiles.beliefs.trust import Kinds, Trust
from culture_profiles.culture.composing import HEAVIEST, UNKNOWN, Expectation, compose
from culture_profiles.culture.facets import Side, sides
from culture_profiles.culture.pack import Pack
from culture_profiles.profile import Profile

RELATED = 0.25
"""Of an answer: how much an answer to a related preference adds."""


@dataclass(frozen=True)
class Belief:
    """A Beta belief about one preference. `yes` and `no` are its pseudo-answers; the rest says what it is made of."""

    preference: str
    yes: float
    no: float
    expectation: Expectation
    """What the packs suggest by themselves."""
    trust: Trust
    """How far they speak for this person in this cluster."""
    answer: Answer | None
    """What was said about the preference itself."""
    cluster: tuple[Answer, ...]
    """Answers to others of the same cluster, from which the trust was learnt."""
    related: tuple[Answer, ...]
    """Answers to related preferences, which moved it a little."""

    @property
    def mean(self) -> float:
        """Expected share of yes, 0..1. Never said aloud."""
        return self.yes / (self.yes + self.no)

    @property
    def expects_yes(self) -> bool:
        """The person's answer where there is one, else what is more likely."""
        return self.answer.yes if self.answer is not None else self.mean >= 0.5


@dataclass(frozen=True)
class _Layout:
    names: tuple[str, ...]
    place: Mapping[str, int]
    clusters: tuple[str, ...]
    cluster_of: NDArray[np.intp]


@cache
def _layout() -> _Layout:
    names = tuple(tastes())
    clusters = tuple(dict.fromkeys(tastes()[name].cluster for name in names))
    numbers = np.array([clusters.index(tastes()[name].cluster) for name in names], dtype=np.intp)
    return _Layout(names, {name: place for place, name in enumerate(names)}, clusters, numbers)


class Beliefs:
    """The beliefs about one person, immutable. Made from a profile in well under a millisecond."""

    def __init__(self, expected: Mapping[str, Expectation], answered: Mapping[str, Answer]) -> None:
        self.expected = expected
        self.answered = answered
        layout = _layout()
        self._layout = layout
        means = np.full(len(layout.names), UNKNOWN.mean)
        for name, expectation in expected.items():
            if name in layout.place:
                means[layout.place[name]] = expectation.mean
        given = [answer for name, answer in answered.items() if name in layout.place]
        self._kinds = Kinds(
            layout.cluster_of,
            means,
            [layout.place[answer.preference] for answer in given],
            [answer.yes for answer in given],
            [answer.weight for answer in given],
        )
        self._means = self._kinds.means()

    @classmethod
    def of(cls, profile: Profile, packs: Mapping[str, Pack], *, simulation: bool) -> "Beliefs":
        """From all that is known of a person. `simulation`: unreviewed packs count in full."""
        return cls.from_sides(sides(profile, packs, simulation=simulation), profile)

    @classmethod
    def from_sides(cls, of_person: tuple[Side, ...], profile: Profile) -> "Beliefs":
        """The same, for sides that were found before."""
        return cls(compose(of_person), answers(profile))

    def about(self, preference: str) -> Belief:
        """The belief about one preference. Raises KeyError for what is no preference, or a sensitive one."""
        place = self._layout.place[preference]
        taste = tastes()[preference]
        expectation = self.expected.get(preference, UNKNOWN)
        yes, no = self._moved(place, expectation)
        related = tuple(self.answered[other] for other in taste.related if other in self.answered)
        for answer in related:
            yes, no = _add(yes, no, answer, RELATED)
        own = self.answered.get(preference)
        if own is not None:
            yes, no = _add(yes, no, own, HEAVIEST)
        return Belief(
            preference=preference,
            yes=yes,
            no=no,
            expectation=expectation,
            trust=self._kinds.trust(int(self._layout.cluster_of[place])),
            answer=own,
            cluster=tuple(
                answer
                for answer in self.answered.values()
                if answer.preference != preference and tastes()[answer.preference].cluster == taste.cluster
            ),
            related=related,
        )

    def expects_yes(self) -> dict[str, bool]:
        """What is expected of every preference: the answer where there is one, else what is more likely."""
        return {name: self.about(name).expects_yes for name in self._layout.names}

    def liking(self, cluster: str) -> float:
        """Expected share of yes over all of a cluster, 0..1; even for a cluster that is not there."""
        if cluster not in self._layout.clusters:
            return 0.5
        return float(self._means[self._layout.cluster_of == self._layout.clusters.index(cluster)].mean())

    def information(self, closed: frozenset[str], own: float) -> dict[str, float]:
        """Expected bits from asking each preference that is not `closed` or answered, the best first."""
        open_ = np.array([name not in closed and name not in self.answered for name in self._layout.names])
        bits = self._kinds.information(open_, own)
        order = np.argsort(-bits, kind="stable")
        return {self._layout.names[place]: float(bits[place]) for place in order if open_[place]}

    def _moved(self, place: int, expectation: Expectation) -> tuple[float, float]:
        mean = float(self._means[place])
        return mean * expectation.strength, (1.0 - mean) * expectation.strength


def _add(yes: float, no: float, answer: Answer, worth: float) -> tuple[float, float]:
    added = answer.weight * worth
    return (yes + added, no) if answer.yes else (yes, no + added)
