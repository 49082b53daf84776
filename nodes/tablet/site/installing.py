"""What makes the pages an application of its own: manifest, service worker, the page without a connection."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from nodes.tablet.site.site import HERE, Site

_MANIFEST = {
    "name": "Kith",
    "short_name": "Kith",
    "id": "/",
    "start_url": "/",
    "scope": "/",
    "display": "standalone",
    "background_color": "#f4f1ea",
    "theme_color": "#1d5c55",
    "icons": [
        {"src": "/static/kith.svg", "sizes": "any", "type": "image/svg+xml"},
        {"src": "/static/kith-192.png", "sizes": "192x192", "type": "image/png"},
        {"src": "/static/kith-512.png", "sizes": "512x512", "type": "image/png"},
    ],
}


def open_pages(site: Site) -> dict[tuple[str, str], Callable[[Request], Awaitable[Response]]]:
    """They hold nothing of anybody."""
    return {
        ("GET", "/manifest.webmanifest"): _manifest,
        ("GET", "/sw.js"): _service_worker,
        ("GET", "/offline"): partial(_offline, site),
    }


async def _manifest(_: Request) -> Response:
    return JSONResponse(_MANIFEST, media_type="application/manifest+json")


async def _service_worker(_: Request) -> Response:
    return FileResponse(HERE / "static" / "sw.js", media_type="text/javascript")


async def _offline(site: Site, _: Request) -> Response:
    return site.page("offline")
