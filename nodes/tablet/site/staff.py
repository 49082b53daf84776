"""Who may sign in, and the audit log."""

from datetime import timedelta

from starlette.responses import Response

from culture_profiles.errors import KithError
from nodes.tablet.people import Person
from nodes.tablet.roles import NAMED, Role
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()
_AGENCY = timedelta(hours=12)
_ROWS = 200


@routes.get("/staff", "manage_people")
async def page(visit: Visit) -> Response:
    """Everybody who may sign in."""
    people = await visit.site.on_file(visit.site.people.all)
    return visit.page(
        "staff",
        tab="staff",
        people=[each for each in people if each.role not in NAMED],
        roles=[role for role in Role if role not in NAMED],
    )


@routes.post("/staff", "manage_people")
async def add(visit: Visit) -> str:
    """Somebody new, with a first PIN. An agency carer's ends after twelve hours."""
    form, people = visit.form, visit.site.people
    if form.get("role") not in set(Role) - NAMED:
        raise KithError("Choose a role.")
    role = Role(form["role"])
    ends = visit.now + _AGENCY if role is Role.AGENCY_CARER else None
    made = await visit.site.on_file(lambda: people.add(form.get("name", ""), role, form.get("pin", ""), "", ends))
    await visit.record("add person", [made.id, str(role)])
    visit.say("%(name)s may sign in now.", name=made.name)
    return "/staff"


@routes.post("/staff/pin", "manage_people")
async def new_pin(visit: Visit) -> str:
    """A new PIN for somebody who forgot theirs."""
    person = await person_of(visit)
    pin = visit.form.get("pin", "")
    await visit.record("new pin", [person.id])
    await visit.site.on_file(lambda: visit.site.people.set_pin(person.id, pin))
    visit.site.sessions.end_all_of(person.id)
    visit.say("%(name)s has a new PIN.", name=person.name)
    return "/sign-in" if person.id == visit.person.id else page_of(person)


@routes.post("/staff/end", "manage_people")
async def end(visit: Visit) -> str:
    """Somebody leaves: signed out everywhere at once."""
    person = await person_of(visit)
    await visit.record("end person", [person.id])
    await visit.site.on_file(lambda: visit.site.people.end(person.id))
    visit.site.sessions.end_all_of(person.id)
    visit.say("%(name)s may no longer sign in.", name=person.name)
    return page_of(person)


def page_of(person: Person) -> str:
    """On which page somebody is managed."""
    return "/named" if person.role in NAMED else "/staff"


async def person_of(visit: Visit) -> Person:
    """Whom a form is about. Errors: KithError."""
    people = await visit.site.on_file(visit.site.people.all)
    found = next((each for each in people if each.id == visit.form.get("person_id", "")), None)
    if found is None:
        raise KithError("There is no such person.")
    return found


@routes.get("/audit", "read_audit")
async def audit(visit: Visit) -> Response:
    """The newest rows: who looked, who wrote."""
    rows = await visit.site.on_file(lambda: visit.site.audit.newest(_ROWS))
    people = await visit.site.on_file(visit.site.people.all)
    return visit.page("audit", tab="staff", rows=rows, people={each.id: each.name for each in people})
