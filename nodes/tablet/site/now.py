"""Now: who carries the calls, which are open, which reminders are due."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from starlette.responses import Response, StreamingResponse

from nodes.tablet.breach import ABOUT
from nodes.tablet.roles import may
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()
_LOOK_EVERY_S = 0.5
_STILL_THERE_EVERY = 20
_DUE = (timedelta(hours=1), timedelta(hours=4))
_REMINDERS_EVERY = 10  # looks


@routes.get("/now", "see_now")
async def now(visit: Visit) -> Response:
    """The page."""
    values = await _values(visit)
    await record_shown(
        visit, {call.resident_id for call in values["calls"]}, {each.resident_id for each in values["due"]}
    )
    return visit.page("now", tab="now", **values)


async def record_shown(visit: Visit, calls: set[str], reminders: set[str]) -> None:
    """Whose calls and reminders a page of many residents shows: once for each resident and signed-in person."""
    for what, about in (("read calls", calls), ("read reminders", reminders)):
        new = sorted({each for each in about if each} - visit.session.shown.setdefault(what, set()))
        if new:
            await visit.record(what, [f"{ABOUT}{each}" for each in new])
            visit.session.shown[what] |= set(new)


async def _values(visit: Visit) -> dict[str, Any]:
    home, at = visit.site.home, visit.now
    view = home.view()
    before, after = _DUE
    due = [each for each in await home.occurrences(at - before, at + after) if each.open]
    here = visit.site.sessions.signed_in
    return {
        "calls": home.calls(),
        "due": sorted(due, key=lambda each: (each.due, each.id)),
        "names": await home.residents(),
        "holder_here": bool(view.holder) and here(view.holder, at),
        "deputy_here": bool(view.deputy) and here(view.deputy, at),
    }


@routes.get("/now/live", "see_now", passive=True)
async def live(visit: Visit) -> Response:
    """The same part of the page, sent whenever it changes; ends when the device locks."""

    async def updates() -> AsyncIterator[str]:
        site, last, quiet, looks = visit.site, "", 0, 0
        values = await _values(visit)
        while not site.stopping():
            if site.session(visit.request, used=False) is None:
                yield "event: locked\ndata: \n\n"
                return
            if looks % _REMINDERS_EVERY == 0:
                values = await _values(visit)
            values["calls"] = site.home.calls()
            await record_shown(
                visit, {call.resident_id for call in values["calls"]}, {each.resident_id for each in values["due"]}
            )
            made = site.render("now_live", visit=visit, view=site.home.view(), once=f"live{looks}", **values)
            kept = made.replace(f"live{looks}", "")
            if kept != last:
                last, quiet = kept, 0
                yield "".join(f"data: {line}\n" for line in made.splitlines()) + "\n"
            elif (quiet := quiet + 1) % _STILL_THERE_EVERY == 0:
                yield ": still there\n\n"
            looks += 1
            await asyncio.sleep(_LOOK_EVERY_S)

    return StreamingResponse(updates(), media_type="text/event-stream")


@routes.post("/calls/shown", "accept_call", passive=True)
async def shown(visit: Visit) -> Response:
    """This device has these calls on its screen."""
    open_ids = {call.id for call in visit.site.home.calls()}
    ids = [each for each in visit.form.get("ids", "").split("\n") if each in open_ids]
    visit.site.home.delivered(ids, visit.person.name)
    return Response(status_code=204)


@routes.get("/health", "see_health")
async def health(visit: Visit) -> Response:
    """How the home's system is."""
    return visit.page("health", tab="health", may_see_now=may(visit.person.role, "see_now"))
