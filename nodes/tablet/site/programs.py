"""The home's own programs: who of them may use the API, and until when."""

from datetime import timedelta

from starlette.responses import Response

from culture_profiles.errors import KithError
from nodes.tablet.programs import ROLES, Program
from nodes.tablet.roles import Role
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()
_DAYS = (7, 30, 90, 365)


@routes.get("/programs", "manage_people")
async def page(visit: Visit) -> Response:
    """Each program with its role and end."""
    return await _page(visit, None, "")


async def _page(visit: Visit, made: Program | None, token: str) -> Response:
    programs = await visit.site.on_file(visit.site.programs.all)
    return visit.page(
        "programs", tab="staff", programs=programs, roles=ROLES, days=_DAYS, made=made, token=token, at=visit.now
    )


@routes.post("/programs", "manage_people")
async def add(visit: Visit) -> Response:
    """A new one. Its token is shown once, and kept nowhere."""
    form, now = visit.form, visit.now
    days = form.get("days", "")
    if form.get("role") not in list(Role) or days not in {str(each) for each in _DAYS}:
        raise KithError("Choose a role, and how long it holds.")
    role, ends = Role(form["role"]), now + timedelta(days=int(days))
    made, token = await visit.site.on_file(lambda: visit.site.programs.add(form.get("name", ""), role, ends, now))
    await visit.record("add program", [made.id, str(role)])
    visit.session.remember(form.get("once", ""), "/programs")
    return await _page(visit, made, token)


@routes.post("/programs/end", "manage_people")
async def end(visit: Visit) -> str:
    """Its token opens nothing any more."""
    programs = await visit.site.on_file(visit.site.programs.all)
    found = next((each for each in programs if each.id == visit.form.get("program_id", "")), None)
    if found is None:
        raise KithError("There is no such program.")
    await visit.record("end program", [found.id])
    await visit.site.on_file(lambda: visit.site.programs.end(found.id))
    visit.say(f"{found.name} may do nothing any more.")
    return "/programs"
