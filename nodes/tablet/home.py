"""What the pages ask of the home, in plain types. The node answers through the home's services; tests with a fake."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from behaviours.routines.occurrence import Occurrence
from behaviours.routines.routine import Routine
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from culture_profiles.state_of_life import StateOfLife
from nodes.tablet.robots import Order, RobotView, Sighting
from nodes.tablet.view import Call, View


class Home(Protocol):
    """Every method that waits raises KithError, one line, when it is refused or nobody answers."""

    def now(self) -> datetime:
        """The home's time."""

    def view(self) -> View:
        """How its system is, and who carries the calls."""

    def calls(self) -> tuple[Call, ...]:
        """The open calls, the most urgent first."""

    def robots(self) -> tuple[RobotView, ...]:
        """Every robot, as it is now."""

    def sightings(self) -> tuple[Sighting, ...]:
        """Whom the robots met of late, and where."""

    async def away(self) -> dict[str, StateOfLife]:
        """Who is out, in hospital or in isolation, as staff said, as far as it has been read so far."""

    def delivered(self, call_ids: Iterable[str], to: str) -> None:
        """A signed-in device of the person named `to` shows these calls."""

    async def residents(self) -> dict[str, str]:
        """Each resident's name by id."""

    async def profile(self, resident_id: str) -> Profile:
        """What is known now."""

    async def history(self, resident_id: str, key: str = "") -> list[Fact]:
        """Every fact ever kept, oldest first."""

    async def write(self, fact: Fact) -> Fact:
        """Keep a fact; returns it as stored."""

    async def accept(self, call_id: str, person: str, *, close: bool) -> None:
        """A named person is coming, or says that it is done."""

    async def set_shift(self, holder: str, deputy: str) -> None:
        """Who carries the calls from now on."""

    async def occurrences(self, after: datetime, before: datetime, resident_id: str = "") -> list[Occurrence]:
        """What is due in that time."""

    async def add_routine(self, routine: Routine) -> str:
        """Keep a reminder; returns its id."""

    async def close_occurrence(self, occurrence_id: str, closed_by: str, note: str) -> None:
        """A named person closes a reminder."""

    async def order(self, robot: str, order: Order, by: str, *, amount: float = 0.0, person_id: str = "") -> None:
        """Ask a robot for something; `amount` as kith_msgs/Order says. `by`: id of who asks."""

    async def introduce(self, robot: str, resident_id: str) -> None:
        """Staff say who is with a robot, for a quarter of an hour; empty: nobody any more."""

    async def stop(self, robot: str, *, stopped: bool) -> None:
        """Hold a robot where it stands, or let it move again."""

    async def erase(self, resident_id: str, by: str) -> tuple[str, ...]:
        """Erase everything about a resident; returns who still holds a copy. Errors: KithError under a legal hold."""
