"""Signing in, switching to somebody else, and the first manager of a new home."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from culture_profiles.errors import KithError
from nodes.tablet.people import Person
from nodes.tablet.roles import Role
from nodes.tablet.site import installing, pairing, passkeys
from nodes.tablet.site.forms import from_elsewhere, read_form
from nodes.tablet.site.site import COOKIE, DEVICE, Site
from nodes.tablet.site.visit import of_resident

_MOST_SETUP_TRIES = 20


def open_pages(site: Site) -> Mapping[tuple[str, str], Callable[[Request], Awaitable[Response]]]:
    """What needs nobody signed in."""
    return {
        ("GET", "/sign-in"): partial(_ask, site),
        ("POST", "/sign-in"): partial(_sign_in, site),
        ("POST", "/set-up"): partial(_set_up, site),
        ("POST", "/lock"): partial(_lock, site),
        ("POST", "/awake"): partial(_awake, site),
        ("GET", "/"): partial(_begin, site),
        **installing.open_pages(site),
        **pairing.open_pages(site),
        **passkeys.open_pages(site, _let_in),
    }


def first_page(person: Person) -> str:
    """Where somebody begins."""
    if person.may("see_now"):
        return "/now"
    return of_resident(person.resident_id) if person.resident_id else "/health"


async def _begin(site: Site, request: Request) -> Response:
    session = site.session(request, used=True)
    return RedirectResponse(first_page(session.person) if session else "/sign-in", 303)


async def _ask(site: Site, request: Request, problem: str = "", chosen: str = "") -> Response:
    device = request.cookies.get(DEVICE, "")
    people, known = await site.on_file(lambda: (site.people.all(), site.people.knows_device(device)))
    if not people:
        return site.page("set_up", 403 if problem else 200, problem=problem)
    names = [each for each in people if each.active] if known else []
    chosen = chosen or request.query_params.get("who", "")
    return site.page(
        "sign_in",
        403 if problem else 200,
        names=names,
        chosen=next((each.name for each in names if each.id == chosen), ""),
        typed="" if known else chosen,
        to=_within(request.query_params.get("to", "")),
        problem=problem,
        view=site.home.view(),
    )


async def _sign_in(site: Site, request: Request) -> Response:
    if from_elsewhere(request):
        return site.forbidden(None, "This form is not from here: open the page again.")
    form = await read_form(request)
    now, name, pin = site.home.now(), form.get("name", ""), form.get("pin", "")
    try:
        person = await site.on_file(lambda: site.people.sign_in(name, pin, now))
        await site.on_file(lambda: site.audit.add(now, person.id, str(person.role), "sign in"))
    except KithError as problem:
        people = await site.on_file(site.people.all)
        of_name = next((each.id for each in people if each.name.casefold() == name.strip().casefold()), name[:200])
        known = await site.on_file(lambda: site.people.knows_device(request.cookies.get(DEVICE, "")))
        return await _ask(site, request, str(problem), of_name if known else name[:200])
    return await _let_in(site, request, person, _within(form.get("to", "")))


async def _let_in(site: Site, request: Request, person: Person, to: str = "") -> Response:
    now, device = site.home.now(), request.cookies.get(DEVICE, "")
    site.sessions.end(request.cookies.get(COOKIE, ""))
    if not await site.on_file(lambda: site.people.knows_device(device)):
        device = await site.on_file(lambda: site.people.new_device(now))
    answer = RedirectResponse(to or first_page(person), 303)
    site.begin(answer, site.sessions.begin(person, now), device)
    return answer


async def _set_up(site: Site, request: Request) -> Response:
    """The first manager, by somebody who can read the home's machine."""
    if from_elsewhere(request):
        return site.forbidden(None, "This form is not from here: open the page again.")
    form, now = await read_form(request), site.home.now()
    if await site.on_file(lambda: bool(site.people.all())):
        return RedirectResponse("/sign-in", 303)
    site.setup_tries += 1
    given = form.get("code", "").strip().encode()
    if site.setup_tries > _MOST_SETUP_TRIES or not hmac.compare_digest(given, site.setup_code.encode()):
        return await _ask(site, request, "That is not the set-up code.")
    try:
        person = await site.on_file(lambda: site.people.add(form.get("name", ""), Role.MANAGER, form.get("pin", "")))
        await site.on_file(lambda: site.audit.add(now, person.id, str(person.role), "set up"))
    except KithError as problem:
        return await _ask(site, request, str(problem))
    await site.on_file(site.go_live.tell)
    return await _let_in(site, request, person, "/first-run")


async def _lock(site: Site, request: Request) -> Response:
    """Sign out on this device. Only ever by this site's own pages."""
    session = site.session(request, used=False)
    if session is not None and not from_elsewhere(request):
        form = await read_form(request)
        if session.fits(form.get("form_token", "")):
            site.sessions.end(session.token)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return answer


async def _awake(site: Site, request: Request) -> Response:
    """Somebody touches the page without sending anything: the lock waits anew."""
    session = None if from_elsewhere(request) else site.session(request, used=True)
    return Response(status_code=204 if session else 401)


def _within(path: str) -> str:
    """A path of this site, or nothing: signing in never leads elsewhere."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else ""
