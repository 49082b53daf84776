"""The signed-in application: who gets in, who may do what, and what every answer forbids."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from copy import copy
from datetime import timedelta
from functools import partial
from pathlib import Path, PurePath
from typing import Any, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from culture_profiles.consent import Purpose, consent
from culture_profiles.errors import KithError
from nodes.tablet.audit import AuditLog
from nodes.tablet.golive import GoLive
from nodes.tablet.guard import Guarded
from nodes.tablet.home import Home
from nodes.tablet.languages import current, translations
from nodes.tablet.pairing import Pairing
from nodes.tablet.passkeys import Challenges, Passkeys
from nodes.tablet.people import People
from nodes.tablet.practice import ACTIONS as PRACTISED
from nodes.tablet.programs import Programs
from nodes.tablet.records import Records
from nodes.tablet.roles import Role, may
from nodes.tablet.sent import SentMessages
from nodes.tablet.sessions import Session, Sessions
from nodes.tablet.site.visit import LARGEST_FORM, ForbiddenError, Route, Visit
from nodes.tablet.site.wording import InItsLanguage, Words

HERE = Path(__file__).parents[1]
COOKIE = "__Host-kith"
DEVICE = "__Host-kith-device"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_KEPT = frozenset({"see_now", "see_residents", "see_card", "see_reminders"})
_DEVICE_S = 180 * 24 * 3600
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
Answer = TypeVar("Answer")


class Site:
    """Everything that the pages share. Lives on the web server's thread; the file has its own."""

    def __init__(
        self,
        home: Home,
        records: Records,
        *,
        people: People,
        audit: AuditLog,
        sent: SentMessages,
        programs: Programs,
        passkeys: Passkeys,
        go_live: GoLive,
        lock_after: timedelta,
        time_zone: str,
        heard: Callable[[], tuple[str, ...]],
        stopping: Callable[[], bool],
        setup_code: str,
        hosts: list[str],
    ) -> None:
        self.home, self.people, self.audit, self.sent, self.programs = home, people, audit, sent, programs
        self.passkeys, self.challenges, self.go_live = passkeys, Challenges(), go_live
        self.sessions = Sessions(lock_after)
        self.zone = ZoneInfo(time_zone)
        self.time_zone, self.heard, self.stopping, self.setup_code = time_zone, heard, stopping, setup_code
        self.setup_tries = 0
        self.pairing: Pairing | None = None
        """How another device comes to trust these pages; known once they are served."""
        self._records = records
        self._hosts = hosts
        self._templates: dict[str, Environment] = {}

    def beside(self, home: Home) -> "Site":
        """The same pages, people and sessions over another home."""
        made = copy(self)
        made.home = home
        return made

    async def on_file(self, act: Callable[[], Answer]) -> Answer:
        """Do something with the records, on their thread."""
        return await asyncio.get_running_loop().run_in_executor(self._records.thread, act)

    def _environment(self, language: str) -> Environment:
        made = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
        words = Words(language, self.zone)
        made.filters.update(
            path=partial(quote, safe=""),
            **words.filters,
        )
        made.globals.update(ago=words.ago, lang=language)
        return made

    def render(self, template: str, **values: Any) -> str:
        """A template's text."""
        return self._in_language().get_template(f"site/{template}.html").render(**values)

    def _in_language(self) -> Environment:
        language = current.get()
        if language not in self._templates:
            self._templates[language] = self._environment(language)
        return self._templates[language]

    def whole(self, template: str, **values: Any) -> HTMLResponse:
        """A page that is not in the frame of the site."""
        return HTMLResponse(self._in_language().get_template(template).render(**values))

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A whole page."""
        return HTMLResponse(self.render(template, **values), status)

    # Getting in -----------------------------------------------------------------------------------------------------
    def session(self, request: Request, *, used: bool) -> Session | None:
        """Who is signed in on the device that asks."""
        return self.sessions.find(request.cookies.get(COOKIE, ""), self.home.now(), used=used)

    def begin(self, response: Response, session: Session, device: str) -> None:
        """Give the device its cookies: out of reach of scripts, of other sites and of plain connections."""
        for name, value, age in ((COOKIE, session.token, None), (DEVICE, device, _DEVICE_S)):
            response.set_cookie(name, value, max_age=age, secure=True, httponly=True, samesite="strict", path="/")

    def forbidden(self, session: Session | None, text: str = "") -> HTMLResponse:
        """A refusal that says who is signed in and what to do."""
        return self.page("refused", 403, session=session, text=text)

    async def family_may(self, session: Session, resident_id: str) -> bool:
        """Family see a resident's page only with the resident's consent to sharing (care rule 10)."""
        if session.person.role is not Role.FAMILY:
            return True
        today = self.home.now().astimezone(self.zone).date()
        return consent(await self.home.profile(resident_id), Purpose.SHARING, today).allowed

    # Routes ---------------------------------------------------------------------------------------------------------
    def endpoint(self, route: Route) -> Callable[[Request], Any]:
        """What the web framework calls for a route."""

        async def answer(request: Request) -> Response:
            form: dict[str, str] = {}
            session = self.session(request, used=not route.passive)
            if session is not None and session.person.language:
                current.set(session.person.language)
            if session is None:
                if route.method == "GET" and not route.passive:
                    return RedirectResponse(f"/sign-in?to={quote(request.url.path)}", 303)
                return self.page(
                    "refused", 401, session=None, text="You were signed out: nothing was saved. Sign in, then go back."
                )
            if route.method == "POST":
                refused = from_elsewhere(request)
                form = {} if refused else await read_form(request, route.largest)
                if refused or not session.fits(form.get("form_token", "")):
                    return self.forbidden(session, "This form is not from here: open the page again.")
            resident_id = request.path_params.get("resident_id", "")
            person = session.person
            if not may(person.role, route.action, person.resident_id, resident_id):
                return self.forbidden(session)
            site = session.practice or self
            visit = Visit(site, request, session, resident_id, form)
            once = form.get("once", "")
            if once and once in session.done:
                return RedirectResponse(session.done[once], 303)
            try:
                if session.practice is not None and route.action not in PRACTISED:
                    raise KithError("This cannot be practised: leave practice mode first.")
                if resident_id and not await site.family_may(session, resident_id):
                    return self.forbidden(session, "The resident has not agreed that family see this.")
                made = await route.handler(visit)
            except ForbiddenError:
                return self.forbidden(session)
            except KithError as problem:
                return self.page("refused", 409, session=session, text=str(problem))
            if isinstance(made, str):
                session.remember(once, made)
                return RedirectResponse(made, 303)
            if route.action in _KEPT and route.method == "GET" and made.status_code == 200:
                # The service worker keeps it for when the network is away, no longer than the device stays open.
                made.headers["kith-keep"] = str(int(self.sessions.lock_after.total_seconds()))
            return made

        return answer

    def app(
        self,
        routes: list[Route],
        open_pages: Mapping[tuple[str, str], Callable[[Request], Any]],
        beside: Mapping[str, ASGIApp] | None = None,
    ) -> FastAPI:
        """The application. `open_pages`: what needs nobody signed in; `beside`: other applications by path."""
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=self._hosts)
        app.add_middleware(InItsLanguage)
        app.add_middleware(Guarded, policy=_POLICY, by_tls=True)
        app.mount("/static", StaticFiles(directory=HERE / "static"))
        for (method, path), handler in open_pages.items():
            app.add_route(path, handler, methods=[method])
        for route in routes:
            app.add_route(route.path, self.endpoint(route), methods=[route.method])
        for path, other in (beside or {}).items():
            app.mount(path, other)
        return app


def from_elsewhere(request: Request) -> bool:
    """Whether a form was sent by another site: browsers say so, and a page of ours says nothing else."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return True
    origin = request.headers.get("origin", "")
    return bool(origin) and origin != f"{request.url.scheme}://{request.headers.get('host', '')}"


async def read_form(request: Request, largest: int = LARGEST_FORM) -> dict[str, str]:
    """The fields of a form, each once, as text. What is too large or no form is empty.

    A file is its text under its field's name, with what is not UTF-8 replaced, and its name under `<field>.name`.
    """
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > largest:
        return {}
    if request.headers.get("content-type", "").split(";")[0] not in _FORMS:
        return {}
    found: dict[str, str] = {}
    async with request.form(max_files=1, max_fields=200) as form:
        for name, value in form.items():
            if isinstance(value, str):
                found[name] = value
            elif value.filename:
                found[f"{name}.name"] = PurePath(value.filename).name
                found[name] = (await value.read()).decode("utf-8", "replace")
    return found


def new_setup_code() -> str:
    """A code that only somebody at the home's machine can read."""
    return "-".join(f"{secrets.randbelow(10_000):04d}" for _ in range(3))
