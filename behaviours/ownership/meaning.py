"""Which facts the words mean."""

from collections.abc import Sequence

from behaviours.understanding.text import normalise
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile

_SHORTEST = 2  # letters; a shorter value is found in too many sentences


def named(profile: Profile, normalised: str) -> tuple[Fact, ...]:
    """The known facts whose values stand in the normalised words, in the plural too."""
    return tuple(fact for fact in profile.known() if _stands_in(normalise(fact.value), normalised))


def meant(profile: Profile, normalised: str, told: Sequence[Fact]) -> tuple[Fact, ...]:
    """What "that" is: the facts named in the words, else those spoken of last and still known."""
    found = named(profile, normalised)
    if found:
        return found
    known = set(profile.known())
    return tuple(fact for fact in (_as_known(profile, each) for each in told) if fact in known)


def _as_known(profile: Profile, fact: Fact) -> Fact:
    """The fact in force about the same: what was stored since has got its place in the history."""
    return next((each for each in profile.about(fact) if each.key == fact.key), fact)


def _stands_in(value: str, words: str) -> bool:
    if not value.isascii():  # scripts without spaces between words
        return (len(value) > 1 and value in words) or f" {value} " in f" {words} "
    return len(value) > _SHORTEST and any(f" {value}{ending} " in f" {words} " for ending in ("", "s", "es"))
