"""Who is named for one resident: family, attorneys, advocates, residents themselves; until when, and for what."""

from datetime import date, datetime, time, timedelta

from starlette.responses import Response

from culture_profiles.errors import KithError
from nodes.tablet.roles import NAMED, Role, Scope
from nodes.tablet.site.staff import person_of
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()
_LONGEST = timedelta(days=3 * 366)
_USUAL = timedelta(days=365)


@routes.get("/named", "name_people")
async def page(visit: Visit) -> Response:
    """Everybody, by resident."""
    names = await visit.site.home.residents()
    people = [each for each in await visit.site.on_file(visit.site.people.all) if each.role in NAMED and each.active]
    return visit.page(
        "named",
        tab="staff",
        people=sorted(people, key=lambda each: (names.get(each.resident_id, "").casefold(), each.name.casefold())),
        roles=[role for role in Role if role in NAMED],
        scopes=list(Scope),
        names=names,
        sorted_names=sorted(names.items(), key=lambda pair: pair[1].casefold()),
        usual=(visit.today + _USUAL).isoformat(),
        over=[each.id for each in people if each.ends_at is not None and each.ends_at <= visit.now],
    )


@routes.post("/named", "name_people")
async def add(visit: Visit) -> str:
    """Somebody new, with a first PIN."""
    form, people = visit.form, visit.site.people
    if form.get("role") not in NAMED:
        raise KithError("Choose a role.")
    role, about = Role(form["role"]), form.get("resident_id", "")
    if about not in await visit.site.home.residents():
        raise KithError("Say for which resident this person is named.")
    ends, scope = _until(visit, role), _scope(visit, role)
    name, pin = form.get("name", ""), form.get("pin", "")
    made = await visit.site.on_file(lambda: people.add(name, role, pin, about, ends, scope))
    await visit.record("add person", [made.id, str(role)], about)
    visit.say("%(name)s may sign in now.", name=made.name)
    return "/named"


@routes.post("/named/review", "name_people")
async def review(visit: Visit) -> str:
    """The papers were looked at again: until when it holds from now on, and for what."""
    person = await person_of(visit)
    if person.role not in NAMED:
        raise KithError("There is no such person.")
    ends, scope = _until(visit, person.role), _scope(visit, person.role)
    await visit.record("review person", [person.id], person.resident_id)
    await visit.site.on_file(lambda: visit.site.people.review(person.id, ends, scope))
    visit.site.sessions.end_all_of(person.id)  # what they may is what they sign in with
    visit.say("Saved.")
    return "/named"


def _until(visit: Visit, role: Role) -> datetime | None:
    """The end of the day of review, on the home's clock. A resident needs none."""
    text = visit.form.get("review", "")
    if not text and role is Role.RESIDENT:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise KithError("Choose the day on which it is looked at again.") from None
    if not visit.today <= day <= visit.today + _LONGEST:
        raise KithError("The day of review is within three years from today.")
    return datetime.combine(day + timedelta(days=1), time(), visit.site.zone)


def _scope(visit: Visit, role: Role) -> Scope | None:
    if role is not Role.ATTORNEY:
        return None
    if visit.form.get("scope") not in list(Scope) or visit.form.get("seen") != "yes":
        raise KithError("Look at the attorney's or deputy's paper, and choose over what it gives power.")
    return Scope(visit.form["scope"])
