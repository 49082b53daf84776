"""The home's residents as their node and the command line serve them: who exists, who is new, what a write changed."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from behaviours import day_summary
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.profile import Profile
from culture_profiles.store import NO_SUCH_RESIDENT, Change, ProfileStore, Receipt
from nodes.base import go_live

REMINDERS, ALERTS = "reminders", "alerts"
"""Who keeps records of their own about residents, in files of their own."""
_RETENTION = "retention"
_NAMES = ("name.full", "name.preferred")
_MAY_NAME = (Source.CARER, Source.RESIDENT)


def store_path(home: Path) -> Path:
    """Where a home keeps its profiles."""
    return home / "profiles" / "profiles.db"


def begins(fact: Fact) -> bool:
    """Whether the fact can be the first of a new resident."""
    return fact.key in _NAMES and fact.source in _MAY_NAME and fact.status is not Status.RETRACTED


def display_name(profile: Profile) -> str:
    """How staff know the resident: the preferred name, else the full one, else nothing. Never for logs."""
    return profile.value("name.preferred") or profile.value("name.full") or ""


class Register:
    """All residents of one home, over its store. Nobody real begins while the home waits for its go-live list."""

    def __init__(self, store: ProfileStore, home: Path) -> None:
        self.store, self._home = store, home
        self._names: dict[str, str] | None = None

    def write(self, fact: Fact) -> Change:
        """Store a fact. A resident comes into being with a name.

        Errors: KithError as of `ProfileStore.set_fact`, and for an unknown resident.
        """
        (outcome,) = self.write_all([fact])
        if isinstance(outcome, KithError):
            raise outcome
        return outcome

    def write_all(self, facts: Sequence[Fact]) -> list[Change | KithError]:
        """Store many facts with one write to the disk: what became of each, in order.

        Errors: KithError when nothing could be written.
        """
        begun = {fact.resident_id for fact in facts if begins(fact)}
        waiting = {each for each in begun if not self.store.knows(each) and not go_live.may_begin(self._home, each)}
        begun -= waiting
        known = [fact.resident_id in begun or self.store.knows(fact.resident_id) for fact in facts]
        stored = iter(self.store.set_facts([fact for fact, is_known in zip(facts, known, strict=True) if is_known]))
        if any(fact.key in _NAMES for fact in facts):
            self._names = None
        return [
            next(stored)
            if is_known
            else KithError(go_live.WAITING if fact.resident_id in waiting else NO_SUCH_RESIDENT)
            for fact, is_known in zip(facts, known, strict=True)
        ]

    def snapshot(self, resident_id: str) -> Profile:
        """What is known of a resident. Errors: KithError for an unknown one."""
        self.store.require(resident_id)
        return self.store.snapshot(resident_id)

    def history(self, resident_id: str, key: str = "") -> list[Fact]:
        """Every fact ever kept, oldest first, of one key or all. Errors: KithError for an unknown resident."""
        self.store.require(resident_id)
        return self.store.history(resident_id, key or None)

    def erase(self, resident_id: str, key: str, by: str, when: datetime) -> Receipt:
        """Erase a resident, or one key of theirs. Errors: KithError as of `ProfileStore.erase`."""
        self._names = None
        return self.store.erase(resident_id, by, when, key, keep_records=(REMINDERS, ALERTS))

    def forget_days(self, when: datetime) -> list[Receipt]:
        """Erase summaries of days that are over a week old or not agreed to any more; a legal hold spares them."""
        receipts = []
        for resident_id in self.names():
            for key in day_summary.to_erase(self.store.snapshot(resident_id), when.date()):
                with suppress(KithError):
                    receipts.append(self.store.erase(resident_id, _RETENTION, when, key))
        return receipts

    def names(self) -> dict[str, str]:
        """Each resident's id and display name, by id."""
        if self._names is None:
            self._names = {resident: display_name(profile) for resident, profile in self.store.names().items()}
        return dict(self._names)
