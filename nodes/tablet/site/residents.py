"""Residents: the list, how to be with one of them, their state of life in one tap."""

from starlette.responses import Response

from culture_profiles.state_of_life import KEY as STATE
from culture_profiles.state_of_life import StateOfLife
from nodes.tablet.acts.residents import CARE, NotConfirmedError, add_resident, set_care, set_state
from nodes.tablet.card import make_card
from nodes.tablet.site.visit import Routes, Visit, of_resident

routes = Routes()


@routes.get("/residents", "see_residents")
async def residents(visit: Visit) -> Response:
    """Everybody, or those whose name holds what is looked for."""
    wanted = visit.request.query_params.get("q", "").strip()[:100]
    names = await visit.site.home.residents()
    found = sorted(
        ((name or resident, resident) for resident, name in names.items() if wanted.casefold() in name.casefold()),
        key=lambda pair: pair[0].casefold(),
    )
    waiting = await visit.site.on_file(visit.site.go_live.waits)
    return visit.page("residents", tab="residents", found=found, wanted=wanted, waiting=waiting)


@routes.get("/residents/{resident_id}", "see_card")
async def card(visit: Visit) -> Response:
    """How to be with this resident."""
    profile = await visit.site.home.profile(visit.resident_id)
    made = make_card(
        profile,
        visit.today,
        visit.site.heard(),
        sensitive=visit.may("see_sensitive") or visit.may("see_safety"),
        safety=visit.may("see_safety"),
    )
    if made.read or made.life.state is not StateOfLife.HERE:
        await visit.record("read card", [*made.read, STATE])
    people = await visit.site.on_file(visit.site.people.all)
    return visit.page(
        "card",
        tab="residents",
        card=made,
        name=profile.value("name.preferred") or profile.value("name.full") or visit.resident_id,
        full=profile.value("name.full") or "",
        room=profile.value("room.name") or "",
        care=profile.value(CARE) or "no",
        people={each.id: each.name for each in people},
        states=list(StateOfLife),
    )


@routes.post("/residents/{resident_id}/state", "set_state")
async def state(visit: Visit) -> Response | str:
    """Here, out, hospital, end of life, isolation; died only by senior staff, and confirmed."""
    wanted = visit.form.get("state", "")
    try:
        await set_state(visit, wanted, confirmed=visit.form.get("confirmed") == "yes")
    except NotConfirmedError:
        names = await visit.site.home.residents()
        return visit.page("died", tab="residents", name=names.get(visit.resident_id, ""))
    if wanted == StateOfLife.DIED:
        visit.say("Saved. Everything queued for them is stopped.")
    else:
        visit.say("Saved.")
    return of_resident(visit.resident_id)


@routes.post("/residents/{resident_id}/care", "set_state")
async def care(visit: Visit) -> str:
    """Care in progress: microphone and camera stop visibly, also for clergy, doctors and lawyers."""
    await set_care(visit, visit.form.get("care", ""))
    visit.say("Saved.")
    return of_resident(visit.resident_id)


@routes.post("/residents", "add_resident")
async def add(visit: Visit) -> str:
    """A new resident begins with a name."""
    form = visit.form
    practice = form.get("practice") == "yes"
    resident_id = await add_resident(visit, form.get("name", ""), form.get("room", ""), practice=practice)
    visit.say("Begun. Everything is off but talk, calling staff and stopping.")
    return of_resident(resident_id)
