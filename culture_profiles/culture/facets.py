"""Which sides of their background matter to a resident, and how much, as they or staff said."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from culture_profiles.culture.pack import Facet, Pack
from culture_profiles.culture.review import usable
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.profile import Profile

PREFIX = "culture."


class Matters(StrEnum):
    """The four answers that the tablet offers; never a percentage."""

    A_LOT = "a_lot"
    A_LITTLE = "a_little"
    NOT_ME = "not_me"
    ASK_ME = "ask_me"


WEIGHTS = {Matters.A_LOT: 1.0, Matters.A_LITTLE: 0.4, Matters.NOT_ME: 0.0, Matters.ASK_ME: 0.0}
"""How much of a pack's pseudo-counts each answer lets in. "Ask me" lets in nothing: then the robot asks."""


@dataclass(frozen=True)
class Side:
    """One side of a person: the pack, as far as it may be used, and what they said about it."""

    pack: Pack
    matters: Matters
    fact: Fact
    withheld: bool = False
    """Whether the pack is cut down, because nobody has reviewed it."""

    @property
    def weight(self) -> float:
        """0 to 1."""
        return WEIGHTS[self.matters]

    @cached_property
    def own_word(self) -> bool:
        """Whether the person stated it, or staff confirmed that they did: what a wish or sign of faith waits for."""
        if self.fact.source is Source.RESIDENT:
            return self.fact.status in (Status.STATED, Status.CONFIRMED, Status.LOCKED)
        return self.fact.source is Source.CARER and self.fact.status in (Status.CONFIRMED, Status.LOCKED)


def key_of(reference: str) -> str:
    """The profile key of a pack: culture.region.japan for region:japan."""
    return PREFIX + reference.replace(":", ".")


def sides(profile: Profile, packs: Mapping[str, Pack], *, simulation: bool) -> tuple[Side, ...]:
    """The sides that a profile names, region before nation and so on, unreviewed packs cut down for a real home.

    A pack that is not there any more, or cannot be read, is left out: the person's own words stand without it.
    """
    wanted = {fact.key: fact for fact in profile.facts if fact.key.startswith(PREFIX)}
    if not wanted:
        return ()
    found = []
    for reference in packs:
        fact = wanted.get(key_of(reference))
        if fact is None or fact.source in (Source.CULTURE_PRIOR, Source.OBSERVED) or fact.value not in _ANSWERS:
            continue
        try:
            pack = packs[reference]
        except KithError:
            continue
        allowed = usable(pack, simulation=simulation)
        found.append(Side(allowed, Matters(fact.value), fact, withheld=allowed is not pack))
    return tuple(sorted(found, key=lambda side: (_ORDER[side.pack.facet], side.pack.id)))


_ANSWERS = frozenset(Matters)
_ORDER = {facet: place for place, facet in enumerate(Facet)}
