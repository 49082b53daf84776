"""Robots: battery, where, with whom; stop, quiet, loudness, come, hear and see nothing."""

from typing import Any

from starlette.responses import Response

from culture_profiles.consent import Purpose, consent
from nodes.tablet.acts.robots import LOUDNESS, QUIET_S, order_robot, stop_robot
from nodes.tablet.breach import ABOUT
from nodes.tablet.robots import RobotView
from nodes.tablet.site.live import SLOWLY, stream
from nodes.tablet.site.visit import Routes, Visit
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
        return {"names": {}, "rooms": rooms, "shows": shows}
    for resident_id in {each for robot in home.robots() for each in (*robot.beside, robot.person_id) if each}:
        profile = await home.profile(resident_id)
        rooms[resident_id] = profile.value("room.name") or ""
        if consent(profile, Purpose.SUMMARIES, visit.today).allowed:
            shows.add(resident_id)
    return {"names": await home.residents(), "rooms": rooms, "shows": shows}


async def captioned(visit: Visit, of_residents: dict[str, Any]) -> dict[str, str]:
    """What each robot is saying, where the one it talks with has agreed that staff see it; recorded once."""
    found = {}
    for robot in visit.site.home.robots():
        if robot.caption and robot.person_id in of_residents["shows"]:
            found[robot.name] = robot.caption
            seen = visit.session.shown.setdefault("read captions", set())
            if robot.person_id not in seen:
                await visit.record("read captions", [f"{ABOUT}{robot.person_id}"], robot.person_id)
                seen.add(robot.person_id)
    return found


@routes.get("/robots", "see_robots")
async def page(visit: Visit) -> Response:
    """Every robot of the home."""
    return visit.page("robots", tab="robots", **await _values(visit, await known(visit)))


async def _values(visit: Visit, of_residents: dict[str, Any]) -> dict[str, Any]:
    return {
        "robots": visit.site.home.robots(),
        "captions": await captioned(visit, of_residents),
        "quiets": QUIET_S,
        "loudness": LOUDNESS,
        "level": _level,
        **of_residents,
    }


def _level(robot: RobotView) -> str:
    return min(LOUDNESS, key=lambda name: abs(LOUDNESS[name] - robot.loudness))


@routes.get("/robots/live", "see_robots", passive=True)
async def live(visit: Visit) -> Response:
    """The same, sent whenever it changes."""
    kept: dict[str, Any] = {}

    async def values(looks: int) -> dict[str, Any]:
        if looks % SLOWLY == 0:
            kept.update(await known(visit))
        return await _values(visit, kept)

    return stream(visit, "robots_live", values)


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
    return "/robots"
