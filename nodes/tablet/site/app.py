"""The signed-in application: every route behind its door, and what every answer forbids."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from culture_profiles.errors import KithError
from nodes.tablet.guard import Guarded
from nodes.tablet.languages import current
from nodes.tablet.practice import ACTIONS as PRACTISED
from nodes.tablet.site.forms import from_elsewhere, read_form
from nodes.tablet.site.site import HERE, Site
from nodes.tablet.site.visit import ForbiddenError, Route, Visit
from nodes.tablet.site.wording import InItsLanguage

_KEPT = frozenset({"see_now", "see_residents", "see_card", "see_reminders"})
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def site_app(
    site: Site,
    routes: list[Route],
    open_pages: Mapping[tuple[str, str], Callable[[Request], Any]],
    beside: Mapping[str, ASGIApp] | None = None,
) -> FastAPI:
    """The application. `open_pages`: what needs nobody signed in; `beside`: other applications by path."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=site.hosts)
    app.add_middleware(InItsLanguage)
    app.add_middleware(Guarded, policy=_POLICY, by_tls=True)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    for (method, path), handler in open_pages.items():
        app.add_route(path, handler, methods=[method])
    for route in routes:
        app.add_route(route.path, _endpoint(site, route), methods=[route.method])
    for path, other in (beside or {}).items():
        app.mount(path, other)
    return app


def _endpoint(site: Site, route: Route) -> Callable[[Request], Any]:
    """What the web framework calls for a route."""

    async def answer(request: Request) -> Response:
        form: dict[str, str] = {}
        session = site.session(request, used=not route.passive)
        if session is not None and session.person.language:
            current.set(session.person.language)
        if session is None:
            if route.method == "GET" and not route.passive:
                return RedirectResponse(f"/sign-in?to={quote(request.url.path)}", 303)
            return site.page(
                "refused", 401, session=None, text="You were signed out: nothing was saved. Sign in, then go back."
            )
        if route.method == "POST":
            refused = from_elsewhere(request)
            form = {} if refused else await read_form(request, route.largest)
            if refused or not session.fits(form.get("form_token", "")):
                return site.forbidden(session, "This form is not from here: open the page again.")
        resident_id = request.path_params.get("resident_id", "")
        person = session.person
        if not person.may(route.action, resident_id):
            return site.forbidden(session)
        of_visit = site.beside(session.practice) if session.practice is not None else site
        visit = Visit(of_visit, request, session, resident_id, form)
        once = form.get("once", "")
        if once and once in session.done:
            return RedirectResponse(session.done[once], 303)
        try:
            if session.practice is not None and route.action not in PRACTISED:
                raise KithError("This cannot be practised: leave practice mode first.")
            if resident_id and not await of_visit.family_may(session, resident_id):
                return site.forbidden(session, "The resident has not agreed that family see this.")
            made = await route.handler(visit)
        except ForbiddenError:
            return site.forbidden(session)
        except KithError as problem:
            return site.page("refused", 409, session=session, text=str(problem))
        if isinstance(made, str):
            session.remember(once, made)
            return RedirectResponse(made, 303)
        if route.action in _KEPT and route.method == "GET" and made.status_code == 200:
            # The service worker keeps it for when the network is away, no longer than the device stays open.
            made.headers["kith-keep"] = str(int(site.sessions.lock_after.total_seconds()))
        return made

    return answer
