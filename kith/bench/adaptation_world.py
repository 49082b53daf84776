"""Simulated people for `kith bench adaptation`: groups, and what each person truly likes.

The packs approximate this world; they do not equal it:

* A group is made of packs that fit together, one each of one to five facets, with a random share of influence for each
  that the model under test never sees (it sees "a lot" or "a little").
* Truths are of the preferences that the group's packs speak of, filled up at random to `AT_LEAST` others of which they
  say nothing.
* The group's true odds of each preference are that mixture of the packs' shares, `PLAINER` times as plain (packs keep
  their counts weak on purpose: a description counts 4 : 2 where nine of ten would nod), and off by noise of
  `PACK_ERROR`; where no pack speaks, they are drawn at random around even odds, the same for the whole group.
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

AT_LEAST = 40
PLAINER = 2.0
"""Factor on log odds: how much plainer a group's tastes are than what packs dare to say."""
PACK_ERROR = 0.6
"""Standard deviation, log odds: how far a group is from what its packs say."""
NOBODY_SPEAKS = 0.8
"""Standard deviation, log odds, of a group's rates where no pack speaks."""
LIKING = 0.5
"""Standard deviation, log odds: how much more or less a person likes a whole cluster than their group does."""
_FACETS = (Facet.NATION, Facet.GENERATION, Facet.MIGRATION, Facet.WORK)
_PLACES = {
    "britain": "region:united_kingdom",
    "hong_kong": "region:hong_kong",
    "ireland": "region:ireland",
    "italy": "region:italy",
    "jamaica": "region:caribbean",
    "japan": "region:japan",
    "koreans_in_japan": "region:korea",
    "poland": "region:poland",
    "punjab": "region:india",
    "sylhet": "region:bangladesh",
    "east_africa": "region:east_africa",
}
"""Where people of a generation or trade named after a place come from."""


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
    for facet in _FACETS:
        fitting = [reference for reference, pack in packs.items() if pack.facet is facet and _fits(pack, region)]
        if fitting and rng.random() < 0.6:
            chosen.append(rng.choice(sorted(fitting)))
    influence = [rng.expovariate(1.0) + 0.2 for _ in chosen]
    matters = {
        reference: "a_lot" if share >= max(influence) / 2 else "a_little"
        for reference, share in zip(chosen, influence, strict=True)
    }
    spoken = {prior.preference for reference in chosen for prior in packs[reference].priors}
    others = sorted(set(preferences) - spoken)
    rng.shuffle(others)
    wanted = [*sorted(spoken & set(preferences)), *others[: max(0, AT_LEAST - len(spoken))]]
    odds = {name: _true_odds(name, chosen, influence, packs, rng) for name in wanted}
    return Group(" + ".join(chosen), matters, odds)


def _fits(pack: Pack, region: str) -> bool:
    if pack.within:
        return region in pack.within
    # The longest name counts: Koreans in Japan are not Japan.
    named = sorted((place for place in _PLACES if pack.id.endswith(f"_{place}")), key=len)
    return _PLACES[named[-1]] == region if named else pack.facet is not Facet.GENERATION


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
    return PLAINER * math.log(mixed / (1.0 - mixed)) + rng.gauss(0.0, PACK_ERROR)


def _cluster(name: str) -> str:
    return name.split(".")[0]


def _share(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))
