"""Pairing: a device installs the certificate of the home's own authority, from a plain page that holds nothing else.

The page is served without TLS, because a device that is not paired yet has nothing to trust. What it gives is public;
that it is the right one, people see by its fingerprint, which the manager's screen and the page both show.
"""

import hashlib
import plistlib
import ssl
import uuid
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import segno
from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from nodes.tablet.guard import Guarded

_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
CERTIFICATE, PROFILE = "/kith.crt", "/kith.mobileconfig"


@dataclass(frozen=True)
class Pairing:
    """`pages`: address of the signed-in pages; `address`: of the plain page; empty: only this machine is served."""

    ca_pem: str
    pages: str
    address: str = ""

    @property
    def start(self) -> str:
        """What the code leads to."""
        return self.address or f"{self.pages}pair"

    @cached_property
    def der(self) -> bytes:
        """The certificate as devices install it."""
        return ssl.PEM_cert_to_DER_cert(self.ca_pem)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate in groups of four, as people compare it."""
        digest = hashlib.sha256(self.der).hexdigest().upper()
        return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))

    def code(self) -> str:
        """The QR code as an SVG image without styles or scripts."""
        return str(segno.make(self.start, error="m").svg_inline(scale=8, border=4, light="#fff"))

    def profile(self) -> bytes:
        """The same for Apple's devices, which install certificates from a configuration profile."""
        name = uuid.uuid5(uuid.NAMESPACE_DNS, hashlib.sha256(self.der).hexdigest())
        payload = {
            "PayloadType": "com.apple.security.root",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"local.kith.authority.{name}",
            "PayloadUUID": str(uuid.uuid5(name, "certificate")).upper(),
            "PayloadDisplayName": "Kith: this home's own authority",
            "PayloadContent": self.der,
        }
        return plistlib.dumps(
            {
                "PayloadType": "Configuration",
                "PayloadVersion": 1,
                "PayloadIdentifier": f"local.kith.{name}",
                "PayloadUUID": str(name).upper(),
                "PayloadDisplayName": "Kith in this home",
                "PayloadDescription": "Lets this device trust the pages of Kith in this home.",
                "PayloadContent": [payload],
            }
        )


def certificate_answer(pairing: Pairing) -> Response:
    """The certificate, to install."""
    headers = {"content-disposition": 'attachment; filename="kith.crt"'}
    return Response(pairing.der, media_type="application/x-x509-ca-cert", headers=headers)


def profile_answer(pairing: Pairing) -> Response:
    """The profile, to install."""
    headers = {"content-disposition": 'attachment; filename="kith.mobileconfig"'}
    return Response(pairing.profile(), media_type="application/x-apple-aspen-config", headers=headers)


def pairing_app(pairing: Pairing, hosts: list[str]) -> FastAPI:
    """The plain pages of pairing, and nothing else."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    app.add_middleware(Guarded, policy=_POLICY)
    app.mount("/static", StaticFiles(directory=_HERE / "static"))
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    async def page(_: Request) -> Response:
        return HTMLResponse(templates.get_template("pair.html").render(pairing=pairing))

    async def certificate(_: Request) -> Response:
        return certificate_answer(pairing)

    async def profile(_: Request) -> Response:
        return profile_answer(pairing)

    for path, handler in (("/", page), (CERTIFICATE, certificate), (PROFILE, profile)):
        app.add_route(path, handler, methods=["GET"])
    return app
