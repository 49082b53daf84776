"""Settings: one's own language and PIN, the roles, and the way to everything that is needed seldom."""

from starlette.responses import Response

from culture_profiles.errors import KithError
from nodes.tablet.languages import LANGUAGES, chosen, current
from nodes.tablet.roles import Role, roles
from nodes.tablet.site.visit import Routes, Visit
from nodes.tablet.site.wording import N_

routes = Routes()
ROLES = {
    Role.MANAGER: N_("Manager"),
    Role.SENIOR_CARER: N_("Senior carer"),
    Role.CARER: N_("Carer"),
    Role.AGENCY_CARER: N_("Agency carer, 12 hours"),
    Role.FAMILY: N_("Family"),
    Role.RESIDENT: N_("Resident"),
    Role.ATTORNEY: N_("Attorney"),
    Role.ADVOCATE: N_("Advocate"),
    Role.TECHNICIAN: N_("Technician"),
}


@routes.get("/settings", "own_settings")
async def page(visit: Visit) -> Response:
    """One's own, and what a manager needs."""
    view = visit.site.home.view()
    return visit.page(
        "settings",
        tab="settings",
        languages=LANGUAGES,
        wish=visit.person.language,
        heard=sorted(visit.site.heard()),
        zone_name=visit.site.time_zone,
        lock_after=int(visit.site.sessions.lock_after.total_seconds()),
        holder=view.holder,
        deputy=view.deputy,
        role_words=ROLES,
        table=list(roles().values()),
    )


@routes.post("/settings/language", "own_settings")
async def language(visit: Visit) -> str:
    """In which language this person reads the pages, on every device."""
    wish = visit.form.get("language", "")
    if wish and wish not in LANGUAGES:
        raise KithError("Choose one of the languages.")
    person = visit.person
    await visit.site.on_file(lambda: visit.site.people.set_language(person.id, wish))
    visit.site.sessions.language_of(person.id, wish)
    current.set(chosen(wish, visit.request.headers.get("accept-language", "")))
    visit.say("Saved.")
    return "/settings"


@routes.post("/settings/pin", "own_settings")
async def pin(visit: Visit) -> str:
    """A new PIN for oneself, by who knows the old one."""
    form, people, person, at = visit.form, visit.site.people, visit.person, visit.now
    await visit.site.on_file(lambda: people.sign_in(person.name, form.get("old", ""), at))
    await visit.record("new pin", [person.id])
    await visit.site.on_file(lambda: people.set_pin(person.id, form.get("pin", "")))
    visit.say("Saved.")
    return "/settings"
