"""The API: the same acts with the same rights, for programs with tokens."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from nodes.tablet.audit import read_rows
from nodes.tablet.programs import ROLES, Program
from nodes.tablet.records import records_path
from nodes.tablet.robots import Order, RobotView
from nodes.tablet.roles import Role, may, roles
from tests.nodes.tablet.api import endpoints, filled, program
from tests.nodes.tablet.homes import PIN, TestHome, call, occurrence


class Caller:
    """A program with its token."""

    def __init__(self, tablet: TestHome, role: Role = Role.CARER) -> None:
        self.program, token = program(tablet, role)
        self.client = TestClient(tablet.app, base_url="https://kith.local", follow_redirects=False)
        self.client.headers["authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, json: Any = None) -> httpx.Response:
        return self.client.request(method, f"/api/v1{path}", json=json)


def test_a_program_sees_and_changes_what_its_role_may(tablet: TestHome) -> None:
    tablet.know("food.disliked", "liver")
    ask = Caller(tablet)
    assert ask("GET", "/residents").json() == [
        {"id": "george", "name": "George Bell"},
        {"id": "hanna", "name": "Hanna Nowak"},
    ]
    written = ask("POST", "/residents/hanna/facts", {"key": "food.liked", "value": "pierogi", "said_by": "resident"})
    assert (written.status_code, written.json()["source"]) == (200, "resident")
    assert tablet.known("food.liked") == ("pierogi",)
    facts = {each["key"]: each["value"] for each in ask("GET", "/residents/hanna/facts").json()}
    assert facts["food.disliked"] == "liver"
    refused = ask("POST", "/residents/hanna/facts", {"key": "safety.allergy", "value": "penicillin"})
    assert refused.status_code == 403
    assert ask("GET", "/residents/nobody").status_code == 404


def test_what_it_reads_and_writes_is_recorded_under_its_own_id(tablet: TestHome) -> None:
    tablet.know("faith.stated", "Quaker", "resident")
    ask = Caller(tablet)
    ask("GET", "/residents/hanna/facts")
    ask("GET", "/residents/hanna/facts/faith.stated")
    ask("POST", "/residents/hanna/facts", {"key": "food.liked", "value": "soup"})
    rows = [(row.who, row.what, row.keys) for row in read_rows(records_path(tablet.folder))]
    assert rows == [
        (ask.program.id, "read profile", "faith.stated"),
        (ask.program.id, "read history", "faith.stated"),
        (ask.program.id, "write", "food.liked"),
    ]


def test_two_who_write_at_once_both_learn_of_it(tablet: TestHome) -> None:
    ask = Caller(tablet)
    seen = ask("POST", "/residents/hanna/facts", {"key": "speech.rate", "value": "slow"}).json()["sequence"]
    tablet.know("speech.rate", "fast")
    stale = ask("POST", "/residents/hanna/facts", {"key": "speech.rate", "value": "normal", "seen": seen})
    assert stale.status_code == 409
    assert tablet.known("speech.rate") == ("fast",)


def test_only_a_person_comes_to_a_call_or_closes_a_reminder(tablet: TestHome) -> None:
    tablet.home.listed, tablet.home.due = [call("c1")], [occurrence("o1")]
    anna = tablet.person(Role.CARER, "Anna Price")
    ask = Caller(tablet)
    signed = {"person_id": anna.id, "pin": PIN}
    assert ask("POST", "/calls/c1/answer", {"done": False}).status_code == 422
    wrong = {"person_id": anna.id, "pin": "000000"}
    assert ask("POST", "/calls/c1/answer", {"signed": wrong}).status_code == 409
    assert tablet.home.accepted == []
    assert ask("POST", "/calls/c1/answer", {"signed": signed}).status_code == 204
    assert ask("POST", "/reminders/o1/close", {"signed": signed}).status_code == 204
    assert tablet.home.accepted == [("c1", "Anna Price", False)]
    assert tablet.home.closed == [("o1", "Anna Price")]
    assert [row.who for row in read_rows(records_path(tablet.folder))][-2:] == [anna.id, anna.id]
    assert ask("POST", "/calls/c7/answer", {"signed": signed}).status_code == 404


def test_guessing_pins_through_it_waits_as_on_the_pages(tablet: TestHome) -> None:
    tablet.home.listed = [call("c1")]
    anna = tablet.person(Role.CARER, "Anna Price")
    ask = Caller(tablet)
    tries = [
        ask("POST", "/calls/c1/answer", {"signed": {"person_id": anna.id, "pin": "000000"}}).status_code
        for _ in range(4)
    ]
    assert tries == [409, 409, 409, 429]


def test_who_signs_needs_the_right_too(tablet: TestHome) -> None:
    carer = tablet.person(Role.CARER, "Anna Price")
    ask = Caller(tablet, Role.MANAGER)
    body = {"answer": "no", "signed": {"person_id": carer.id, "pin": PIN}}
    assert ask("PUT", "/residents/hanna/consents/memory", body).status_code == 403
    senior = tablet.person(Role.SENIOR_CARER, "Sue Hall")
    body["signed"] = {"person_id": senior.id, "pin": PIN}
    answered = ask("PUT", "/residents/hanna/consents/memory", body)
    assert (answered.status_code, answered.json()["counts"]) == (200, False)
    died = {"state": "died", "signed": {"person_id": senior.id, "pin": PIN}}
    assert ask("PUT", "/residents/hanna/state", died).status_code == 409
    assert ask("PUT", "/residents/hanna/state", {**died, "confirmed": True}).status_code == 204
    assert tablet.known("state_of_life") == ("died",)


def test_a_token_ends_and_a_forged_one_opens_nothing(tablet: TestHome) -> None:
    ask = Caller(tablet)
    for forged in ("", "Bearer ", "Bearer kith_x", "Basic YTpi", f"Bearer {'x' * 5000}", "Bearer \u00e9"):
        headers = {"authorization": forged.encode()}
        assert tablet.device().get("/api/v1/residents", headers=headers).status_code == 401
    assert ask("GET", "/residents").status_code == 200
    tablet.home.at += timedelta(days=30)
    assert ask("GET", "/residents").status_code == 401
    again = Caller(tablet)
    tablet.records.call(lambda: tablet.programs.end(again.program.id))
    assert again("GET", "/residents").status_code == 401


def test_a_signed_in_browser_is_no_program_and_a_token_is_no_session(tablet: TestHome) -> None:
    manager = tablet.signed_in(Role.MANAGER)
    assert manager.get("/api/v1/residents").status == 401
    ask = Caller(tablet, Role.MANAGER)
    assert ask.client.get("/residents").status_code == 303


def test_tokens_are_kept_as_hashes_and_shown_once(tablet: TestHome) -> None:
    manager = tablet.signed_in(Role.MANAGER)
    fields = {"name": "The rota", "role": "carer", "days": "30", "once": "o1"}
    page = manager.post("/programs", **fields)
    token = page.text.split("<code>")[1].split("</code>")[0]
    assert tablet.device().get("/api/v1/residents", headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert token not in manager.get("/programs").text
    assert token.encode() not in records_path(tablet.folder).read_bytes()
    assert manager.post("/programs", **fields).status == 303  # a double tap makes one
    made: list[Program] = tablet.records.call(tablet.programs.all)
    assert len(made) == 1
    manager.post("/programs/end", program_id=made[0].id)
    assert tablet.device().get("/api/v1/residents", headers={"authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize("role", [role for role in Role if role not in ROLES])
def test_no_program_has_the_role_of_a_single_person(tablet: TestHome, role: Role) -> None:
    manager = tablet.signed_in(Role.MANAGER)
    assert manager.post("/programs", name="x", role=str(role), days="30").status == 409


def test_what_is_wrong_is_told_without_what_was_sent(tablet: TestHome) -> None:
    ask = Caller(tablet)
    answer = ask("POST", "/residents/hanna/facts", {"key": "food.liked", "value": ["secret words"], "act": "shout"})
    assert answer.status_code == 422
    assert "secret words" not in answer.text
    assert {each["loc"][-1] for each in answer.json()["detail"]} == {"value", "act"}
    huge = ask("POST", "/residents/hanna/facts", {"key": "food.liked", "value": "x" * 3_000_000})
    assert huge.status_code == 413


@pytest.mark.parametrize("role", ROLES)
def test_every_endpoint_answers_each_role_as_the_table_says(tablet: TestHome, role: Role) -> None:
    tablet.home.listed, tablet.home.due = [call("c1")], [occurrence("o1")]
    ask = Caller(tablet, role)
    for method, path, action in endpoints():
        assert action in roles(), f"{method} {path} names no action of roles.yaml"
        status = ask(method, filled(path), {} if method != "GET" else None).status_code
        assert (status != 403) == may(role, action), (role, method, path, status)


def test_nothing_is_reachable_without_a_token_but_its_description(tablet: TestHome) -> None:
    device = tablet.device()
    for method, path, _ in endpoints():
        assert device.request(method, f"/api/v1{filled(path)}").status_code == 401, path
    description = device.get("/api/v1/openapi.json")
    assert description.json()["info"]["title"] == "Kith"
    assert device.get("/api/v1/docs").status_code == 404  # such pages load scripts from elsewhere


def test_messages_are_sent_listed_and_taken_back(tablet: TestHome) -> None:
    ask = Caller(tablet)
    sent = ask("POST", "/residents/hanna/messages", {"sender": "your daughter Ewa", "text": "We come on Sunday."})
    assert (sent.status_code, sent.json()["state"], sent.json()["created_by"]) == (201, "waiting", ask.program.id)
    listed = ask("GET", "/residents/hanna/messages").json()
    assert [each["text"] for each in listed] == ["We come on Sunday."]
    assert [each["id"] for each in ask("GET", "/messages").json()] == [sent.json()["id"]]
    gone = f"/residents/hanna/messages/{sent.json()['id']}"
    assert ask("DELETE", gone.replace("hanna", "george")).status_code == 409  # not of that resident
    assert ask("DELETE", gone).status_code == 204
    assert ask("DELETE", gone).status_code == 409
    tablet.know("safety.barred_sender", "Adam")
    barred = ask("POST", "/residents/hanna/messages", {"sender": "Adam", "text": "Hello."})
    assert (barred.status_code, "not passed on" in barred.json()["detail"]) == (409, True)
    rows = [(row.what, row.who) for row in read_rows(records_path(tablet.folder))]
    assert rows == [
        (what, ask.program.id) for what in ("send message", "read messages", "read messages", "take back message")
    ]


def test_robots_do_what_a_program_may_ask(tablet: TestHome) -> None:
    tablet.home.robot = RobotView("", battery=0.5, beside=("hanna",), caption="Good morning.", person_id="hanna")
    carer, technician = Caller(tablet), Caller(tablet, Role.TECHNICIAN)
    assert carer("GET", "/robots").json()[0]["beside"] == ["hanna"]
    assert technician("GET", "/robots").json()[0]["beside"] == []
    assert "Good morning" not in carer("GET", "/robots").text
    assert technician("POST", "/robots/stop", {"stopped": True}).status_code == 204
    assert tablet.home.stops == [("", True)]
    assert carer("POST", "/robots/order", {"order": "loudness", "value": "softer"}).status_code == 204
    assert carer("POST", "/robots/order", {"order": "come", "value": "hanna"}).status_code == 204
    assert tablet.home.orders == [("", Order.LOUDNESS, 0.75, ""), ("", Order.COME, 0.0, "hanna")]
    assert technician("POST", "/robots/order", {"order": "quiet", "value": "15"}).status_code == 403
    assert carer("POST", "/robots/order", {"order": "come", "value": "nobody"}).status_code == 404
    assert carer("POST", "/robots/order", {"order": "loudness", "value": "7"}).status_code == 409
    assert carer("POST", "/robots/order", {"order": "dance", "value": "7"}).status_code == 422


def test_erasing_is_signed_by_a_manager_who_types_the_name(tablet: TestHome) -> None:
    manager, senior = tablet.person(Role.MANAGER, "Mary Low"), tablet.person(Role.SENIOR_CARER, "Anna Price")
    tablet.records.call(lambda: tablet.sent.add("hanna", "Ewa", "Cake.", "p-1", tablet.home.at))
    ask = Caller(tablet, Role.MANAGER)

    def erase(name: str, who: str, pin: str = PIN) -> httpx.Response:
        return ask("POST", "/residents/hanna/erase", {"name": name, "signed": {"person_id": who, "pin": pin}})

    assert erase("Hanna Nowak", manager.id, "000000").status_code == 409
    assert erase("Hanna Nowak", senior.id).status_code == 403
    assert erase("Hanna", manager.id).status_code == 409
    assert (tablet.home.erased, len(tablet.records.call(tablet.sent.all))) == ([], 1)
    done = erase("hanna  nowak", manager.id)
    assert (done.status_code, done.json()) == (200, {"pending": ["backups"]})
    assert (tablet.home.erased, tablet.records.call(tablet.sent.all)) == (["hanna"], [])
    assert read_rows(records_path(tablet.folder))[-1].who == manager.id
