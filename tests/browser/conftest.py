"""A real browser before the real pages, by TLS under a home's own authority that the browser trusts."""

import base64
import hashlib
import shutil
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, sync_playwright

from nodes.tablet.certificates import ca_path, tls
from nodes.tablet.server import WebServer
from tests.nodes.tablet.homes import TestHome


class Served:
    """A tablet at `url`. `stop` and `start`: the network goes and comes back."""

    def __init__(self, folder: Path) -> None:
        self.home = TestHome(folder, hosts=["localhost"])
        self._tls = tls(folder, ["localhost", "127.0.0.1"], datetime.now(UTC))
        self.home.site.stopping = lambda: self._server.stopping
        self._port = 0
        self.start()
        self.url = f"https://localhost:{self._port}"

    def start(self) -> None:
        self._server = WebServer(self.home.app, "127.0.0.1", self._port, self._tls)
        self._port = self._server.start()

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    yield made
    made.stop()
    made.home.close()


@pytest.fixture
def browser(served: Served) -> Iterator[Browser]:
    """Chromium that trusts the server's key only after Python has checked it against the home's authority."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    pin = _checked_key(served)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", f"--ignore-certificate-errors-spki-list={pin}"]
        )
        yield made
        made.close()


def _checked_key(served: Served) -> str:
    host, port = served.url.removeprefix("https://").split(":")
    trusting = ssl.create_default_context(cafile=str(ca_path(served.home.folder)))
    with (
        socket.create_connection((host, int(port)), timeout=10) as plain,
        trusting.wrap_socket(plain, server_hostname=host) as secure,
    ):
        certificate = secure.getpeercert(binary_form=True)
    assert certificate is not None
    key = x509.load_der_x509_certificate(certificate).public_key()
    digest = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    return base64.b64encode(digest).decode()
