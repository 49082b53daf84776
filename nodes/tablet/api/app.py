"""The API as an application of its own, mounted beside the pages."""

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse

from culture_profiles.errors import KithError
from nodes.tablet.api import messages, residents, robots, work
from nodes.tablet.api.caller import REFUSALS
from nodes.tablet.guard import Bounded
from nodes.tablet.people import TooManyTriesError
from nodes.tablet.site.site import Site
from nodes.tablet.site.visit import ForbiddenError

WHERE = "/api/v1"
ROUTERS = (residents.router, work.router, messages.router, robots.router)
_LARGEST_BODY = 2_000_000
_ABOUT = """What carers do on the tablet, for the home's own programs.

Every call needs `Authorization: Bearer TOKEN`; the manager makes tokens under *Staff, Programs*, each with a role and
an end. What a role may do is the same table as on the pages (`nodes/tablet/roles.yaml`, named here as
`x-kith-action`). Every read of what is sensitive and every write is in the audit log under the program's id. What only
a person can vouch for, such as coming to a call, is signed with that person's PIN. Safeguarding disclosures are not
reachable here.
"""


def api_app(site: Site) -> FastAPI:
    """The application. Errors are JSON: `{"detail": "one line"}`."""
    app = FastAPI(
        title="Kith",
        version="1",
        description=_ABOUT,
        docs_url=None,  # its pages would load scripts from elsewhere
        redoc_url=None,
        responses=REFUSALS,
    )
    app.state.site = site
    app.add_middleware(Bounded, most=_LARGEST_BODY)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(KithError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


async def _refused(_: Request, problem: Exception) -> JSONResponse:
    if isinstance(problem, ForbiddenError):
        return JSONResponse({"detail": "This role may not do that."}, 403)
    if isinstance(problem, TooManyTriesError):
        return JSONResponse({"detail": str(problem)}, 429)
    return JSONResponse({"detail": str(problem)}, 409)


async def _invalid(_: Request, problem: Exception) -> JSONResponse:
    """Which field, and why; never what was sent."""
    assert isinstance(problem, RequestValidationError)
    told = [{name: each[name] for name in ("loc", "msg", "type")} for each in problem.errors()]
    return JSONResponse({"detail": jsonable_encoder(told)}, 422)
