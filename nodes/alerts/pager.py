"""The home's own pager: each call goes out as a signed web request, and again until it is taken.

What goes out says how urgent, what kind and which room; no name, no word, no resident id. What a resident has confided
never goes out (care rule 5). Requests are made on a thread of their own; whatever happens there stops no alert.

The receiver checks `Kith-Signature: v1=<hex>`, the HMAC-SHA256 under the shared secret of "<Kith-Timestamp>.<body>",
and refuses an old timestamp; `id`, `event` and `count` tell a repeated request from a new one.
"""

import hashlib
import hmac
import ipaddress
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import yaml

from behaviours.calling.alert import SEALED, Alert
from culture_profiles.errors import KithError
from culture_profiles.yaml_file import entries, read_mapping
from nodes.alerts.store import paging

_SHORTEST_SECRET = 16
_ANSWERS_WITHIN_S = 5.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0


def may_be_paged(alert: Alert) -> bool:
    """Whether anything of it may leave the house's screens."""
    return alert.kind not in SEALED


@dataclass(frozen=True)
class PagerSettings:
    """Where pages go, and the secret that signs them."""

    url: str
    secret: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """From `url:` and `secret:` in a file for its owner alone. Errors: KithError with file, line and field."""
        try:
            if path.stat().st_mode & 0o077:
                raise KithError(f"{path.name}: others can read the secret in it: chmod 600 {path}")
        except OSError as problem:
            raise KithError(f"{path.name}: cannot be read: {problem.strerror}") from None
        found: dict[str, str] = {}
        for name, node, line in entries(read_mapping(path), path):
            if name not in ("url", "secret"):
                raise KithError(f"{path.name}, line {line}: {name[:60]!r} is not known here: use url and secret")
            if not isinstance(node, yaml.ScalarNode):
                raise KithError(f"{path.name}, line {line}: {name}: must be one line of text")
            found[name] = str(node.value).strip()
            if name == "url" and not _usable(found[name]):
                raise KithError(
                    f"{path.name}, line {line}: url: must begin with https://, or name this house's network"
                )
            if name == "secret" and len(found[name]) < _SHORTEST_SECRET:
                raise KithError(f"{path.name}, line {line}: secret: must have {_SHORTEST_SECRET} characters or more")
        if missing := [name for name in ("url", "secret") if name not in found]:
            raise KithError(f"{path.name}: {' and '.join(missing)} is missing")
        return cls(found["url"], found["secret"])


def _usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password:
        return False
    if parts.scheme == "https" or (parts.scheme == "http" and host == "localhost"):
        return True
    try:
        return parts.scheme == "http" and ipaddress.ip_address(host).is_private
    except ValueError:
        return False


@dataclass(frozen=True)
class Page:
    """What the pager is told of one alert. `event`: raised (`count` tells how often again), accepted, closed."""

    alert_id: str
    event: str
    count: int
    level: str
    kind: str
    room: str

    @classmethod
    def of(cls, alert: Alert, room: str) -> Self:
        """Of an alert as it is now."""
        event, count = paging(alert)
        return cls(alert.id, event, count, alert.level.name.lower(), alert.kind, room)

    def body(self) -> bytes:
        """As it travels. The id is the same for the same alert, and tells nothing."""
        about: dict[str, Any] = {
            "id": hashlib.sha256(self.alert_id.encode()).hexdigest()[:24],
            "event": self.event,
            "count": self.count,
            "level": self.level,
            "kind": self.kind,
            "room": self.room,
        }
        return json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of Kith-Signature."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@dataclass
class _Job:
    page: Page
    due_s: float = 0.0
    pause_s: float = _FIRST_PAUSE_S


class Pager:
    """Sends pages one after the other. `told` is called on its thread: (page, "") when taken, else the problem."""

    def __init__(self, settings: PagerSettings, told: Callable[[Page, str], None]) -> None:
        self._settings = settings
        self._told = told
        self._jobs: dict[str, _Job] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="pager", daemon=True)
        self._thread.start()

    def send(self, page: Page) -> None:
        """Send it as soon as may be; it replaces what is unsent of the same alert."""
        with self._changed:
            if not self.has(page):
                self._jobs[page.alert_id] = _Job(page)
                self._changed.notify()

    def has(self, page: Page) -> bool:
        """Whether it waits to be sent, in whatever room."""
        job = self._jobs.get(page.alert_id)
        return job is not None and (job.page.event, job.page.count) == (page.event, page.count)

    def close(self) -> None:
        """Send nothing any more. A request under way may go on for seconds; nobody waits for it."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(timeout=0.5)

    def _run(self) -> None:
        with httpx.Client(timeout=_ANSWERS_WITHIN_S, follow_redirects=False, trust_env=False) as client:
            while (job := self._next()) is not None:
                problem = self._post(client, job.page)
                with self._changed:
                    if self._closed:
                        return
                    if self._jobs.get(job.page.alert_id) is job:
                        if problem:
                            job.due_s = time.monotonic() + job.pause_s
                            job.pause_s = min(job.pause_s * 2, _LONGEST_PAUSE_S)
                        else:
                            del self._jobs[job.page.alert_id]
                self._told(job.page, problem)

    def _next(self) -> _Job | None:
        """The next that is due, waiting for it; None: closed."""
        with self._changed:
            while not self._closed:
                job = min(self._jobs.values(), key=lambda each: each.due_s, default=None)
                wait_s = None if job is None else job.due_s - time.monotonic()
                if job is not None and (wait_s is None or wait_s <= 0):
                    return job
                self._changed.wait(wait_s)
            return None

    def _post(self, client: httpx.Client, page: Page) -> str:
        body, timestamp = page.body(), str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Kith-Timestamp": timestamp,
            "Kith-Signature": signature(self._settings.secret, timestamp, body),
        }
        try:
            answer = client.post(self._settings.url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return "the pager cannot be reached: calls wait for it, and are shown on the tablet meanwhile"
        if answer.is_success:
            return ""
        return f"the pager refuses calls (status {answer.status_code}): check its address and secret"
