"""Whatever is sent to any form: one clear line, nothing lost, nobody let in, never a server error."""

import re
from datetime import timedelta

import pytest

from culture_profiles.errors import KithError
from nodes.tablet.people import Person
from nodes.tablet.roles import Role
from nodes.tablet.site.routes import ROUTES
from nodes.tablet.site.visit import Route
from tests.nodes.tablet.homes import PIN, Device, TestHome, call, occurrence

FORMS = [route for route in ROUTES if route.method == "POST"]
FIELDS = (
    *("key", "value", "act", "said_by", "old", "seen", "sequence", "state", "confirmed", "care", "purpose", "answer"),
    *("basis", "decider", "assessment", "review", "consulted", "resident_id", "kind", "clock", "clock_own", "day"),
    *(
        "repeat",
        "title",
        "place",
        "note",
        "occurrence_id",
        "call_id",
        "done",
        "holder",
        "deputy",
        "pin",
        "name",
        "role",
    ),
    *("person_id", "room", "practice", "days", "program_id", "item", "ids", "credential", "text", "sender", "robot"),
    *("message_id", "language", "order", "amount", "file", "file.name", "on", "scope", "review", "seen"),
)
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{7*7}}"
_HERE = {"resident_id": "hanna", "key": "food.liked"}


def _path(route: Route) -> str:
    return re.sub(r"{(\w+)}", lambda part: _HERE.get(part[1], "x"), route.path)


@pytest.fixture
def manager(tablet: TestHome) -> Device:
    tablet.home.listed, tablet.home.due = [call("c1")], [occurrence("o1")]
    return tablet.signed_in(Role.MANAGER, "Mary Low")


@pytest.mark.parametrize("sent", [MARKUP, "", "x" * 900, "\x00\u202e\ud7ff", "-1", "99999999999999999999", "٣"])
def test_no_field_of_any_form_breaks_it(tablet: TestHome, manager: Device, sent: str) -> None:
    for route in FORMS:
        if route.path == "/practice":
            continue
        answer = manager.post(_path(route), **dict.fromkeys(FIELDS, sent))
        assert answer.status < 500, (route.path, answer.status)
        assert "<script>alert" not in answer.text, route.path
        assert "Traceback" not in answer.text
    for path in (
        "/now",
        "/residents",
        "/residents/hanna",
        "/staff",
        "/reminders",
        "/audit",
        "/programs",
        "/named",
        "/go-live",
    ):
        page = manager.get(path)
        assert page.status == 200, path
        assert "<script>alert" not in page.text, path
        assert "onerror=alert(1)>" not in page.text, path
    people: list[Person] = tablet.records.call(tablet.people.all)
    assert [each.active for each in people if each.id == manager.person.id] == [True]


def test_a_huge_paste_is_refused_whole(tablet: TestHome, manager: Device) -> None:
    tablet.know("food.liked", "soup")
    for route in FORMS:
        answer = manager.post(_path(route), key="food.liked", value="x" * 3_000_000, text="x" * 3_000_000)
        assert answer.status in (401, 403, 409, 413), (route.path, answer.status)
    answer = manager.post("/residents/hanna/facts", key="food.liked", value="x" * 5_000)
    assert answer.status == 409
    assert tablet.known("food.liked") == ("soup",)


def test_a_forged_or_ended_session_does_nothing(tablet: TestHome, manager: Device) -> None:
    token = manager.form_token
    for cookie in ("", "x", "a" * 4000, manager.client.cookies["__Host-kith"][:-1] + "!"):
        stranger = tablet.device()
        for route in FORMS:
            answer = stranger.post(
                _path(route), data={"form_token": token}, headers={"cookie": f"__Host-kith={cookie}"}
            )
            assert answer.status_code == 401, route.path
    tablet.home.at += timedelta(hours=13)
    for route in FORMS:
        assert manager.client.post(_path(route), data={"form_token": token}).status_code == 401


def test_another_persons_form_token_does_nothing(tablet: TestHome, manager: Device) -> None:
    carer = tablet.signed_in(Role.CARER, "Anna Price")
    for route in FORMS:
        answer = manager.client.post(_path(route), data={"form_token": carer.form_token, "state": "out"})
        assert answer.status_code == 403, route.path
    assert tablet.known("state_of_life") == ()


def test_a_double_tap_counts_once(tablet: TestHome, manager: Device) -> None:
    for _ in range(3):
        assert manager.post("/staff", name="Anna Price", role="carer", pin=PIN, once="a1").status == 303
        manager.post("/reminders", resident_id="hanna", kind="visit", clock="15:00", once="a2")
        manager.post("/residents/hanna/facts", key="food.liked", value="plums", once="a3")
    assert len(tablet.home.routines) == 1
    assert len(tablet.records.call(tablet.people.all)) == 2
    assert len(tablet.home.store.history("hanna", "food.liked")) == 1


def test_a_full_disk_is_told_and_loses_nothing(
    tablet: TestHome, manager: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet.know("food.liked", "soup")

    async def full(_: object) -> None:
        raise KithError("the disk is full, nothing was changed: free some space")

    monkeypatch.setattr(tablet.home, "write", full)
    answer = manager.post("/residents/hanna/facts", key="food.liked", value="plums", once="b1")
    assert (answer.status, "disk is full" in answer.text) == (409, True)
    assert tablet.known("food.liked") == ("soup",)
    monkeypatch.undo()
    # The same form again, once there is space: it was not counted as done.
    assert manager.post("/residents/hanna/facts", key="food.liked", value="plums", once="b1").status == 303
    assert set(tablet.known("food.liked")) == {"soup", "plums"}
