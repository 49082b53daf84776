"""The real page of the real node, in a real browser."""

import json
import shutil
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kith_msgs import msg, srv
from playwright.sync_api import Browser, sync_playwright

from nodes.base import graph

TABLET = "nodes.tablet.node"
ALERTS = "nodes.alerts.node"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _healthz(port: int) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return dict(json.load(answer))
    except OSError:
        return None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        made.close()


def _raise(alert_id: str = "a1") -> srv.RaiseAlert.Request:
    alert = msg.Alert(id=alert_id, resident_id="hanna", level=msg.Alert.ATTEND, kind="pain", text="Her hip hurts.")
    return srv.RaiseAlert.Request(alert=alert)


def test_a_carer_sees_calls_coming_and_who_carries_them(
    run_node: Any, peer: Any, home_dir: Path, browser: Browser
) -> None:
    port = _free_port()
    run_node(TABLET, port=port)
    alerts = run_node(ALERTS, home_dir=home_dir)
    peer.until(lambda: (_healthz(port) or {}).get("covered") is False, "calls not covered")
    page = browser.new_page(viewport={"width": 800, "height": 1280})
    problems: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"http://127.0.0.1:{port}/")
    assert page.get_by_role("heading", name="Calls not covered").is_visible()
    assert "Not a nurse-call system" in page.inner_text("body")
    peer.call(graph.SET_SHIFT, srv.SetShift.Request(holder="Anna Price"))
    peer.call(graph.RAISE_ALERT, _raise())
    page.wait_for_selector("text=Calls are covered")
    page.wait_for_selector("[data-alert='a1']")
    body = page.inner_text("main")
    assert "Anna Price" in body
    assert "Pain" in body
    assert "hip" not in body
    assert "hanna" not in body.lower()
    # Nobody is signed in on this device: showing it there delivers it to nobody.
    assert "Nobody has it yet" in body
    assert all(url.startswith(f"http://127.0.0.1:{port}/") for url in requests)
    assert problems == []
    for target in page.locator("a, button, input").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # A page that hears nothing more says so.
    alerts.kill()
    page.wait_for_selector("text=Calls: not known", timeout=20_000)
    page.close()


def test_a_call_is_delivered_when_the_holders_own_device_shows_it(
    run_node: Any, peer: Any, home_dir: Path, browser: Browser
) -> None:
    port = _free_port()
    run_node(TABLET, port=port, carried_by="Anna")
    run_node(ALERTS, home_dir=home_dir)
    heard = peer.listen(graph.OPEN_ALERTS)
    peer.call(graph.SET_SHIFT, srv.SetShift.Request(holder="Anna"))
    peer.call(graph.RAISE_ALERT, _raise())
    peer.until(lambda: (_healthz(port) or {}).get("open_alerts") == 1, "the page's view")
    peer.spin_for(1.0)
    assert heard[-1].alerts[0].state == msg.Alert.RAISED  # no screen shows it yet
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    peer.until(lambda: heard[-1].alerts[0].state == msg.Alert.DELIVERED, "delivered")
    page.close()


def test_a_lost_connection_is_told_on_the_page(run_node: Any, peer: Any, browser: Browser) -> None:
    port = _free_port()
    tablet = run_node(TABLET, port=port)
    peer.until(lambda: _healthz(port), "the page")
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    tablet.kill()
    page.wait_for_selector("text=No connection")
    tablet.start()
    page.wait_for_selector("#link:text-is('Live')", timeout=20_000)
    page.close()


def test_a_port_in_use_is_one_line_and_taken_when_it_is_free(run_node: Any, peer: Any) -> None:
    diagnostics = peer.listen(graph.DIAGNOSTICS)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        tablet = run_node(TABLET, port=port)
        assert tablet.process.stderr is not None
        line = tablet.process.stderr.readline()
        assert f"port 127.0.0.1:{port} is in use" in line
        peer.until(
            lambda: any("is in use" in status.message for array in diagnostics for status in array.status),
            "diagnostics that say so",
        )
    peer.until(lambda: _healthz(port), "the page, once the port is free")
    code, said = tablet.stop()
    assert (code, "Traceback" in said) == (0, False)
