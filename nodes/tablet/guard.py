"""What every answer forbids a browser to do, streams and errors included."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Guarded:
    """Adds the security headers. `policy`: the content security policy; `by_tls`: never to be asked for without it."""

    def __init__(self, app: ASGIApp, policy: str, *, by_tls: bool = False) -> None:
        self._app = app
        headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin" if by_tls else "no-referrer",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), microphone=(), geolocation=()",
            "cache-control": "no-store",
        }
        if by_tls:
            headers["strict-transport-security"] = "max-age=31536000"
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in self._headers}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in names]
                message = {**message, "headers": [*kept, *self._headers]}
                if scope["path"].startswith("/static/"):
                    message["headers"] = [
                        (name, b"no-cache") if name == b"cache-control" else (name, value)
                        for name, value in message["headers"]
                    ]
            await send(message)

        await self._app(scope, receive, guarded)


class Bounded:
    """Refuses bodies of more than `most` bytes, and those that do not say how long they are."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        headers = dict(scope.get("headers", ()))
        length = headers.get(b"content-length", b"0")
        if b"transfer-encoding" in headers or not length.isdigit() or int(length) > self._most:
            refusal = JSONResponse({"detail": f"A body has up to {self._most} bytes and says how many."}, 413)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
