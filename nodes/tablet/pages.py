"""The web application: one health page, its live updates, health as JSON."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, Field
from starlette.middleware.trustedhost import TrustedHostMiddleware

from nodes.tablet.guard import Guarded
from nodes.tablet.view import View, ago, kind_words

_HERE = Path(__file__).parent
_LOOK_EVERY_S = 0.5
_STILL_THERE_EVERY = 20  # looks without news
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Shown(BaseModel):
    """Which alerts a device has on its screen."""

    ids: list[str] = Field(max_length=200)


def make_app(
    read: Callable[[], View], shown: Callable[[list[str]], None], hosts: list[str], stopping: Callable[[], bool]
) -> FastAPI:
    """The application. `read` gives the newest view, from any thread; `shown` hears what a device has displayed.

    `hosts`: names under which the page may be asked for; `stopping` ends the live streams.
    """
    # No API pages: they would load scripts from elsewhere.
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["kind"] = kind_words
    templates.globals["ago"] = ago
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    app.add_middleware(Guarded, policy=_POLICY)
    app.mount("/static", StaticFiles(directory=_HERE / "static"))

    def live() -> str:
        return templates.get_template("live.html").render(view=read())

    @app.get("/")
    async def page() -> HTMLResponse:
        return HTMLResponse(templates.get_template("health.html").render(view=read()))

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        view = read()
        return JSONResponse(
            {
                "status": "ok" if view.well and view.covered else "degraded",
                "covered": view.covered,
                "open_alerts": len(view.alerts),
                "nodes": {node.name: {"state": node.state, "message": node.message} for node in view.nodes},
            }
        )

    @app.get("/live")
    async def stream() -> StreamingResponse:
        async def updates() -> AsyncIterator[str]:
            last, quiet = "", 0
            while not stopping():
                now = live()
                if now != last:
                    last, quiet = now, 0
                    yield "".join(f"data: {line}\n" for line in now.splitlines()) + "\n"
                elif (quiet := quiet + 1) % _STILL_THERE_EVERY == 0:
                    yield ": still there\n\n"
                await asyncio.sleep(_LOOK_EVERY_S)

        return StreamingResponse(updates(), media_type="text/event-stream")

    @app.post("/shown")
    async def on_shown(request: Request, said: Shown) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return JSONResponse({"detail": "only this page may say what it shows"}, status_code=403)
        known = {alert.id for alert in read().alerts}
        shown([alert_id for alert_id in said.ids if alert_id in known])
        return Response(status_code=204)

    return app
