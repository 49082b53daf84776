"""From the tablet's pages to a robot's mind and wheels and back, with the real nodes; the test is the resident."""

import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from culture_profiles.importing import read_resident
from culture_profiles.store import ProfileStore
from nodes.base import graph
from nodes.tablet.addresses import read_addresses
from nodes.tablet.certificates import ca_path
from tests.nodes.dialogue.conftest import PEOPLE, Room, morning_zone

PIN = "274915"
NAME = re.compile(r'name="form_token" value="([^"]+)"')


@pytest.fixture
def room(peer: Any) -> Iterator[Room]:
    made = Room(peer)
    yield made
    peer.until(lambda: not made.speaking, "the end of all that is being said")
    made.voice.destroy()


@pytest.fixture
def web(run_node: Any, peer: Any, room: Room, home_dir: Path) -> Iterator[httpx.Client]:
    """A manager's browser before a home with Hanna and one robot."""
    with ProfileStore(home_dir / "profiles" / "profiles.db") as store:
        for fact in read_resident(PEOPLE / "hanna.yaml", datetime.now(UTC), "test"):
            store.set_fact(fact)
    run_node("nodes.profiles.node", home_dir=home_dir)
    run_node("nodes.safety.node", home_dir=home_dir)
    run_node("nodes.dialogue.node", home_dir=home_dir, time_zone=morning_zone(), understanding=False)
    run_node("nodes.tablet.node", home_dir=home_dir, port=0, time_zone=morning_zone())
    peer.until(lambda: read_addresses(home_dir) is not None, "the tablet", within_s=60.0)
    pages = read_addresses(home_dir)
    assert pages is not None
    trusting = ssl.create_default_context(cafile=str(ca_path(home_dir)))
    with httpx.Client(base_url=pages.pages, verify=trusting, timeout=20, follow_redirects=True) as made:
        code = (home_dir / "tablet" / "setup_code").read_text().strip()
        made.post("/set-up", data={"code": code, "name": "Mary Low", "pin": PIN})
        yield made


def _token(web: httpx.Client) -> str:
    found = NAME.search(web.get("/robots").text)
    assert found is not None
    return found[1]


def _a_message_is_asked_about_read_and_told_as_read(web: httpx.Client, room: Room, peer: Any) -> None:
    token, words = _token(web), "See you on Sunday, mother."
    fields = {"form_token": token, "sender": "Ewa", "text": words, "act": "send"}
    page = web.post("/residents/hanna/messages", data=fields)
    assert "Waiting until the robot is with them" in page.text
    room.enter("hanna")
    assert "Sunday" not in room.hear("Ewa").text
    assert "Being asked now" in web.get("/messages").text
    room.say("Yes, please.")
    room.hear("See you on Sunday")
    peer.until(lambda: "Read to them" in web.get("/messages").text, "the page to say that it was read")


def _orders_and_the_stop_reach_the_robot_and_show_on_the_page(web: httpx.Client, peer: Any) -> None:
    senses = peer.listen(graph.SENSES)
    token = _token(web)

    def ask(path: str, **fields: str) -> None:
        answer = web.post(path, data={"form_token": token, "robot": "", **fields})
        assert answer.status_code == 200, answer.text

    def shows(text: str) -> None:
        peer.until(lambda: text in web.get("/robots").text, f"the page to show {text!r}")

    shows("The robot")
    ask("/robots/order", order="quiet", value="15")
    shows("It may speak again")
    shows("Hanna")
    ask("/robots/order", order="senses", value="off")
    peer.until(lambda: senses and not senses[-1].data, "the microphone to be off")
    shows("It cannot hear a call for help")
    ask("/robots/stop", stopped="yes")
    shows("Let it move again")
    ask("/robots/stop", stopped="no")
    shows("Stop</button>")
    # Care in progress of somebody near turns them off as well, and only its end turns them on.
    ask("/robots/order", order="senses", value="on")
    peer.until(lambda: senses[-1].data, "the microphone to be on")
    web.post("/residents/hanna/care", data={"form_token": token, "care": "doctor"})
    peer.until(lambda: not senses[-1].data, "the microphone to be off for the doctor")
    web.post("/residents/hanna/care", data={"form_token": token, "care": "no"})
    peer.until(lambda: senses[-1].data, "the microphone to be on after the doctor")


def _the_robot_is_told_who_is_with_it(web: httpx.Client, peer: Any) -> None:
    matches = peer.listen(graph.CANDIDATE_MATCHES)
    token = _token(web)
    tell = {"form_token": token, "robot": "", "order": "with"}
    web.post("/robots/order", data={**tell, "value": "hanna"})
    peer.until(lambda: any((each.id1, each.id2) == ("hanna", "tablet") for each in matches), "the match")
    peer.until(lambda: "<strong>Hanna" in web.get("/robots").text, "the page to show her beside it")
    web.post("/robots/order", data={**tell, "value": ""})
    peer.until(lambda: any(each.id2 == "tablet" and each.confidence == 0 for each in matches), "the end of it")


def test_what_staff_do_on_the_pages_is_done_by_the_robot(web: httpx.Client, room: Room, peer: Any) -> None:
    _the_robot_is_told_who_is_with_it(web, peer)
    _a_message_is_asked_about_read_and_told_as_read(web, room, peer)
    _orders_and_the_stop_reach_the_robot_and_show_on_the_page(web, peer)
