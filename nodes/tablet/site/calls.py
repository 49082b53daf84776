"""Calls for staff: accept, close, hand over to the next shift with both signing."""

from datetime import timedelta

from starlette.responses import Response

from behaviours.routines.occurrence import State
from nodes.tablet.acts.calls import accept_call, may_carry
from nodes.tablet.acts.calls import hand_over as change_hands
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()
_SHIFT = timedelta(hours=12)
_TOLD = (State.DECLINED, State.NO_ANSWER, State.TOLD_STAFF, State.MISSED)
_CHANGES = 60
_SIGNED = 4


@routes.post("/calls/accept", "accept_call")
async def accept(visit: Visit) -> str:
    """ "I am coming", or done."""
    done = visit.form.get("done") == "yes"
    await accept_call(visit, visit.form.get("call_id", ""), done=done)
    if done:
        visit.say("Closed.")
    else:
        visit.say("The robot says that you are coming.")
    return "/now"


@routes.get("/hand-over", "hand_over")
async def hand_over(visit: Visit) -> Response:
    """What the next shift must know, and both names under it."""
    home, since = visit.site.home, visit.now - _SHIFT
    told = [each for each in await home.occurrences(since, visit.now) if each.state in _TOLD]
    await visit.record_seen(
        {
            "read calls": [call.resident_id for call in home.calls()],
            "read reminders": [each.resident_id for each in told],
        }
    )
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
        signed=await visit.site.on_file(lambda: visit.site.audit.newest(_SIGNED, what="hand over")),
        carriers=[each for each in people if may_carry(each)],
    )


@routes.post("/hand-over", "hand_over")
async def sign(visit: Visit) -> str:
    """The one who goes is signed in; the one who comes signs with their own PIN."""
    form = visit.form
    holder = await change_hands(visit, form.get("holder", ""), form.get("deputy", ""), form.get("pin", ""))
    visit.say("%(name)s carries the calls now.", name=holder.name)
    return "/now"
