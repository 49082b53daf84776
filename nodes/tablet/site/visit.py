"""What a page's handler is given, and how pages say where they are and what they need."""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from culture_profiles.errors import KithError
from nodes.tablet.audit import ABOUT, Entry
from nodes.tablet.languages import current, translated
from nodes.tablet.people import Person
from nodes.tablet.roles import roles
from nodes.tablet.sessions import Session
from nodes.tablet.site.forms import LARGEST_FORM
from nodes.tablet.site.site import Site

Seen = Mapping[str, Iterable[str]]
"""What a page of many residents shows, such as "read calls", and of whom."""


@dataclass
class Visit:
    """One request of somebody who is signed in and may do this. `form`: what was sent, each field once."""

    site: Site
    request: Request
    session: Session
    resident_id: str
    form: dict[str, str] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.session.person

    @property
    def now(self) -> datetime:
        """The home's time."""
        return self.site.home.now()

    @property
    def language(self) -> str:
        """In which this request is answered."""
        return current.get()

    @property
    def today(self) -> date:
        """The home's day."""
        return self.now.astimezone(self.site.zone).date()

    @property
    def allowed(self) -> frozenset[str]:
        """What this person may do about everybody."""
        return frozenset(action for action in roles() if self.person.may(action))

    def may(self, action: str) -> bool:
        """Whether this person may do something, about the resident of this page."""
        return self.person.may(action, self.resident_id)

    def require(self, action: str) -> None:
        """Errors: ForbiddenError where the person may not do it."""
        if not self.may(action):
            raise ForbiddenError

    async def record(self, what: str, keys: Iterable[str] = (), resident_id: str = "") -> None:
        """Write it into the audit log, before anything is shown or changed. Errors: KithError; then neither happens."""
        if self.session.practice is not None:
            return
        about, names = resident_id or self.resident_id, list(dict.fromkeys(keys))
        entry = Entry(self.now, self.person.id, str(self.person.role), what, about, tuple(names))
        self.site.recorder.put(entry)
        await self.site.on_file(lambda: self.site.recorder.write(entry))

    async def record_seen(self, seen: Seen) -> None:
        """Record what of many residents is about to be shown, once for each person. Errors: as of `record`."""
        for what, about in seen.items():
            new = sorted({each for each in about if each} - self.session.shown.setdefault(what, set()))
            if new:
                await self.record(what, [f"{ABOUT}{each}" for each in new])
                self.session.shown[what] |= set(new)

    async def check_may_begin(self, resident_id: str) -> None:
        """Errors: KithError where a new resident of this id may not be taken in yet (care rule 26)."""
        if self.session.practice is None:
            await self.site.on_file(lambda: self.site.go_live.check_may_begin(resident_id))

    def say(self, text: str, undo: tuple[str, int] | None = None, **values: str) -> None:
        """What the next page says first, in the reader's language, with `values` for its %(placeholders)s.

        `undo`: resident and sequence of the fact that the page offers to take back.
        """
        said = translated(text)
        self.session.said, self.session.undo = said % values if values else said, undo

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page made from a template."""
        said, self.session.said = self.session.said, ""
        undo, self.session.undo = self.session.undo, None
        return self.site.page(
            template,
            status,
            visit=self,
            said=said,
            undo=undo,
            once=secrets.token_urlsafe(9),
            view=self.site.home.view(),
            **values,
        )


class ForbiddenError(KithError):
    """This role may not do it."""


Handler = Callable[[Visit], Awaitable[Response | str]]
"""Gives a page, or after a change the path to go to."""


@dataclass(frozen=True)
class Route:
    """`action`: what of roles.yaml it needs. `passive`: asked by the page itself, so the lock does not wait anew.

    `largest`: how many bytes a form may have.
    """

    method: str
    path: str
    action: str
    handler: Handler
    passive: bool = False
    largest: int = LARGEST_FORM


class Routes(list[Route]):
    """The routes of one module."""

    def get(self, path: str, action: str, *, passive: bool = False) -> Callable[[Handler], Handler]:
        """A page."""
        return self._adder("GET", path, action, passive)

    def post(
        self, path: str, action: str, *, passive: bool = False, largest: int = LARGEST_FORM
    ) -> Callable[[Handler], Handler]:
        """A change."""
        return self._adder("POST", path, action, passive, largest)

    def _adder(
        self, method: str, path: str, action: str, passive: bool, largest: int = LARGEST_FORM
    ) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.append(Route(method, path, action, handler, passive, largest))
            return handler

        return add


def of_resident(resident_id: str, page: str = "") -> str:
    """The path of one of a resident's pages."""
    return f"/residents/{quote(resident_id, safe='')}{page}"
