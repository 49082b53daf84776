"""A part of a page that is sent again whenever it changes, as server-sent events; ends when the device locks.

Made once for everybody of one role and language, however many devices show it; what belongs to one device alone (its
form token) is put in when it is sent.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.responses import Response, StreamingResponse

from culture_profiles.errors import KithError
from nodes.tablet.people import Person
from nodes.tablet.site.visit import Seen, Visit

_LOOK_EVERY_S = 0.5
_STILL_THERE_EVERY = 20
_SLOWLY = 10
"""Looks between two askings of the home's services."""


@dataclass(frozen=True)
class Part:
    """`template` shows what `look` finds now, beside what `ask` was told by the home's services.

    `look` takes what was told last, and gives values and of whom they show something; it never waits, so that a call
    is on the screen whatever else is slow.
    """

    template: str
    ask: Callable[[Visit], Coroutine[Any, Any, dict[str, Any]]]
    look: Callable[[Visit, dict[str, Any]], tuple[dict[str, Any], Seen]]

    async def now(self, visit: Visit) -> tuple[dict[str, Any], Seen]:
        """For a whole page. Errors: KithError."""
        return self.look(visit, await self.ask(visit))


@dataclass
class _Feed:
    """One part as one role reads it in one language. Runs while a device shows it."""

    part: Part
    visit: Visit
    task: "asyncio.Task[None] | None" = None
    devices: int = 0
    text: str = ""
    seen: Seen = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    token: str = field(default_factory=lambda: f"token-{secrets.token_hex(16)}")
    once: str = field(default_factory=lambda: f"once-{secrets.token_hex(16)}")

    @property
    def running(self) -> bool:
        """Whether it still looks; one to which no service ever answered has ended."""
        return self.task is not None and not self.task.done()

    async def run(self) -> None:
        """Look again and again; make the text anew where something is different, or a minute may have passed."""
        site, looks, before = self.visit.site, 0, None
        session = replace(self.visit.session, person=_reader(self.visit), token="", form_token=self.token, shown={})
        visit = replace(self.visit, session=session, form={})
        asking: asyncio.Task[dict[str, Any]] | None = None
        try:
            told = await self.part.ask(visit)
            while not site.stopping():
                if asking is not None and asking.done():
                    # What was told last stays; those who ask a page anew learn that a service is silent.
                    told = told if asking.exception() is not None else asking.result()
                    asking = None
                if asking is None and looks and looks % _SLOWLY == 0:
                    asking = asyncio.create_task(self.part.ask(visit))
                values, seen = self.part.look(visit, told)
                view = site.home.view()
                now = (values, view.covered, view.holder, view.deputy)
                if looks % _SLOWLY == 0 or now != before:
                    text = site.render(self.part.template, visit=visit, view=view, once=self.once, **values)
                    if text != self.text:
                        self.text, self.seen = text, seen
                        self.news.set()
                        self.news = asyncio.Event()
                before = now
                looks += 1
                await asyncio.sleep(_LOOK_EVERY_S)
        except KithError:
            pass  # each device says that it lost the connection, and asks again
        finally:
            if asking is not None:
                asking.cancel()
            self.news.set()


def _reader(visit: Visit) -> Person:
    """Nobody in particular: what is shared names no reader."""
    return replace(visit.person, id="", name="")


def stream(visit: Visit, part: Part) -> Response:
    """The part for one device, now and whenever it changes."""
    feeds, person = visit.site.feeds, visit.person
    key = (part.template, visit.site.home, person.role, person.resident_id, person.scope, visit.language)

    async def updates() -> AsyncIterator[str]:
        feed = feeds.get(key)
        if feed is None or not feed.running:
            feed = feeds[key] = _Feed(part, visit)
            feed.task = asyncio.create_task(feed.run())
        feed.devices += 1
        try:
            async for event in _events(visit, feed):
                yield event
        finally:
            feed.devices -= 1
            if not feed.devices:
                if feed.task is not None:
                    feed.task.cancel()
                if feeds.get(key) is feed:
                    del feeds[key]

    return StreamingResponse(updates(), media_type="text/event-stream")


async def _events(visit: Visit, feed: _Feed) -> AsyncIterator[str]:
    site, sent, quiet = visit.site, "", 0
    while not site.stopping():
        if site.session(visit.request, used=False) is None:
            yield "event: locked\ndata: \n\n"
            return
        news = feed.news
        if feed.text != sent:
            sent, seen, quiet = feed.text, feed.seen, 0
            try:
                await visit.record_seen(seen)
            except KithError:
                return
            own = sent.replace(feed.token, visit.session.form_token).replace(feed.once, secrets.token_urlsafe(9))
            yield "".join(f"data: {line}\n" for line in own.splitlines()) + "\n"
        elif not feed.running:
            return
        elif (quiet := quiet + 1) % _STILL_THERE_EVERY == 0:
            yield ": still there\n\n"
        try:
            await asyncio.wait_for(news.wait(), _LOOK_EVERY_S)
        except TimeoutError:
            continue
