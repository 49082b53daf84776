"""The home's residents as their node and the command line serve them: who exists, who is new, what a write changed."""

from dataclasses import dataclass
from pathlib import Path

from culture_profiles.fact import Fact, Source, Status
from culture_profiles.profile import Profile
from culture_profiles.store import ProfileStore

_NAMES = ("name.full", "name.preferred")
_MAY_NAME = (Source.CARER, Source.RESIDENT)


def store_path(home: Path) -> Path:
    """Where a home keeps its profiles."""
    return home / "profiles" / "profiles.db"


@dataclass(frozen=True)
class Change:
    """A stored fact and the sequence of the change before it for the same resident (0: none)."""

    fact: Fact
    previous_sequence: int


def begins(fact: Fact) -> bool:
    """Whether the fact can be the first of a new resident."""
    return fact.key in _NAMES and fact.source in _MAY_NAME and fact.status is not Status.RETRACTED


def display_name(profile: Profile) -> str:
    """How staff know the resident: the preferred name, else the full one, else nothing. Never for logs."""
    return profile.value("name.preferred") or profile.value("name.full") or ""


class Register:
    """All residents of one home, over its store."""

    def __init__(self, store: ProfileStore) -> None:
        self.store = store

    def write(self, fact: Fact) -> Change:
        """Store a fact. A resident comes into being with a name.

        Errors: KithError as of `ProfileStore.set_fact`, and for an unknown resident.
        """
        if not begins(fact):
            self.store.require(fact.resident_id)
        previous = self.store.snapshot(fact.resident_id).sequence
        return Change(self.store.set_fact(fact), previous)

    def snapshot(self, resident_id: str) -> Profile:
        """What is known of a resident. Errors: KithError for an unknown one."""
        self.store.require(resident_id)
        return self.store.snapshot(resident_id)

    def history(self, resident_id: str, key: str = "") -> list[Fact]:
        """Every fact ever kept, oldest first, of one key or all. Errors: KithError for an unknown resident."""
        self.store.require(resident_id)
        return self.store.history(resident_id, key or None)

    def names(self) -> dict[str, str]:
        """Each resident's id and display name, by id."""
        return {resident: display_name(self.store.snapshot(resident)) for resident in self.store.residents()}
