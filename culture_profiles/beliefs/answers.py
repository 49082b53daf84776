"""What is known of a resident's tastes, and whose word it is. Sensitive keys are never read here (care rule 24)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from culture_profiles.culture.preferences import Preference, preferences
from culture_profiles.fact import Fact, Source
from culture_profiles.keys import Sensitivity, keys
from culture_profiles.profile import Profile

_WEIGHTS = {Source.RESIDENT: 1.0, Source.CARER: 0.6, Source.FAMILY: 0.6, Source.OBSERVED: 0.3}


@dataclass(frozen=True)
class Answer:
    """A yes or no to one preference. `weight`: 1 for the person's own word, less for another's, 0..1."""

    preference: str
    yes: bool
    weight: float
    fact: Fact


@cache
def tastes() -> Mapping[str, Preference]:
    """The preferences that beliefs are about: those whose key is not sensitive, whatever preferences.yaml says."""
    vocabulary = keys()
    return {
        name: preference
        for name, preference in preferences().items()
        if name not in vocabulary or vocabulary[name].sensitivity is Sensitivity.NONE
    }


def answers(profile: Profile) -> dict[str, Answer]:
    """The answers in force, by preference."""
    found = {}
    known = tastes()
    for fact in profile.facts:
        if fact.key in known and fact.source in _WEIGHTS and fact.value in ("yes", "no"):
            weight = _WEIGHTS[fact.source] * fact.confidence
            found[fact.key] = Answer(fact.key, fact.value == "yes", weight, fact)
    return found


def ever_answered(profile: Profile) -> frozenset[str]:
    """The preferences that anybody ever said something about, also where it was taken back: not asked again."""
    known = tastes()
    return frozenset(
        fact.key for fact in profile.standing if fact.key in known and fact.source is not Source.CULTURE_PRIOR
    )
