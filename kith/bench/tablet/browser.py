"""What only a browser can tell: whether the pages are accessible, and what the ten tasks take."""

import base64
import hashlib
import shutil
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from culture_profiles.errors import KithError
from kith.bench.tablet.home import MANAGER, PIN
from kith.bench.tablet.tasks import LANDSCAPE, UPRIGHT, Done, do_tasks
from nodes.tablet.certificates import ca_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def what_is_missing() -> str:
    """Why there is no browser; empty where there is one."""
    try:
        import axe_playwright_python.sync_playwright  # noqa: F401
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright and axe-playwright-python are not installed: make setup brings them"
    return "" if _chromium() else "no Chromium is installed: apt-get install chromium"


def _chromium() -> str | None:
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


@contextmanager
def browser(home: Path, url: str) -> Iterator["Browser"]:
    """Chromium that trusts the server's key only after it was checked against the home's authority."""
    from playwright.sync_api import sync_playwright

    trusted = f"--ignore-certificate-errors-spki-list={checked_key(home, url)}"
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox", trusted])
        yield made
        made.close()


def checked_key(home: Path, url: str) -> str:
    """SHA-256 of the server's public key, base64, after its certificate was checked. Errors: KithError."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 443
    trusting = ssl.create_default_context(cafile=str(ca_path(home)))
    try:
        with (
            socket.create_connection((host, port), timeout=10) as plain,
            trusting.wrap_socket(plain, server_hostname=host) as secure,
        ):
            certificate = secure.getpeercert(binary_form=True)
    except OSError as problem:
        raise KithError(f"the tablet's certificate is not the home's own: {problem}") from None
    assert certificate is not None
    key = x509.load_der_x509_certificate(certificate).public_key()
    digest = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    return base64.b64encode(digest).decode()


def tasks(made: "Browser", url: str) -> dict[str, Done]:
    """The ten tasks at 800 by 1280."""
    context = made.new_context(viewport={"width": UPRIGHT[0], "height": UPRIGHT[1]})
    try:
        return do_tasks(context.new_page(), url, PIN)
    finally:
        context.close()


def violations(made: "Browser", url: str, paths: list[str], *, quick: bool) -> list[str]:
    """What axe-core finds, as "page theme: rule", on each page in both themes (quick: light alone)."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[str] = []
    for theme, size in (("light", UPRIGHT),) if quick else (("light", UPRIGHT), ("dark", LANDSCAPE)):
        context = made.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if theme == "dark" else "light"
        )
        page = context.new_page()
        page.goto(f"{url}/sign-in")
        page.get_by_label("Your name").fill(MANAGER)
        page.get_by_label("PIN").fill(PIN)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{url}/now")
        for path in paths:
            page.goto(url + path, wait_until="load")
            response: Any = Axe().run(page).response
            found += [f"{path} {theme}: {each['id']}" for each in response["violations"] for _ in each["nodes"]]
        context.close()
    return found
