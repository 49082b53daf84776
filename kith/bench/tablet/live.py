"""Many devices at once, each with the live page open for as long as the block lasts."""

import asyncio
import contextlib
import re
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Self

import httpx

_SHOWN = re.compile(r'data-alert="([^"]+)"')


class LiveDevices:
    """`open`: how many show the page now. `shown`: by call, when each device first had it (steady seconds)."""

    def __init__(self, url: str, trusting: ssl.SSLContext, cookies: Sequence[Mapping[str, str]]) -> None:
        self._url, self._trusting, self._cookies = url, trusting, cookies
        self.open = 0
        self.shown: dict[str, dict[int, float]] = {}
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> Self:
        self._ending = threading.Event()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join(timeout=10.0)

    async def _run(self) -> None:
        limits = httpx.Limits(max_connections=None)
        endless = httpx.Timeout(None, connect=60.0)  # streams have no end of their own
        async with httpx.AsyncClient(
            base_url=self._url, verify=self._trusting, timeout=endless, limits=limits, trust_env=False
        ) as web:
            devices = [asyncio.create_task(self._device(web, number)) for number in range(len(self._cookies))]
            while not self._ending.is_set():
                await asyncio.sleep(0.05)
            for device in devices:
                device.cancel()
            await asyncio.gather(*devices, return_exceptions=True)

    async def _device(self, web: httpx.AsyncClient, number: int) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies[number].items())
        with contextlib.suppress(httpx.HTTPError):
            async with web.stream("GET", "/now/live", headers={"cookie": cookies}) as stream:
                if stream.status_code != 200:
                    return
                shows = False
                try:
                    async for line in stream.aiter_lines():
                        if not shows and line.startswith("data:"):
                            self.open, shows = self.open + 1, True
                        for call in _SHOWN.findall(line):
                            self.shown.setdefault(call, {}).setdefault(number, time.perf_counter())
                finally:
                    self.open -= shows
