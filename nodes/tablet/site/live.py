"""A part of a page that is sent again whenever it changes, as server-sent events; ends when the device locks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.responses import Response, StreamingResponse

from nodes.tablet.site.visit import Visit

_LOOK_EVERY_S = 0.5
_STILL_THERE_EVERY = 20
SLOWLY = 10
"""Looks between two askings of the home's services."""


def stream(visit: Visit, template: str, values: Callable[[int], Awaitable[dict[str, Any]]]) -> Response:
    """`values` is asked at each look, with how many there were before."""

    async def updates() -> AsyncIterator[str]:
        site, last, quiet, looks = visit.site, "", 0, 0
        while not site.stopping():
            if site.session(visit.request, used=False) is None:
                yield "event: locked\ndata: \n\n"
                return
            shown = await values(looks)
            made = site.render(template, visit=visit, view=site.home.view(), once=f"live{looks}", **shown)
            kept = made.replace(f"live{looks}", "")
            if kept != last:
                last, quiet = kept, 0
                yield "".join(f"data: {line}\n" for line in made.splitlines()) + "\n"
            elif (quiet := quiet + 1) % _STILL_THERE_EVERY == 0:
                yield ": still there\n\n"
            looks += 1
            await asyncio.sleep(_LOOK_EVERY_S)

    return StreamingResponse(updates(), media_type="text/event-stream")
