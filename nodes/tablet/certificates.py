"""TLS by the home's own authority, made at the first start. A device installs its certificate and trusts it."""

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from culture_profiles.errors import KithError

NAME = "kith.local"
_KEY, _CERTIFICATE = "ca.key", "ca.pem"
_LEAF_DAYS = 397  # no device accepts much more


def ca_path(home: Path) -> Path:
    """The authority's certificate: what a device installs."""
    return home / "tablet" / _CERTIFICATE


def tls(home: Path, addresses: list[str], now: datetime) -> ssl.SSLContext:
    """A server context for these names and addresses, under the home's authority. A new server certificate each start.

    Errors: KithError when the authority's files are damaged or cannot be written.
    """
    authority = _authority(home)
    leaf = authority.issue_cert(
        *dict.fromkeys([NAME, *addresses]),
        organization_name="Kith",
        not_before=now.astimezone(UTC) - timedelta(days=1),
        not_after=now.astimezone(UTC) + timedelta(days=_LEAF_DAYS),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    leaf.configure_cert(context)
    return context


def _authority(home: Path) -> trustme.CA:
    folder = home / "tablet"
    key, certificate = folder / _KEY, folder / _CERTIFICATE
    try:
        if key.exists() and certificate.exists():
            return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = trustme.CA(organization_name="Kith", organization_unit_name="This home's own authority")
        _write(key, made.private_key_pem.bytes())
        _write(certificate, made.cert_pem.bytes())
    except OSError as problem:
        raise KithError(f"{folder}: cannot be used ({problem.strerror}): check owner and space") from None
    except ValueError:
        raise KithError(
            f"{folder}: {_KEY} or {_CERTIFICATE} is damaged: restore a backup, or remove both and pair again"
        ) from None
    return made


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, for the owner alone."""
    partial = path.with_name(path.name + ".new")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
