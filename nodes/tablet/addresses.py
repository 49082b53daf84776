"""Where a running tablet serves: told to people by `kith up` and `kith tablet`, kept in a file beside its records."""

import json
import os
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path

import psutil

_FILE = "addresses.json"


@dataclass(frozen=True)
class Addresses:
    """Full addresses. `pairing`: where devices get the home's certificate; empty: this machine alone is served."""

    health: str
    pages: str
    pairing: str = ""


def write_addresses(home: Path, found: Addresses) -> None:
    """Tell where the pages are. Errors: OSError."""
    path = home / "tablet" / _FILE
    partial = path.with_name(_FILE + ".new")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(found), file)
    partial.replace(path)


def forget_addresses(home: Path) -> None:
    """Nothing is served any more."""
    (home / "tablet" / _FILE).unlink(missing_ok=True)


def read_addresses(home: Path) -> Addresses | None:
    """Where they are, or None while no tablet serves this home."""
    try:
        return Addresses(**json.loads((home / "tablet" / _FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def own_addresses(address: str) -> list[str]:
    """The IPv4 and IPv6 addresses under which a server on `address` is reached from the home's network."""
    if not ip_address(address).is_unspecified:
        return [] if ip_address(address).is_loopback else [address]
    found = [each.address for every in psutil.net_if_addrs().values() for each in every]
    return [each for each in found if _reachable(each)]


def _reachable(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_link_local or address.is_unspecified)
