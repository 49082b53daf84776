"""How far the packs speak for this person, learnt cluster by cluster from their answers.

For each cluster (music, food …) the person is one of twelve kinds, four by three:

* the packs speak for them, more plainly than their cautious counts or just so · say nothing about them · say the
  opposite of them: `SPEAKS`, with the weight of each before any answer. It multiplies the log odds of what is expected.
* they like things of this cluster less than others do · as much · more: `LIKING`, added to the log odds.

Each answer multiplies the weight of a kind by how likely that kind was to give it, to the power of the answer's
weight: a carer's word counts less than the person's. The sum over twelve kinds is exact: nothing is sampled or
fitted. Clusters do not touch one another: somebody who loves the food of home need not love its music.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SPEAKS = ((2.0, 0.20), (1.0, 0.35), (0.0, 0.20), (-1.5, 0.25))
"""(factor, weight before any answer)."""
LIKING = ((-1.0, 0.25), (0.0, 0.5), (1.0, 0.25))
"""(log odds added, weight before any answer)."""
_FACTORS = np.repeat([factor for factor, _ in SPEAKS], len(LIKING))
_ADDED = np.tile([added for added, _ in LIKING], len(SPEAKS))
_START = np.log(np.outer([weight for _, weight in SPEAKS], [weight for _, weight in LIKING]).ravel())


@dataclass(frozen=True)
class Trust:
    """How likely it is, within one cluster, that the packs speak for the person, say nothing, say the opposite."""

    speaks: float
    silent: float
    opposite: float


class Kinds:
    """The posterior over the twelve kinds in every cluster, for fixed preferences.

    `clusters`: the cluster's number for each of n preferences. `means`: shape (n,), the expected share of yes, inside
    0..1. `answered`, `yes`, `weights`: indices of answered preferences, the answers, and how much each counts (0..1).
    """

    def __init__(
        self,
        clusters: NDArray[np.intp],
        means: Array,
        answered: Sequence[int],
        yes: Sequence[bool],
        weights: Sequence[float],
    ) -> None:
        self._clusters = clusters
        odds = np.log(means / (1.0 - means))
        self._likely = 1.0 / (1.0 + np.exp(-(odds[:, None] * _FACTORS + _ADDED)))
        score = np.tile(_START, (int(clusters.max()) + 1, 1))
        if answered:
            chosen = self._likely[list(answered)]
            given = np.where(np.array(yes)[:, None], chosen, 1.0 - chosen)
            np.add.at(score, clusters[list(answered)], np.array(weights)[:, None] * np.log(given))
        score = np.exp(score - score.max(axis=1, keepdims=True))
        self._kinds = score / score.sum(axis=1, keepdims=True)

    def means(self) -> Array:
        """Shape (n,): the expected share of yes, all answers considered."""
        found: Array = (self._likely * self._kinds[self._clusters]).sum(axis=1)
        return found

    def trust(self, cluster: int) -> Trust:
        """How far the packs speak for the person in one cluster."""
        kinds = self._kinds[cluster]
        return Trust(
            speaks=float(kinds[_FACTORS > 0].sum()),
            silent=float(kinds[_FACTORS == 0].sum()),
            opposite=float(kinds[_FACTORS < 0].sum()),
        )

    def information(self, open_: NDArray[np.bool_], own: float) -> Array:
        """Shape (n,): bits that asking each preference is expected to tell about the others still open.

        `open_`: which preferences are not known yet. `own`: how much the answer itself counts beside what it tells
        about the rest of its cluster. What is not open has -1.
        """
        found = np.full(len(open_), -1.0)
        now = self.means()
        for cluster in np.unique(self._clusters[open_]):
            chosen = np.flatnonzero(open_ & (self._clusters == cluster))
            likely, kinds = self._likely[chosen], self._kinds[cluster]
            share = now[chosen]
            if_yes = (likely * kinds / share[:, None]) @ likely.T
            if_no = ((1.0 - likely) * kinds / (1.0 - share)[:, None]) @ likely.T
            left = share[:, None] * _bits(if_yes) + (1.0 - share)[:, None] * _bits(if_no)
            told = _bits(share)[None, :] - left
            np.fill_diagonal(told, 0.0)
            found[chosen] = told.sum(axis=1) + own * _bits(share)
        return found


def _bits(share: Array) -> Array:
    inside = np.clip(share, 1e-9, 1.0 - 1e-9)
    found: Array = -(inside * np.log2(inside) + (1.0 - inside) * np.log2(1.0 - inside))
    return found
