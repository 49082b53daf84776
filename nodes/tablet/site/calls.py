"""Calls for staff: accept, close, hand over to the next shift with both signing."""

from datetime import timedelta

from starlette.responses import Response

from behaviours.routines.occurrence import State
from culture_profiles.errors import KithError
from nodes.tablet.people import Person
from nodes.tablet.roles import may
from nodes.tablet.site.now import record_shown
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()
_SHIFT = timedelta(hours=12)
_TOLD = (State.DECLINED, State.NO_ANSWER, State.TOLD_STAFF, State.MISSED)
_CHANGES = 60


@routes.post("/calls/accept", "accept_call")
async def accept(visit: Visit) -> str:
    """ "I am coming", or done."""
    call_id, done = visit.form.get("call_id", ""), visit.form.get("done") == "yes"
    about = next((call.resident_id for call in visit.site.home.calls() if call.id == call_id), None)
    if about is None:
        raise KithError("This call is closed already, or it is not for this page.")
    await visit.record("close call" if done else "accept call", [call_id], about)
    await visit.site.home.accept(call_id, visit.person.name, close=done)
    visit.say("Closed." if done else "The robot says that you are coming.")
    return "/now"


@routes.get("/hand-over", "hand_over")
async def hand_over(visit: Visit) -> Response:
    """What the next shift must know, and both names under it."""
    home, since = visit.site.home, visit.now - _SHIFT
    told = [each for each in await home.occurrences(since, visit.now) if each.state in _TOLD]
    await record_shown(visit, {call.resident_id for call in home.calls()}, {each.resident_id for each in told})
    rows = await visit.site.on_file(lambda: visit.site.audit.newest(_CHANGES, since=since))
    people = await visit.site.on_file(visit.site.people.all)
    return visit.page(
        "hand_over",
        tab="hand-over",
        calls=home.calls(),
        told=told,
        changes=[row for row in rows if row.what.startswith(("write", "state", "consent"))],
        names=await home.residents(),
        people={each.id: each.name for each in people},
        carriers=[each for each in people if _may_carry(each)],
    )


def _may_carry(person: Person) -> bool:
    return person.active and may(person.role, "accept_call")


@routes.post("/hand-over", "hand_over")
async def sign(visit: Visit) -> str:
    """The one who goes is signed in; the one who comes signs with their own PIN."""
    people = visit.site.people
    carriers = {each.id: each for each in await visit.site.on_file(people.all) if _may_carry(each)}
    holder, deputy = carriers.get(visit.form.get("holder", "")), carriers.get(visit.form.get("deputy", ""))
    if holder is None:
        raise KithError("Choose who carries the calls from now on.")
    if holder == deputy:
        raise KithError("Holder and deputy are two people.")
    pin, at = visit.form.get("pin", ""), visit.now
    await visit.site.on_file(lambda: people.sign_in(holder.name, pin, at))
    await visit.record("hand over", [each.id for each in (holder, deputy) if each is not None])
    await visit.site.home.set_shift(holder.name, deputy.name if deputy else "")
    visit.say(f"{holder.name} carries the calls now.")
    return "/now"
