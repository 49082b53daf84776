"""Residents from a file, on the page and by a program: all of it or nothing, and safety only by who may write it."""

from fastapi.testclient import TestClient

from nodes.tablet.audit import read_rows
from nodes.tablet.records import records_path
from nodes.tablet.roles import Role
from tests.nodes.tablet.api import program
from tests.nodes.tablet.homes import Device, TestHome

TABLE = "name.full,room.name,safety.allergy\nEwa Lis,4,penicillin\nJan Kos,5,\n"


def _send(device: Device, name: str, content: str | bytes) -> tuple[int, str]:
    answer = device.client.post(
        "/import", data={"form_token": device.form_token, "once": "o1"}, files={"file": (name, content)}
    )
    return answer.status_code, answer.text


def _names(tablet: TestHome) -> list[str]:
    return sorted(profile.value("name.full") or "" for profile in tablet.home.store.names().values())


def test_senior_staff_take_in_a_table_once(tablet: TestHome) -> None:
    senior = tablet.signed_in(Role.SENIOR_CARER)
    status, page = _send(senior, "residents.csv", TABLE)
    assert (status, "Ewa Lis" in page) == (200, True)
    assert _send(senior, "residents.csv", TABLE)[0] == 303  # a double tap
    assert _names(tablet) == ["Ewa Lis", "George Bell", "Hanna Nowak", "Jan Kos"]
    rows = [row for row in read_rows(records_path(tablet.folder)) if row.what == "import"]
    assert [row.keys for row in rows] == ["name.full room.name safety.allergy", "name.full room.name"]


def test_one_wrong_line_and_nobody_is_taken_in(tablet: TestHome) -> None:
    senior = tablet.signed_in(Role.SENIOR_CARER)
    for name, content, told in (
        ("r.csv", TABLE + "Ada Fox\n", "r.csv, line 4"),
        ("r.csv", TABLE + "Hanna Nowak,1,\n", "r.csv, line 4: name.full"),
        ("r.csv", TABLE.replace("Jan Kos", "J\xe1n Kos").encode("latin-1"), "r.csv, line 3: is not UTF-8"),
        ("r.xlsx", "x", "must be a table"),
        ("", "", "Choose a file"),
        ("r.json", "{}", "r.json, line 1: resourceType"),
    ):
        status, page = _send(senior, name, content)
        assert (status, told in page) == (409, True), (name, told, page[-600:])
    assert _send(senior, "r.csv", TABLE + "x" * 2_100_000)[0] in (403, 409)
    assert _names(tablet) == ["George Bell", "Hanna Nowak"]


def test_carers_take_nobody_in(tablet: TestHome) -> None:
    assert _send(tablet.signed_in(Role.CARER), "r.csv", TABLE)[0] == 403


def test_a_program_takes_in_the_same_files(tablet: TestHome) -> None:
    _, token = program(tablet, Role.SENIOR_CARER)
    client = TestClient(tablet.app, base_url="https://kith.local", headers={"authorization": f"Bearer {token}"})
    wrong = client.post("/api/v1/residents/import", json={"name": "r.csv", "text": TABLE + "x\n"})
    assert (wrong.status_code, "r.csv, line 4" in wrong.text) == (409, True)
    taken = client.post("/api/v1/residents/import", json={"name": "r.csv", "text": TABLE})
    assert [each["name"] for each in taken.json()] == ["Ewa Lis", "Jan Kos"]
    assert _names(tablet) == ["Ewa Lis", "George Bell", "Hanna Nowak", "Jan Kos"]
