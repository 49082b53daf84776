"""Who calls: a program by its token, and where only a person can vouch for it, that person by PIN."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from nodes.tablet.people import Person
from nodes.tablet.sessions import Session
from nodes.tablet.site.site import Site
from nodes.tablet.site.visit import Visit

_ACTION = "x-kith-action"
_bearer = HTTPBearer(auto_error=False, description="A token that the manager made under Staff, Programs.")
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The body is no JSON"},
    401: {"description": "No token, or one that has ended"},
    403: {"description": "The token's role, or the person who signs, may not do it"},
    404: {"description": "There is no such resident or thing"},
    409: {"description": "Not done, and why, in one line"},
    413: {"description": "The body is too long, or does not say how long it is"},
    429: {"description": "Too many wrong PINs: how long to wait"},
}


class Signature(BaseModel):
    """The person who does it, by their id and PIN: a program cannot come to a call."""

    person_id: str = Field(max_length=100, examples=["p-1a2b3c4d"])
    pin: str = Field(max_length=20)


def needs(action: str) -> dict[str, str]:
    """For a route's `openapi_extra`: the action of roles.yaml that it needs. A route without one answers nobody."""
    return {_ACTION: action}


def action_of(route: Any) -> str | None:
    """The action that a route needs."""
    return (getattr(route, "openapi_extra", None) or {}).get(_ACTION)


async def _caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Visit:
    """The visit of the program that calls, if it may do this."""
    site: Site = request.app.state.site
    now = site.home.now()
    token = credentials.credentials if credentials is not None else ""
    program = await site.on_file(lambda: site.programs.find(token, now)) if token else None
    if program is None:
        raise HTTPException(401, "A token is needed that has not ended.", {"www-authenticate": "Bearer"})
    action = action_of(request.scope["route"])
    resident_id = request.path_params.get("resident_id", "")
    person = program.as_person()
    if action is None or not person.may(action, resident_id):
        raise HTTPException(403, "This token's role may not do that.")
    return Visit(site, request, Session(person, "", "", now, now), resident_id)


Caller = Annotated[Visit, Depends(_caller)]
ResidentId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", examples=["r-1a2b3c4d"])]


async def _of_resident(visit: Caller, resident_id: ResidentId) -> Visit:
    """The same about one resident, if there is such a one."""
    if resident_id not in await visit.site.home.residents():
        raise HTTPException(404, "There is no such resident.")
    return visit


OfResident = Annotated[Visit, Depends(_of_resident)]


async def signed(visit: Visit, signature: Signature) -> Visit:
    """The same visit in the name of the person who signs.

    Errors: KithError for a wrong PIN, with longer and longer waits; HTTPException where they may not do it.
    """
    people = await visit.site.on_file(visit.site.people.all)
    named = next((each for each in people if each.id == signature.person_id), None)
    name, now = named.name if named is not None else "", visit.now
    person: Person = await visit.site.on_file(lambda: visit.site.people.sign_in(name, signature.pin, now))
    action = action_of(visit.request.scope["route"]) or ""
    if not person.may(action, visit.resident_id):
        raise HTTPException(403, "The person who signs may not do that.")
    return replace(visit, session=Session(person, "", "", now, now))
