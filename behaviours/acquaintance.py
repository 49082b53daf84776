"""Getting to know a person: how to begin with them today, and which question is worth asking next.

What their background suggests stays behind the scenes; it orders questions and manners, and is never said.
"""

from datetime import date

from behaviours.person import Person
from culture_profiles.beliefs.asking import Question, next_question, topics
from culture_profiles.culture.approach import Approach, approach
from culture_profiles.culture.loader import Packs, packs
from culture_profiles.profile import Profile

_NOBODY = Profile("")


class Acquaintance:
    """For one robot. `simulation`: packs that no community has reviewed count in full (care rule 24)."""

    def __init__(self, *, simulation: bool, folder: Packs | None = None) -> None:
        self._packs = folder if folder is not None else packs()
        self._simulation = simulation
        self._approaches: dict[str, tuple[int, date, Approach]] = {}
        self._clusters: dict[str, tuple[int, tuple[str, ...]]] = {}

    def approach(self, person: Person, today: date) -> Approach:
        """How to begin with this person on this day; worked out once for each state of the profile."""
        profile = person.profile or _NOBODY
        known = self._approaches.get(person.id)
        if known is not None and known[:2] == (profile.sequence, today) and profile.sequence:
            return known[2]
        made = approach(profile, today, self._packs, simulation=self._simulation)
        self._approaches[person.id] = (profile.sequence, today, made)
        return made

    def likely_clusters(self, person: Person) -> tuple[str, ...]:
        """Clusters of tastes that people of their background often enjoy talking of, likeliest first."""
        if person.profile is None or not person.id:
            return ()
        known = self._clusters.get(person.id)
        if known is not None and known[0] == person.profile.sequence and known[0]:
            return known[1]
        offered = topics(person.profile, self._packs, simulation=self._simulation)
        made = tuple(dict.fromkeys(each.cluster for each in offered))
        self._clusters[person.id] = (person.profile.sequence, made)
        return made

    def question(self, person: Person, language: str) -> Question | None:
        """What is worth asking this person next in this language, none twice; None: nothing, or nobody is here."""
        if person.profile is None or not person.id:
            return None
        return next_question(
            person.profile, self._packs, simulation=self._simulation, declined=person.asked, language=language
        )
