"""The signed-in pages of the real node, by TLS under the home's own authority, before the real home nodes."""

import json
import re
import socket
import ssl
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pytest
from kith_msgs import msg, srv

from nodes.base import graph
from nodes.tablet.certificates import ca_path

PIN = "274915"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return json.load(answer)["covered"] is not None
    except OSError:
        return False


def _covered(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
        return bool(json.load(answer)["covered"])


def _token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_from_nothing_to_an_edit_that_every_node_hears(run_node: Any, peer: Any, home_dir: Path) -> None:
    port, secure = _free_port(), _free_port()
    for module in ("profiles", "reminders", "alerts"):
        run_node(f"nodes.{module}.node", home_dir=home_dir)
    run_node("nodes.tablet.node", home_dir=home_dir, port=port, secure_port=secure, time_zone="Europe/London")
    peer.until(lambda: _well(port), "the tablet, with the calls' node heard")
    changes = peer.listen(graph.PROFILE_CHANGES)

    # Without the home's authority nobody believes that this is the home; without TLS nobody answers.
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"https://localhost:{secure}/sign-in")
    assert (ca_path(home_dir).parent / "ca.key").stat().st_mode & 0o077 == 0
    trusting = ssl.create_default_context(cafile=str(ca_path(home_dir)))
    with httpx.Client(
        base_url=f"https://localhost:{secure}", verify=trusting, timeout=20, follow_redirects=True
    ) as web:
        code = (home_dir / "tablet" / "setup_code").read_text().strip()
        page = web.post("/set-up", data={"code": code, "name": "Mary Low", "pin": PIN})
        assert "Calls not covered" in page.text
        token = _token(page.text)

        # Nobody real is taken in before the list is signed: neither by the pages nor by anybody else.
        refused = web.post("/residents", data={"form_token": token, "name": "Hanna Nowak", "room": "12"})
        assert (refused.status_code, "go-live list" in refused.text) == (409, True)
        fact = msg.Fact(
            resident_id="hanna", key="name.full", value="Hanna", source=msg.Fact.CARER, status=msg.Fact.STATED
        )
        answer = peer.call(graph.SET_FACT, srv.SetFact.Request(fact=fact))
        assert (answer.success, "go-live list" in answer.message) == (False, True)
        people = re.findall(r'<option value="(p-\w+)">', web.get("/hand-over").text)
        web.post("/hand-over", data={"form_token": token, "holder": people[0], "pin": PIN})
        peer.until(lambda: _covered(port), "somebody who carries the calls")
        for item in ("impact_assessment", "consent_basis", "alert_holder", "self_administration", "off_switch"):
            signing = {"form_token": token, "item": item, "act": "sign", "note": "in the safe", "pin": PIN}
            assert web.post("/go-live", data=signing).status_code == 200
        page = web.post("/residents", data={"form_token": token, "name": "Hanna Nowak", "room": "12"})
        assert "Hanna Nowak" in page.text
        path = page.url.path
        resident = path.rsplit("/", 1)[-1]
        web.post(
            f"{path}/facts", data={"form_token": token, "key": "food.liked", "value": "plums", "said_by": "resident"}
        )
        peer.until(lambda: any(each.fact.value == "plums" for each in changes), "the change")
        fact = next(each.fact for each in changes if each.fact.value == "plums")
        assert (fact.key, fact.source, fact.status) == ("food.liked", msg.Fact.RESIDENT, msg.Fact.STATED)
        assert fact.who.startswith("p-")

        page = web.post(
            "/reminders", data={"form_token": token, "resident_id": resident, "kind": "visit", "clock": "15:00"}
        )
        assert "your visit" in page.text

        heard = peer.listen(graph.OPEN_ALERTS)
        alert = msg.Alert(id="a1", resident_id=resident, level=msg.Alert.ATTEND, kind="pain", text="Her hip hurts.")
        peer.call(graph.RAISE_ALERT, srv.RaiseAlert.Request(alert=alert))
        peer.until(lambda: heard and heard[-1].alerts, "the call")
        assert heard[-1].holder == "Mary Low"
        peer.until(lambda: "Her hip hurts." in web.get("/now").text, "the call on the page")
        web.post("/calls/shown", data={"form_token": token, "ids": "a1"})
        peer.until(lambda: heard[-1].alerts[0].state == msg.Alert.DELIVERED, "delivered")
        web.post("/calls/accept", data={"form_token": token, "call_id": "a1", "done": "no"})
        peer.until(lambda: heard[-1].alerts[0].accepted_by == "Mary Low", "accepted")
