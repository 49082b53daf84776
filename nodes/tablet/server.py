"""A web server on a thread of its own."""

import asyncio
import socket
import ssl
import threading

import uvicorn
from starlette.types import ASGIApp

from culture_profiles.errors import KithError


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        # A browser that keeps its connection answers no farewell: the loop would end with it half open.
        for connection in list(self.server_state.connections):
            if (transport := getattr(connection, "transport", None)) is not None:
                transport.abort()
        await asyncio.sleep(0.05)


class WebServer:
    """Serves one application from `start` until `stop`. The port is taken before `start` returns."""

    def __init__(self, app: ASGIApp, address: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            loop="asyncio",
            http="h11",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=15,
            limit_concurrency=200,
        )
        if tls is not None:
            # uvicorn reads files alone; the server's key stays in memory.
            self._config.load()
            self._config.ssl = tls
        self._address, self._port = address, port

    def start(self) -> int:
        """Take the port and serve; returns the port. Errors: KithError when it cannot be had."""
        where = f"{self._address}:{self._port}"
        try:
            family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
            self._socket = socket.socket(family, socket.SOCK_STREAM)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((self._address, self._port))
            self._socket.listen()  # who asks while the server still starts is answered, not refused
        except OSError as problem:
            self._socket.close()
            why = "is in use by another program" if problem.errno == 98 else f"cannot be used: {problem.strerror}"
            raise KithError(f"the tablet's port {where} {why}: free it or set the parameter port") from None
        self._server = _Server(self._config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="tablet-web", daemon=True
        )
        self._thread.start()
        return int(self._socket.getsockname()[1])

    @property
    def alive(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """Whether streams should end."""
        return self._server.should_exit

    def stop(self) -> None:
        """Stop and give the port back."""
        self._server.should_exit = True
        self._thread.join(timeout=3.0)
        self._socket.close()
