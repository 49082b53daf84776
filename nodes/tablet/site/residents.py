"""Residents: the list, how to be with one of them, their state of life in one tap."""

import re
import secrets

from starlette.responses import Response

from culture_profiles.errors import KithError
from culture_profiles.fact import Source, Status, make_fact
from culture_profiles.state_of_life import KEY as STATE
from culture_profiles.state_of_life import StateOfLife
from nodes.tablet.card import make_card
from nodes.tablet.site.visit import Routes, Visit, of_resident

routes = Routes()
CARE = "care_in_progress"


@routes.get("/residents", "see_residents")
async def residents(visit: Visit) -> Response:
    """Everybody, or those whose name holds what is looked for."""
    wanted = visit.request.query_params.get("q", "").strip()[:100]
    names = await visit.site.home.residents()
    found = sorted(
        ((name or resident, resident) for resident, name in names.items() if wanted.casefold() in name.casefold()),
        key=lambda pair: pair[0].casefold(),
    )
    return visit.page("residents", tab="residents", found=found, wanted=wanted)


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
async def set_state(visit: Visit) -> Response | str:
    """Here, out, hospital, end of life, isolation; died only by senior staff, and confirmed."""
    back, wanted = of_resident(visit.resident_id), visit.form.get("state", "")
    if wanted not in list(StateOfLife):
        raise KithError("Choose one of the states.")
    status = Status.STATED
    if wanted == StateOfLife.DIED:
        visit.require("confirm_died")
        if visit.form.get("confirmed") != "yes":
            names = await visit.site.home.residents()
            return visit.page("died", tab="residents", name=names.get(visit.resident_id, ""))
        status = Status.CONFIRMED
    await _staff_write(visit, STATE, wanted, status)
    visit.say("Saved. Everything queued for them is stopped." if wanted == StateOfLife.DIED else "Saved.")
    return back


@routes.post("/residents/{resident_id}/care", "set_state")
async def set_care(visit: Visit) -> str:
    """Care in progress: microphone and camera stop visibly, also for clergy, doctors and lawyers."""
    await _staff_write(visit, CARE, visit.form.get("care", ""), Status.STATED)
    visit.say("Saved.")
    return of_resident(visit.resident_id)


async def _staff_write(visit: Visit, key: str, value: str, status: Status) -> None:
    fact = make_fact(
        resident_id=visit.resident_id,
        key=key,
        value=value,
        source=Source.CARER,
        status=status,
        who=visit.person.id,
        when=visit.now,
    )
    await visit.record("state", [key])
    await visit.site.home.write(fact)


@routes.post("/residents", "add_resident")
async def add(visit: Visit) -> str:
    """A new resident begins with a name. The id tells nothing of it."""
    name = " ".join(visit.form.get("name", "").split())
    if not name:
        raise KithError("Write the name.")
    resident_id = f"r-{secrets.token_hex(4)}"
    fact = make_fact(
        resident_id=resident_id,
        key="name.full",
        value=name,
        source=Source.CARER,
        status=Status.STATED,
        who=visit.person.id,
        when=visit.now,
    )
    await visit.record("write", [fact.key], resident_id)
    await visit.site.home.write(fact)
    if room := re.sub(r"\s+", " ", visit.form.get("room", "")).strip():
        await visit.record("write", ["room.name"], resident_id)
        await visit.site.home.write(fact.model_copy(update={"key": "room.name", "value": room[:100]}))
    visit.say("Begun. Everything is off but talk, calling staff and stopping.")
    return of_resident(resident_id)
