"""Simulated people for `kith bench adaptation`: groups, and what each person truly likes.

The packs approximate this world; they do not equal it:

* A group is made of packs, one each of one to four facets, with a random share of influence for each facet that the
  model under test never sees (it sees "a lot" or "a little").
* The group's true rate of each preference is that mixture of the packs' shares, off by noise of `PACK_ERROR` in log
  odds; where no pack speaks, the rate is drawn at random around even odds, the same for the whole group.
* A fitting person differs from their group by `LIKING` in log odds per cluster, and each taste is then a draw: with a
  rate of 0.7 three of ten fitting people still say no.
* A defying person is the same, but in two to four clusters at random the rates are turned round (0.8 becomes 0.2).

Nothing here is shared with the code of the beliefs, and nothing was tuned to it.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from culture_profiles.culture.pack import Facet, Pack

PACK_ERROR = 0.6
"""Standard deviation, log odds: how far a group is from what its packs say."""
NOBODY_SPEAKS = 0.8
"""Standard deviation, log odds, of a group's rates where no pack speaks."""
LIKING = 0.5
"""Standard deviation, log odds: how much more or less a person likes a whole cluster than their group does."""
_FACETS = (Facet.REGION, Facet.NATION, Facet.GENERATION, Facet.MIGRATION, Facet.WORK)


@dataclass(frozen=True)
class Group:
    """People with the same background. `matters`: a_lot or a_little by pack; `odds`: true log odds of yes."""

    name: str
    matters: Mapping[str, str]
    odds: Mapping[str, float]


@dataclass(frozen=True)
class Simulated:
    """One person: their truths by preference, and the clusters in which they defy their background."""

    group: Group
    likes: Mapping[str, bool]
    defies: frozenset[str]


def groups(packs: Mapping[str, Pack], preferences: Sequence[str], count: int, rng: random.Random) -> list[Group]:
    """So many groups, one for each region in turn."""
    regions = sorted(reference for reference in packs if packs[reference].facet is Facet.REGION)
    rng.shuffle(regions)
    return [_group(regions[number % len(regions)], packs, preferences, rng) for number in range(count)]


def person(group: Group, rng: random.Random, *, defying: bool) -> Simulated:
    """Somebody of a group, who fits it or defies it in two to four clusters."""
    clusters = sorted({_cluster(name) for name in group.odds})
    defies = frozenset(rng.sample(clusters, rng.randint(2, 4)) if defying else ())
    liking = {cluster: rng.gauss(0.0, LIKING) for cluster in clusters}
    likes = {}
    for name, odds in group.odds.items():
        cluster = _cluster(name)
        turned = -odds if cluster in defies else odds
        likes[name] = rng.random() < _share(turned + liking[cluster])
    return Simulated(group, likes, defies)


def _group(region: str, packs: Mapping[str, Pack], preferences: Sequence[str], rng: random.Random) -> Group:
    chosen = [region]
    for facet in _FACETS[1:]:
        fitting = [
            reference
            for reference, pack in packs.items()
            if pack.facet is facet and (not pack.within or region in pack.within)
        ]
        if fitting and rng.random() < 0.6:
            chosen.append(rng.choice(sorted(fitting)))
    influence = [rng.expovariate(1.0) + 0.2 for _ in chosen]
    matters = {
        reference: "a_lot" if share >= max(influence) / 2 else "a_little"
        for reference, share in zip(chosen, influence, strict=True)
    }
    odds = {name: _true_odds(name, chosen, influence, packs, rng) for name in preferences}
    return Group(" + ".join(chosen), matters, odds)


def _true_odds(
    name: str, chosen: Sequence[str], influence: Sequence[float], packs: Mapping[str, Pack], rng: random.Random
) -> float:
    said = [
        (share, prior.yes / (prior.yes + prior.no))
        for share, reference in zip(influence, chosen, strict=True)
        for prior in packs[reference].priors
        if prior.preference == name
    ]
    if not said:
        return rng.gauss(0.0, NOBODY_SPEAKS)
    mixed = sum(share * rate for share, rate in said) / sum(share for share, _ in said)
    return math.log(mixed / (1.0 - mixed)) + rng.gauss(0.0, PACK_ERROR)


def _cluster(name: str) -> str:
    return name.split(".")[0]


def _share(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))
