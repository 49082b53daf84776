"""Robots: battery, where, with whom; stop, quiet, loudness, come, hear and see nothing."""

from typing import Any

from starlette.responses import Response

from culture_profiles.consent import Purpose, consent
from nodes.tablet.acts.robots import LOUDNESS, order_robot, stop_robot
from nodes.tablet.robots import RobotView
from nodes.tablet.site.live import Part, stream
from nodes.tablet.site.visit import Routes, Seen, Visit
from nodes.tablet.site.wording import N_

routes = Routes()
_JOURNEYS = (N_("on its way"), N_("arrived"), N_("did not set out"), N_("not arrived"))
"""What a robot's mind says of a journey that it was sent on; why it did not arrive stays English."""


async def known(visit: Visit) -> dict[str, Any]:
    """What the home says of those near a robot: their rooms, and whether what is said to them may be shown."""
    home = visit.site.home
    rooms: dict[str, str] = {}
    shows: set[str] = set()
    if not visit.may("see_residents"):
        return {"names": {}, "rooms": rooms, "shows": shows, "away": {}}
    for resident_id in {each for robot in home.robots() for each in (*robot.beside, robot.person_id) if each}:
        profile = await home.profile(resident_id)
        rooms[resident_id] = profile.value("room.name") or ""
        if consent(profile, Purpose.SUMMARIES, visit.today).allowed:
            shows.add(resident_id)
    return {"names": await home.residents(), "rooms": rooms, "shows": shows, "away": await home.away()}


def standing(visit: Visit, of_residents: dict[str, Any]) -> dict[str, Any]:
    """Every robot, and what each is saying where the one it talks with has agreed that staff see it."""
    robots = visit.site.home.robots()
    talking = {robot.name: robot for robot in robots if robot.caption and robot.person_id in of_residents["shows"]}
    return {
        "robots": robots,
        "captions": {name: robot.caption for name, robot in talking.items()},
        "talking": frozenset(robot.person_id for robot in talking.values()),
    }


def seen(values: dict[str, Any]) -> Seen:
    """Of whom a page with robots shows something that is recorded."""
    return {"read captions": values["talking"]}


def _look(visit: Visit, told: dict[str, Any]) -> tuple[dict[str, Any], Seen]:
    values = {**told, **standing(visit, told), "loudness": LOUDNESS, "level": _level}
    return values, seen(values)


def _level(robot: RobotView) -> str:
    return min(LOUDNESS, key=lambda name: abs(LOUDNESS[name] - robot.loudness))


_PART = Part("robots_live", known, _look)


@routes.get("/robots", "see_robots")
async def page(visit: Visit) -> Response:
    """Every robot of the home."""
    values, shown = await _PART.now(visit)
    await visit.record_seen(shown)
    return visit.page("robots", tab="robots", **values)


@routes.get("/robots/live", "see_robots", passive=True)
async def live(visit: Visit) -> Response:
    """The same, sent whenever it changes."""
    return stream(visit, _PART)


@routes.post("/robots/stop", "stop_robot")
async def stop(visit: Visit) -> str:
    """Stop at once, or let it move again."""
    stopped = visit.form.get("stopped") != "no"
    await stop_robot(visit, visit.form.get("robot", ""), stopped=stopped)
    if stopped:
        visit.say("The robot stands still.")
    else:
        visit.say("The robot may move again.")
    return "/robots"


@routes.post("/robots/order", "order_robot")
async def order(visit: Visit) -> str:
    """Come, be quiet, louder or softer, hear and see nothing."""
    form = visit.form
    await order_robot(visit, form.get("robot", ""), form.get("order", ""), form.get("value", ""))
    visit.say("The robot does it.")
    return "/first-run" if form.get("back") == "first-run" else "/robots"
