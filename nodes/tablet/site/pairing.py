"""Pairing another device: the code to scan, and the certificate that it installs."""

from collections.abc import Awaitable, Callable
from functools import partial

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from nodes.tablet.pairing import CERTIFICATE, PROFILE, certificate_answer, profile_answer
from nodes.tablet.site.site import Site
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()


@routes.get("/pairing", "pair_devices")
async def code(visit: Visit) -> Response:
    """The code, the fingerprint, and what to do."""
    pairing = visit.site.pairing
    made = Markup(pairing.code()) if pairing is not None else ""  # noqa: S704 - made here, of an address alone
    return visit.page("pairing", tab="staff", pairing=pairing, code=made)


def open_pages(site: Site) -> dict[tuple[str, str], Callable[[Request], Awaitable[Response]]]:
    """For a device that is not paired yet."""
    return {
        ("GET", "/pair"): partial(_page, site),
        ("GET", CERTIFICATE): partial(_certificate, site),
        ("GET", PROFILE): partial(_profile, site),
    }


async def _page(site: Site, _: Request) -> Response:
    if site.pairing is None:
        return site.forbidden(None, "There is nothing to install: these pages are not served by TLS.")
    return site.whole("pair.html", pairing=site.pairing)


async def _certificate(site: Site, _: Request) -> Response:
    return certificate_answer(site.pairing) if site.pairing is not None else Response(status_code=404)


async def _profile(site: Site, _: Request) -> Response:
    return profile_answer(site.pairing) if site.pairing is not None else Response(status_code=404)
