"""Practice: two residents who do not exist, and a home in memory in which carers learn without harm.

What is done in practice mode reaches no robot, no store and no audit log, and is gone when it ends.
"""

# ruff: noqa: ARG002 - it answers as the real home, and needs less
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from behaviours.routines.occurrence import Occurrence, State
from behaviours.routines.routine import Routine
from culture_profiles import precedence
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.importing import canonical
from culture_profiles.profile import Profile
from culture_profiles.state_of_life import Life, StateOfLife
from nodes.tablet.home import Home
from nodes.tablet.robots import Order, RobotView, Sighting
from nodes.tablet.view import Call, View
from nodes.tablet.whereabouts import AWAY

FILE = Path(__file__).with_name("practice.yaml")
ACTIONS = frozenset(
    {
        *("see_now", "see_calls", "accept_call", "hand_over"),
        *("see_residents", "see_card", "see_safety", "add_resident", "set_state", "confirm_died"),
        *("see_profile", "see_sensitive", "edit_profile", "edit_staff_keys", "see_consent", "record_consent"),
        *("see_reminders", "add_reminder", "close_reminder", "practise"),
    }
)
"""What can be practised. Everything else would be real."""
_REFUSED = "This cannot be practised: leave practice mode first."


@cache
def _people() -> list[tuple[str, dict[str, str | list[str]]]]:
    return [(each["id"], each["facts"]) for each in yaml.safe_load(FILE.read_text(encoding="utf-8"))]


def practice_facts(who: str, when: datetime) -> Iterator[Fact]:
    """What is known of the two, as staff's word; each one's name comes first."""
    for resident_id, facts in _people():
        for key, values in facts.items():
            for value in values if isinstance(values, list) else [values]:
                yield canonical(
                    make_fact(
                        resident_id=resident_id,
                        key=key,
                        value=value,
                        source=Source.CARER,
                        status=Status.STATED,
                        who=who,
                        when=when,
                    )
                )


class PracticeHome:
    """A home in memory. Takes clock and health from the real one."""

    def __init__(self, real: Home) -> None:
        self._real = real
        self._facts = [
            fact.model_copy(update={"sequence": place})
            for place, fact in enumerate(practice_facts("practice", real.now()), 1)
        ]
        now = real.now()
        self._calls = [
            Call("practice-1", "pain", "attend", "raised", "", now, 0, "practice-rosa", "Her hip hurts.", "", "")
        ]
        self._due = [
            _occurrence("practice-1", "practice-tomasz", "the choir", now + timedelta(hours=1)),
            _occurrence("practice-2", "practice-rosa", "your visit", now + timedelta(hours=2)),
        ]
        self._holder = self._deputy = ""

    def now(self) -> datetime:
        """The real time."""
        return self._real.now()

    def view(self) -> View:
        """The real health; who carries the calls is practised."""
        return replace(
            self._real.view(), alerts=(), covered=bool(self._holder), holder=self._holder, deputy=self._deputy
        )

    def calls(self) -> tuple[Call, ...]:
        """The open ones."""
        return tuple(self._calls)

    def real_calls(self) -> int:
        """How many wait in the real home meanwhile."""
        return len(self._real.calls())

    def robots(self) -> tuple[RobotView, ...]:
        """None: a robot is never practised with."""
        return ()

    def sightings(self) -> tuple[Sighting, ...]:
        """None, without a robot."""
        return ()

    async def away(self) -> dict[str, StateOfLife]:
        """As it is practised."""
        states = {each: Life.of(self._profile(each), self._real.now().date()).state for each in await self.residents()}
        return {each: state for each, state in states.items() if state in AWAY}

    def delivered(self, call_ids: Iterable[str], to: str) -> None:
        """Nobody waits for it."""

    async def residents(self) -> dict[str, str]:
        """The two, and whom somebody began."""
        return {
            each: self._profile(each).value("name.full") or "" for each in {fact.resident_id for fact in self._facts}
        }

    async def profile(self, resident_id: str) -> Profile:
        """What is known now."""
        return self._profile(resident_id)

    def _profile(self, resident_id: str) -> Profile:
        facts = [fact for fact in self._facts if fact.resident_id == resident_id]
        if not facts:
            raise KithError("There is no such practice resident.")
        return Profile(resident_id, facts=facts)

    async def history(self, resident_id: str, key: str = "") -> list[Fact]:
        """Every fact, oldest first."""
        self._profile(resident_id)
        return [fact for fact in self._facts if fact.resident_id == resident_id and key in ("", fact.key)]

    async def write(self, fact: Fact) -> Fact:
        """Keep a fact, by the rules of the real store."""
        fact = canonical(fact)
        if not precedence.allowed(fact):
            raise KithError("This source may not write that.")
        stored = fact.model_copy(update={"sequence": len(self._facts) + 1})
        self._facts.append(stored)
        return stored

    async def accept(self, call_id: str, person: str, *, close: bool) -> None:
        """As the real one."""
        self._calls = [
            replace(call, state="accepted", accepted_by=person) if call.id == call_id else call
            for call in self._calls
            if not (close and call.id == call_id)
        ]

    async def set_shift(self, holder: str, deputy: str) -> None:
        """As the real one."""
        self._holder, self._deputy = holder, deputy

    async def occurrences(self, after: datetime, before: datetime, resident_id: str = "") -> list[Occurrence]:
        """What is due in that time."""
        return [each for each in self._due if after <= each.due < before and resident_id in ("", each.resident_id)]

    async def add_routine(self, routine: Routine) -> str:
        """Its first time alone."""
        name = f"practice-{len(self._due) + 1}"
        self._profile(routine.resident_id)
        self._due.append(_occurrence(name, routine.resident_id, routine.title, routine.start, routine.kind))
        return name

    async def close_occurrence(self, occurrence_id: str, closed_by: str, note: str) -> None:
        """As the real one."""
        if all(each.id != occurrence_id for each in self._due):
            raise KithError("There is no such reminder.")
        self._due = [replace(each, state=State.CLOSED) if each.id == occurrence_id else each for each in self._due]

    async def order(self, robot: str, order: Order, by: str, *, amount: float = 0.0, person_id: str = "") -> None:
        """Refused."""
        raise KithError(_REFUSED)

    async def introduce(self, robot: str, resident_id: str) -> None:
        """Refused."""
        raise KithError(_REFUSED)

    async def stop(self, robot: str, *, stopped: bool) -> None:
        """Refused."""
        raise KithError(_REFUSED)

    async def erase(self, resident_id: str, by: str) -> tuple[str, ...]:
        """Refused."""
        raise KithError(_REFUSED)


def _occurrence(name: str, about: str, title: str, due: datetime, kind: str = "activity") -> Occurrence:
    return Occurrence(name, "practice", about, kind, title, due, due + timedelta(minutes=30), State.WAITING)
