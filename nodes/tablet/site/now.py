"""Now: who carries the calls, which are open, which reminders are due."""

from collections.abc import Container
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from nodes.tablet.robots import Sighting
from nodes.tablet.site import robots
from nodes.tablet.site.live import Part, stream
from nodes.tablet.site.visit import Routes, Seen, Visit

routes = Routes()
_DUE = (timedelta(hours=1), timedelta(hours=4))


@routes.get("/now", "see_now")
async def now(visit: Visit) -> Response:
    """The page."""
    values, seen = await _PART.now(visit)
    await visit.record_seen(seen)
    return visit.page("now", tab="now", **values)


async def _ask(visit: Visit) -> dict[str, Any]:
    home, at = visit.site.home, visit.now
    before, after = _DUE
    due = [each for each in await home.occurrences(at - before, at + after) if each.open]
    return {"due": sorted(due, key=lambda each: (each.due, each.id)), **await robots.known(visit)}


def _look(visit: Visit, told: dict[str, Any]) -> tuple[dict[str, Any], Seen]:
    home, at = visit.site.home, visit.now
    view, here = home.view(), visit.site.sessions.signed_in
    values = {
        **told,
        "calls": home.calls(),
        "holder_here": bool(view.holder) and here(view.holder, at),
        "deputy_here": bool(view.deputy) and here(view.deputy, at),
        **robots.standing(visit, told),
        "met": _met(visit, told["away"]),
    }
    return values, {
        "read calls": {call.resident_id for call in values["calls"]},
        "read reminders": {each.resident_id for each in told["due"]},
        "read states": told["away"],
        **robots.seen(values),
    }


def _met(visit: Visit, away: Container[str]) -> list[Sighting]:
    """Whom a robot met before, and is not with now; who is away was met before leaving."""
    home = visit.site.home
    if not visit.may("see_residents"):
        return []
    beside = {each for robot in home.robots() if robot.alive for each in robot.beside}
    return [each for each in home.sightings() if each.resident_id not in beside and each.resident_id not in away]


_PART = Part("now_live", _ask, _look)


@routes.get("/now/live", "see_now", passive=True)
async def live(visit: Visit) -> Response:
    """The same part of the page, sent whenever it changes; ends when the device locks."""
    return stream(visit, _PART)


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
    return visit.page("health", tab="health", may_see_now=visit.person.may("see_now"))
