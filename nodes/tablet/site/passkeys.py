"""Signing in with the device's own lock: making a passkey, and entering with it."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from culture_profiles.errors import KithError
from nodes.tablet.passkeys import Where
from nodes.tablet.site.forms import from_elsewhere, read_form
from nodes.tablet.site.site import Site
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()


@routes.get("/passkey", "own_passkey")
async def page(visit: Visit) -> Response:
    """Whether this person has some, and one more."""
    keys = await visit.site.on_file(lambda: visit.site.passkeys.of(visit.person.id))
    return visit.page("passkey", tab="", count=len(keys))


@routes.post("/passkey/options", "own_passkey", passive=True)
async def options(visit: Visit) -> Response:
    """What the browser needs to make one."""
    where = _where(visit.request)
    name, challenge = visit.site.challenges.new(visit.now)
    made = await visit.site.on_file(lambda: visit.site.passkeys.to_register(visit.person, challenge, where))
    return JSONResponse({"name": name, "options": json.loads(made)})


@routes.post("/passkey", "own_passkey")
async def add(visit: Visit) -> str:
    """Keep what the browser made."""
    form, where, now = visit.form, _where(visit.request), visit.now
    challenge = visit.site.challenges.take(form.get("name", ""), now)
    await visit.record("add passkey", [visit.person.id])
    credential = form.get("credential", "")
    await visit.site.on_file(lambda: visit.site.passkeys.register(visit.person, credential, challenge, where, now))
    visit.say("This device's own lock now signs you in.")
    return "/passkey"


@routes.post("/passkey/remove", "own_passkey")
async def remove(visit: Visit) -> str:
    """None of this person's devices signs them in any more."""
    await visit.record("remove passkeys", [visit.person.id])
    await visit.site.on_file(lambda: visit.site.passkeys.remove_all(visit.person.id))
    visit.say("Only your PIN signs you in now.")
    return "/passkey"


Enter = Callable[..., Awaitable[Response]]


def open_pages(site: Site, enter: Enter) -> dict[tuple[str, str], Callable[[Request], Awaitable[Response]]]:
    """`enter(site, request, person)` begins a session."""
    return {
        ("POST", "/sign-in/passkey/options"): partial(_ask, site),
        ("POST", "/sign-in/passkey"): partial(_sign_in, site, enter),
    }


async def _ask(site: Site, request: Request) -> Response:
    if from_elsewhere(request):
        return JSONResponse({"detail": "This is not from here."}, 403)
    try:
        where = _where(request)
    except KithError as problem:
        return JSONResponse({"detail": str(problem)}, 409)
    name, challenge = site.challenges.new(site.home.now())
    made = await site.on_file(lambda: site.passkeys.to_sign_in(challenge, where))
    return JSONResponse({"name": name, "options": json.loads(made)})


async def _sign_in(site: Site, enter: Enter, request: Request) -> Response:
    if from_elsewhere(request):
        return JSONResponse({"detail": "This is not from here."}, 403)
    form, now = await read_form(request), site.home.now()
    try:
        where, challenge = _where(request), site.challenges.take(form.get("name", ""), now)
        credential = form.get("credential", "")
        person = await site.on_file(lambda: site.passkeys.sign_in(credential, challenge, where, now))
        await site.on_file(lambda: site.audit.add(now, person.id, str(person.role), "sign in", keys=["passkey"]))
    except KithError as problem:
        return JSONResponse({"detail": str(problem)}, 403)
    answer = await enter(site, request, person)
    answer.status_code = 204
    del answer.headers["location"]
    return answer


def _where(request: Request) -> Where:
    """Errors: KithError where the pages were asked for by a bare address, to which no passkey can belong."""
    host = request.url.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return Where(host, f"https://{request.headers.get('host', '')}")
    raise KithError("Passkeys work under the name kith.local, not under a bare address.")
