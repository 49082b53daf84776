"""Who lives in a simulated home: residents' files, and what staff have decided for each, as profiles demand it."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.importing import read_resident
from sim.residents import people

MOST = 60
_LIMITED = frozenset({"safety.swallowing", "safety.fluids"})
_WITHOUT_ASSESSMENT = 0.25
_RESTRICTED = 0.15
_REVIEW_AFTER = timedelta(days=400)


@dataclass(frozen=True)
class Household:
    """Ids in the order of their rooms, what is known of all, and what only staff may do for whom."""

    residents: tuple[str, ...]
    facts: tuple[Fact, ...]
    without_assessment: frozenset[str]
    restricted: frozenset[str]


def household(residents: int, first_day: date, rng: random.Random) -> Household:
    """So many residents who speak English with the robot; beyond those there are files of, further ones like them.

    Errors: KithError.
    """
    if not 1 <= residents <= MOST:
        raise KithError(f"a simulated home has 1 to {MOST} residents")
    moved_in = datetime.combine(first_day - timedelta(days=1), datetime.min.time(), UTC)
    files = [each for each in people.everybody().values() if each.simulation.channel == "speech"]
    known = [(each.id, read_resident(each.file, moved_in, "simulated staff")) for each in files]
    speak = [(name, facts) for name, facts in known if _speaks_english(facts)]
    rng.shuffle(speak)
    ids, told, unassessed, restricted = [], [], set(), set()
    for number in range(residents):
        name, facts = speak[number % len(speak)]
        again = number // len(speak)
        resident_id = f"{name}_{again + 1}" if again else name
        ids.append(resident_id)
        told += [fact.model_copy(update={"resident_id": resident_id}) for fact in facts]
        assessed = rng.random() >= _WITHOUT_ASSESSMENT
        offered = rng.random() >= _RESTRICTED and not any(fact.key in _LIMITED for fact in facts)
        told += _decided(resident_id, moved_in, assessed=assessed, offered=offered)
        unassessed |= set() if assessed else {resident_id}
        restricted |= set() if offered else {resident_id}
    return Household(tuple(ids), tuple(told), frozenset(unassessed), frozenset(restricted))


def _speaks_english(facts: list[Fact]) -> bool:
    preferred = next((fact.value for fact in facts if fact.key == "language.preferred"), "")
    return preferred.startswith("en")


def _decided(resident_id: str, when: datetime, *, assessed: bool, offered: bool) -> list[Fact]:
    review = (when + _REVIEW_AFTER).date().isoformat()
    values = {
        "medicine.self_administration": "yes" if assessed else "no",
        "medicine.self_administration_review": review,
        "food.offering": "no_restriction" if offered else "restricted",
        "food.offering_review": review,
    }
    return [
        Fact(
            resident_id=resident_id,
            key=key,
            value=value,
            source=Source.CARER,
            status=Status.CONFIRMED,
            who="simulated staff",
            when=when,
        )
        for key, value in values.items()
    ]
