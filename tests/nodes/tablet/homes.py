"""A home in memory for tests of the pages, with the real site, records, people and audit log on top."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from behaviours.routines.occurrence import Occurrence, State
from behaviours.routines.routine import Routine
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.profile import Profile
from culture_profiles.state_of_life import StateOfLife
from culture_profiles.store import ProfileStore
from nodes.tablet.api.app import WHERE, api_app
from nodes.tablet.audit import AuditLog
from nodes.tablet.golive import GoLive
from nodes.tablet.passkeys import Passkeys
from nodes.tablet.people import People, Person
from nodes.tablet.programs import Programs
from nodes.tablet.records import Records, records_path
from nodes.tablet.robots import Order, RobotView, Sighting
from nodes.tablet.roles import NAMED, Role, Scope
from nodes.tablet.sent import SentMessages
from nodes.tablet.site.app import site_app
from nodes.tablet.site.routes import ROUTES
from nodes.tablet.site.signing_in import open_pages
from nodes.tablet.site.site import Site
from nodes.tablet.view import Board, Call, View
from nodes.tablet.whereabouts import Whereabouts

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
PIN = "274915"
CODE = "1111-2222-3333"


class _OnOneThread:
    """A profile store whose every call happens on one thread, as in its own process."""

    def __init__(self, path: Path) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._store = self._thread.submit(ProfileStore, path).result()

    def __getattr__(self, name: str) -> Any:
        return lambda *given: self._thread.submit(getattr(self._store, name), *given).result()

    def end(self) -> None:
        self.close()
        self._thread.shutdown()


class MemoryHome:
    """Answers as the home's services would; the profiles in the real store."""

    def __init__(self, folder: Path) -> None:
        self.at = NOW
        self.store = _OnOneThread(folder / "profiles.db")
        self.board = Board()
        self.board.node("alerts", 0, "ready", 0.0)
        self.board.calls(True, "Anna Price", "", [])
        self.listed: list[Call] = []
        self.accepted: list[tuple[str, str, bool]] = []
        self.shift: list[tuple[str, str]] = []
        self.shown: list[tuple[str, str]] = []
        self.due: list[Occurrence] = []
        self.routines: list[Routine] = []
        self.closed: list[tuple[str, str]] = []
        self.robot = RobotView("")
        self.orders: list[tuple[str, Order, float, str]] = []
        self.stops: list[tuple[str, bool]] = []
        self.erased: list[str] = []
        self.introduced: list[tuple[str, str]] = []
        self.met: tuple[Sighting, ...] = ()
        self.whereabouts = Whereabouts(self.profile)

    def now(self) -> datetime:
        return self.at

    def view(self) -> View:
        return self.board.view(self.at, 0.0)

    def calls(self) -> tuple[Call, ...]:
        self.board.for_staff(self.listed)
        return self.board.staff_calls()

    def robots(self) -> tuple[RobotView, ...]:
        return (self.robot,)

    def sightings(self) -> tuple[Sighting, ...]:
        return self.met

    async def away(self) -> dict[str, StateOfLife]:
        residents = await self.residents()
        await self.whereabouts.read(residents, self.at.date())
        return self.whereabouts.away(residents)

    async def order(self, robot: str, order: Order, by: str, *, amount: float = 0.0, person_id: str = "") -> None:
        self.orders.append((robot, order, amount, person_id))

    async def introduce(self, robot: str, resident_id: str) -> None:
        self.introduced.append((robot, resident_id))

    async def stop(self, robot: str, *, stopped: bool) -> None:
        self.stops.append((robot, stopped))

    async def erase(self, resident_id: str, by: str) -> tuple[str, ...]:
        self.erased.append(resident_id)
        return ("backups",)

    def delivered(self, call_ids: Iterable[str], to: str) -> None:
        self.shown += [(each, to) for each in call_ids]

    async def residents(self) -> dict[str, str]:
        return {name: profile.value("name.full") or "" for name, profile in self.store.names().items()}

    async def profile(self, resident_id: str) -> Profile:
        self.store.require(resident_id)
        return self.store.snapshot(resident_id)

    async def history(self, resident_id: str, key: str = "") -> list[Fact]:
        self.store.require(resident_id)
        return self.store.history(resident_id, key or None)

    async def write(self, fact: Fact) -> Fact:
        self.whereabouts.changed(fact.resident_id)
        return self.store.set_fact(fact)

    async def accept(self, call_id: str, person: str, *, close: bool) -> None:
        self.accepted.append((call_id, person, close))

    async def set_shift(self, holder: str, deputy: str) -> None:
        self.shift.append((holder, deputy))

    async def occurrences(self, after: datetime, before: datetime, resident_id: str = "") -> list[Occurrence]:
        return [each for each in self.due if after <= each.due < before and resident_id in ("", each.resident_id)]

    async def add_routine(self, routine: Routine) -> str:
        self.routines.append(routine)
        return f"routine{len(self.routines)}"

    async def close_occurrence(self, occurrence_id: str, closed_by: str, note: str) -> None:
        if occurrence_id not in {each.id for each in self.due}:
            raise KithError("no such reminder")
        self.closed.append((occurrence_id, closed_by))


class TestHome:
    """A whole tablet over a home in memory. `device()` is a browser that keeps cookies."""

    __test__ = False

    def __init__(self, folder: Path, hosts: list[str] | None = None) -> None:
        self.folder = folder
        self.home = MemoryHome(folder)
        self.records = Records(records_path(folder))
        # The cheapest hash there is: these tests are not about its cost.
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        file = self.records.file
        people, audit, programs, self.sent = self.records.call(
            lambda: (People(file, hasher), AuditLog(file), Programs(file), SentMessages(file))
        )
        self.people, self.programs = people, programs
        self.site = Site(
            self.home,
            self.records,
            people=people,
            audit=audit,
            sent=self.sent,
            programs=programs,
            passkeys=self.records.call(lambda: Passkeys(self.records.file, people)),
            go_live=GoLive(self.records.file, folder),
            lock_after=timedelta(seconds=180),
            time_zone="Europe/London",
            heard=lambda: ("en_GB",),
            stopping=lambda: False,
            setup_code=CODE,
            hosts=hosts or ["kith.local"],
        )
        self.app = site_app(self.site, ROUTES, open_pages(self.site), {WHERE: api_app(self.site)})

    def close(self) -> None:
        self.records.close()
        self.home.store.end()

    def device(self) -> TestClient:
        return TestClient(self.app, base_url="https://kith.local", follow_redirects=False)

    def person(self, role: Role, name: str = "", about: str = "hanna", scope: Scope | None = Scope.BOTH) -> Person:
        ends = self.home.at + timedelta(hours=12) if role is Role.AGENCY_CARER else None
        resident = about if role in NAMED else ""
        return self.records.call(
            lambda: self.people.add(name or f"The {role.replace('_', ' ')}", role, PIN, resident, ends, scope)
        )

    def signed_in(self, role: Role, name: str = "", about: str = "hanna") -> "Device":
        person = self.person(role, name, about)
        client = self.device()
        answer = client.post("/sign-in", data={"name": person.name, "pin": PIN})
        assert answer.status_code == 303, answer.text
        return Device(self, client, person)

    def know(self, key: str, value: str, source: str = "carer", status: str = "stated", about: str = "hanna") -> Fact:
        return self.home.store.set_fact(
            make_fact(
                resident_id=about,
                key=key,
                value=value,
                source=Source(source),
                status=Status(status),
                who="p-0",
                when=self.home.at,
            )
        )

    def known(self, key: str, about: str = "hanna") -> tuple[str, ...]:
        return self.home.store.snapshot(about).values(key)


class Device:
    """A browser on which somebody is signed in."""

    def __init__(self, home: TestHome, client: TestClient, person: Person) -> None:
        self.home, self.client, self.person = home, client, person

    @property
    def form_token(self) -> str:
        token = self.client.cookies.get("__Host-kith") or ""
        session = self.home.site.sessions.find(token, self.home.home.at, used=False)
        return session.form_token if session else ""

    def get(self, path: str) -> "Answer":
        return Answer(self.client.get(path))

    def post(self, path: str, **fields: str) -> "Answer":
        return Answer(self.client.post(path, data={"form_token": self.form_token, **fields}))


class Answer:
    """What came back."""

    def __init__(self, answer: object) -> None:
        self.status: int = answer.status_code  # type: ignore[attr-defined]
        self.text: str = answer.text  # type: ignore[attr-defined]
        self.headers = answer.headers  # type: ignore[attr-defined]


def occurrence(name: str, state: State = State.WAITING, about: str = "hanna", hours: float = 1.0) -> Occurrence:
    due = NOW + timedelta(hours=hours)
    return Occurrence(name, "r", about, "activity", "the choir", due, due + timedelta(minutes=30), state)


def call(name: str, kind: str = "pain", level: str = "attend", text: str = "Her hip hurts.") -> Call:
    return Call(name, kind, level, "raised", "", NOW, 0, "hanna", text, "", "")
