"""Which question is worth asking next: the one expected to tell most about the person, never a sensitive one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from culture_profiles.beliefs.answers import ever_answered, tastes
from culture_profiles.beliefs.beliefs import Beliefs
from culture_profiles.culture.facets import Side, sides
from culture_profiles.culture.observances import states_a_faith
from culture_profiles.culture.pack import Facet, Pack, TopicOfPack
from culture_profiles.culture.preferences import questions
from culture_profiles.culture.words import says_any
from culture_profiles.profile import Profile

OWN = 1.0
"""How much an answer counts for itself, beside what it tells about the rest of its cluster."""


@dataclass(frozen=True)
class Question:
    """A question in words that are the same for everybody. `bits`: expected information about the whole profile."""

    preference: str
    text: str
    bits: float


def next_question(
    profile: Profile,
    packs: Mapping[str, Pack],
    *,
    simulation: bool,
    declined: Collection[str] = (),
    language: str = "en",
) -> Question | None:
    """The question worth asking next in this language, or None when there is nothing left to ask in it.

    Never one that was answered or asked before (a fact or retraction stands, or it is in `declined`), never one that
    touches what the person avoids or what is painful to people of their background.
    """
    of_person = sides(profile, packs, simulation=simulation)
    beliefs = Beliefs.from_sides(of_person, profile)
    closed = ever_answered(profile) | set(declined)
    unwanted = [*profile.values("topics.avoided"), *profile.values("topics.painful"), *painful_words(of_person)]
    asked_in = questions(language)
    for preference, bits in beliefs.information(frozenset(closed), OWN).items():
        text = asked_in.get(preference)
        if text is None:
            continue
        words = f"{text} {tastes()[preference].question} {preference.replace('.', ' ').replace('_', ' ')}"
        if not says_any(words, unwanted):
            return Question(preference, text, bits)
    return None


def painful_words(of_person: Iterable[Side]) -> tuple[str, ...]:
    """Words that would raise what is painful to people of these backgrounds, whether or not it matters to them."""
    return tuple(dict.fromkeys(word for side in of_person for time in side.pack.painful for word in time.words))


def topics(profile: Profile, packs: Mapping[str, Pack], *, simulation: bool) -> list[TopicOfPack]:
    """Things that people of their background often enjoy talking of, for an open offer: likeliest clusters first.

    None that they avoid or that is painful to such people; those of a faith only where the person stated it.
    """
    of_person = sides(profile, packs, simulation=simulation)
    beliefs = Beliefs.from_sides(of_person, profile)
    unwanted = [*profile.values("topics.avoided"), *profile.values("topics.painful"), *painful_words(of_person)]
    found: dict[str, TopicOfPack] = {}
    for side in of_person:
        if side.weight > 0 and (side.pack.facet is not Facet.FAITH or states_a_faith(side)):
            for topic in side.pack.topics:
                if not says_any(f"{topic.name} {topic.id.replace('_', ' ')}", unwanted):
                    found.setdefault(topic.id, topic)
    return sorted(found.values(), key=lambda topic: -beliefs.liking(topic.cluster))
