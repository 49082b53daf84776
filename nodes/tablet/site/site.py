"""What all pages share: the home, the records, who is signed in, and how a page is made."""

import asyncio
import secrets
from collections.abc import Callable
from copy import copy
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from culture_profiles.consent import Purpose, consent
from nodes.tablet.audit import AuditLog, Recorder
from nodes.tablet.golive import GoLive
from nodes.tablet.home import Home
from nodes.tablet.languages import current, translations
from nodes.tablet.pairing import Pairing
from nodes.tablet.passkeys import Challenges, Passkeys
from nodes.tablet.people import People
from nodes.tablet.programs import Programs
from nodes.tablet.records import Records
from nodes.tablet.roles import Role
from nodes.tablet.sent import SentMessages
from nodes.tablet.sessions import Session, Sessions
from nodes.tablet.site.wording import Words

HERE = Path(__file__).parents[1]
COOKIE = "__Host-kith"
DEVICE = "__Host-kith-device"
_DEVICE_S = 180 * 24 * 3600
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
        self.recorder = Recorder(audit)
        self.feeds: dict[Any, Any] = {}
        """Live parts of pages that devices show at this moment, shared by those who see the same: of site/live.py."""
        self._records = records
        self.hosts = hosts
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


def new_setup_code() -> str:
    """A code that only somebody at the home's machine can read."""
    return "-".join(f"{secrets.randbelow(10_000):04d}" for _ in range(3))
