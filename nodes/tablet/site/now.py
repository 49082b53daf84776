"""Now: who carries the calls, which are open, which reminders are due."""

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from nodes.tablet.breach import ABOUT
from nodes.tablet.roles import may
from nodes.tablet.site import robots
from nodes.tablet.site.live import SLOWLY, stream
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()
_DUE = (timedelta(hours=1), timedelta(hours=4))


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
        "holder_here": bool(view.holder) and here(view.holder, at),
        "deputy_here": bool(view.deputy) and here(view.deputy, at),
        **(near := await robots.known(visit)),
        **await _robots(visit, near),
    }


async def _robots(visit: Visit, near: dict[str, Any]) -> dict[str, Any]:
    return {"robots": visit.site.home.robots(), "captions": await robots.captioned(visit, near)}


@routes.get("/now/live", "see_now", passive=True)
async def live(visit: Visit) -> Response:
    """The same part of the page, sent whenever it changes; ends when the device locks."""

    kept: dict[str, Any] = {}

    async def values(looks: int) -> dict[str, Any]:
        if looks % SLOWLY == 0:
            kept.update(await _values(visit))
        else:
            kept.update(calls=visit.site.home.calls(), **await _robots(visit, kept))
        await record_shown(
            visit, {call.resident_id for call in kept["calls"]}, {each.resident_id for each in kept["due"]}
        )
        return kept

    return stream(visit, "now_live", values)


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
