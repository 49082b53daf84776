"""A signed-in device without a browser: the same requests, timed from here."""

import ssl
import time
from pathlib import Path
from typing import Any

import httpx

from culture_profiles.errors import KithError
from kith.bench.tablet.home import CARERS, MANAGER, PIN, token_in
from nodes.tablet.certificates import ca_path
from nodes.tablet.records import SETUP_CODE

_ANSWERS_WITHIN_S = 60.0


class Device:
    """Trusts the home's own authority, never more. Use as a context."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        self.trusting = ssl.create_default_context(cafile=str(ca_path(home)))
        self.web = httpx.Client(
            base_url=url, verify=self.trusting, timeout=_ANSWERS_WITHIN_S, follow_redirects=True, trust_env=False
        )
        self.token = ""

    def __enter__(self) -> "Device":
        return self

    def __exit__(self, *_: object) -> None:
        self.web.close()

    def set_up(self) -> None:
        """As the first manager; then two carers and somebody who carries the calls."""
        code = (self.home / "tablet" / SETUP_CODE).read_text(encoding="ascii").strip()
        self.token = token_in(self._good(self.web.post("/set-up", data={"code": code, "name": MANAGER, "pin": PIN})))
        for name in CARERS:
            self.post("/staff", name=name, role="carer", pin=PIN)

    def sign_in(self, name: str) -> None:
        """With the PIN that everybody has here."""
        self.token = token_in(self._good(self.web.post("/sign-in", data={"name": name, "pin": PIN})))

    def get(self, path: str) -> tuple[str, float]:
        """A page and how many milliseconds it took."""
        began = time.perf_counter()
        answer = self.web.get(path)
        took = (time.perf_counter() - began) * 1000
        return self._good(answer), took

    def post(self, path: str, **fields: str) -> str:
        """Send a form. Errors: KithError where it is refused."""
        return self._good(self.web.post(path, data={"form_token": self.token, **fields}))

    def save(self, path: str, **fields: str) -> None:
        """Send a form and wait until it is saved, not for the next page. Errors: KithError."""
        answer = self.web.post(path, data={"form_token": self.token, **fields}, follow_redirects=False)
        if answer.status_code != 303:
            raise KithError(f"the tablet did not save a form: status {answer.status_code}")

    @property
    def cookies(self) -> dict[str, str]:
        """For a stream of its own."""
        return dict(self.web.cookies)

    @staticmethod
    def _good(answer: Any) -> str:
        if answer.status_code != 200:
            raise KithError(f"a page of the tablet answered {answer.status_code}: {answer.request.url.path}")
        return str(answer.text)
