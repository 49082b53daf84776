"""Pairing: a new device gets the home's certificate, can check it, and nothing else is served without TLS."""

import json
import plistlib
import socket
import ssl
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from kith import home as homes
from kith.commands.tablet import command
from kith.context import Context
from nodes.tablet.addresses import Addresses, own_addresses, read_addresses, write_addresses
from nodes.tablet.certificates import ca_path, tls
from nodes.tablet.pairing import Pairing, pairing_app
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import TestHome


@pytest.fixture
def pairing(tmp_path: Path) -> Pairing:
    tls(tmp_path, ["kith.local"], datetime.now(UTC))
    return Pairing(ca_path(tmp_path).read_text(), "https://kith.local:8485/", "http://192.0.2.10:8486/")


@pytest.fixture
def plain(pairing: Pairing) -> Iterator[TestClient]:
    with TestClient(pairing_app(pairing, ["192.0.2.10"]), base_url="http://192.0.2.10") as client:
        yield client


def test_a_new_device_gets_the_certificate_in_its_own_form(plain: TestClient, pairing: Pairing) -> None:
    der = plain.get("/kith.crt")
    assert der.headers["content-type"] == "application/x-x509-ca-cert"
    assert ssl.DER_cert_to_PEM_cert(der.content).strip() == pairing.ca_pem.strip()
    profile = plistlib.loads(plain.get("/kith.mobileconfig").content)
    assert profile["PayloadContent"][0]["PayloadContent"] == der.content
    page = plain.get("/")
    assert pairing.fingerprint in page.text
    assert 'href="https://kith.local:8485/"' in page.text
    assert "script" not in page.text


def test_nothing_else_is_served_there(plain: TestClient) -> None:
    for path in ("/now", "/residents", "/sign-in", "/ca.key", "/static/../records.py", "/openapi.json"):
        assert plain.get(path).status_code == 404
    assert plain.get("/", headers={"host": "evil.example"}).status_code == 400


def test_the_managers_page_shows_the_code_and_the_same_number(tablet: TestHome, pairing: Pairing) -> None:
    manager = tablet.signed_in(Role.MANAGER)
    tablet.site.pairing = pairing
    page = manager.get("/pairing").text
    assert pairing.fingerprint in page
    assert "<svg" in page
    assert "style=" not in page  # the content security policy would refuse it
    assert pairing.address in page
    tablet.site.pairing = Pairing(pairing.ca_pem, pairing.pages)
    assert "this machine alone" in manager.get("/pairing").text


def test_a_browser_of_the_same_machine_can_get_it_too(tablet: TestHome, pairing: Pairing) -> None:
    tablet.site.pairing = pairing
    device = tablet.device()
    assert device.get("/kith.crt").content == pairing.der
    assert pairing.fingerprint in device.get("/pair").text


def test_loopback_is_never_announced() -> None:
    assert own_addresses("127.0.0.1") == []
    assert own_addresses("192.0.2.10") == ["192.0.2.10"]
    assert all(not each.startswith("127.") for each in own_addresses("0.0.0.0"))


def test_the_command_says_where_and_how(home_dir: Path) -> None:
    tls(home_dir, ["localhost"], datetime.now(UTC))
    runner, context = CliRunner(), Context(home=home_dir)
    away = runner.invoke(command, ["where"], obj=context, standalone_mode=False)
    assert "kith up" in str(away.exception)
    write_addresses(home_dir, Addresses("http://127.0.0.1:1/", "https://kith.local:2/", "http://192.0.2.10:3/"))
    (home_dir / "tablet" / "setup_code").write_text("1111-2222-3333\n")
    with homes.lock(home_dir):
        told = runner.invoke(command, ["where"], obj=context)
        assert "https://kith.local:2/" in told.output
        assert "1111-2222-3333" in told.output
        code = runner.invoke(command, ["pair"], obj=context)
        assert "http://192.0.2.10:3/" in code.output
        assert "█" in code.output or "▄" in code.output
        assert len(json.loads(runner.invoke(command, ["pair", "--json"], obj=context).output)["fingerprint"]) == 64


def test_the_node_serves_its_pages_by_tls_and_says_where(run_node: Any, peer: Any, home_dir: Path) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    node = run_node("nodes.tablet.node", home_dir=home_dir, port=port)
    peer.until(lambda: read_addresses(home_dir), "the addresses")
    told = read_addresses(home_dir)
    assert told is not None
    trusting = ssl.create_default_context(cafile=str(ca_path(home_dir)))
    with urllib.request.urlopen(f"{told.pages}sign-in", timeout=5, context=trusting) as answer:
        assert b"A new home" in answer.read()
    assert told.pairing == ""  # loopback alone
    code, _ = node.stop()
    assert (code, read_addresses(home_dir)) == (0, None)
