"""The viewer's page, its data, and nothing from anywhere else."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware

from kith.viewer.watching import Watcher
from sim.worlds.description import World
from sim.worlds.floor_plan import obstacles

_STATIC = Path(__file__).parent / "static"
_PERIOD_S = 0.1
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def plan(world: World) -> dict[str, Any]:
    """The floor as outlines in metres, and the names of places."""
    return {
        "obstacles": [{"outline": each.outline, "tall": each.tall} for each in obstacles(world)],
        "places": [
            {"name": name.removeprefix("place_").replace("_", " "), "x": pose.position[0], "y": pose.position[1]}
            for name, pose in world.frames.items()
            if name.startswith("place_")
        ],
    }


def application(watcher: Watcher, world: World, stopping: Callable[[], bool]) -> FastAPI:
    """The pages. `stopping`: whether streams shall end."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # Another site's script must not read a home through a name that leads to this machine.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    floor = plan(world)

    @app.middleware("http")
    async def closed(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers.update(_HEADERS)
        return response

    @app.get("/")
    async def page() -> FileResponse:
        return FileResponse(_STATIC / "view.html")

    @app.get("/view.js")
    async def script() -> FileResponse:
        return FileResponse(_STATIC / "view.js")

    @app.get("/view.css")
    async def style() -> FileResponse:
        return FileResponse(_STATIC / "view.css")

    @app.get("/plan")
    async def the_plan() -> dict[str, Any]:
        return floor

    @app.get("/camera.png")
    def camera() -> Response:
        picture = watcher.picture()
        return Response(status_code=404) if picture is None else Response(picture, media_type="image/png")

    @app.get("/live")
    async def live() -> StreamingResponse:
        async def events() -> AsyncIterator[str]:
            before = ""
            watcher.look(1)
            try:
                while not stopping():
                    now = json.dumps(watcher.state())
                    if now != before:
                        before = now
                        yield f"data: {now}\n\n"
                    await asyncio.sleep(_PERIOD_S)
            finally:
                watcher.look(-1)

        return StreamingResponse(events(), media_type="text/event-stream")

    return app
