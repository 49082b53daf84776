"""What a file says of one resident, checked against the vocabulary."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from culture_profiles import precedence
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.importing import canonical
from culture_profiles.keys import KeySpec, spec


@dataclass(frozen=True)
class Item:
    """One thing said: `where` names file, line and field."""

    key: str
    value: str
    where: str


@dataclass
class Arrival:
    """One resident of a file. `passed_over`: what the file holds that is not taken over, in words."""

    where: str
    items: list[Item] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    def values(self, key: str) -> tuple[str, ...]:
        """What is said under a key."""
        return tuple(item.value for item in self.items if item.key == key)


def checked_spec(key: str, where: str) -> KeySpec:
    """The key's specification. Errors: KithError for one that is unknown or never taken from a file."""
    try:
        known = spec(key)
    except KithError as problem:
        raise KithError(f"{where}: {problem}") from None
    if known.consent or key.startswith("consent.") or key in ("state_of_life", "care_in_progress"):
        raise KithError(f"{where}: {key} is recorded on the tablet by who vouches for it, never taken from a file")
    return known


def facts_of(arrival: Arrival, resident_id: str, who: str, when: datetime) -> list[Fact]:
    """The facts, names first, as staff's word. Errors: KithError that names file, line and field."""
    facts = []
    for item in arrival.items:
        checked_spec(item.key, item.where)
        try:
            fact = canonical(
                make_fact(
                    resident_id=resident_id,
                    key=item.key,
                    value=item.value,
                    source=Source.CARER,
                    status=Status.STATED,
                    who=who,
                    when=when,
                )
            )
        except KithError as problem:
            said = str(problem).removeprefix(f"{item.key}: ")
            raise KithError(f"{item.where}: {said}") from None
        if not precedence.allowed(fact):
            raise KithError(f"{item.where}: {item.key} is not staff's to say")
        facts.append(fact)
    if not any(fact.key == "name.full" for fact in facts):
        raise KithError(f"{arrival.where}: name.full is missing: a profile begins with a name")
    return sorted(facts, key=lambda fact: not fact.key.startswith("name."))


def refuse_doubles(arrivals: Sequence[Arrival], there: Sequence[str]) -> None:
    """Errors: KithError for a name that lives here already, or comes twice: somebody must look."""
    known = {name.casefold() for name in there}
    for arrival in arrivals:
        for name in arrival.values("name.full"):
            if name.casefold() in known:
                raise KithError(f"{arrival.where}: name.full: somebody of that name is there already")
            known.add(name.casefold())
