"""Family, attorneys and advocates: one resident each, until the day of review, and no further than their paper says."""

from datetime import timedelta

import pytest

from nodes.tablet.people import Person
from nodes.tablet.roles import Role, Scope
from tests.nodes.tablet.homes import PIN, Device, TestHome

NEW = {"name": "Ewa Nowak", "role": "attorney", "resident_id": "hanna", "pin": PIN, "review": "2026-12-01"}


@pytest.fixture
def manager(tablet: TestHome) -> Device:
    return tablet.signed_in(Role.MANAGER, "Mary Low")


def _ewa(tablet: TestHome) -> Person:
    people = tablet.records.call(tablet.people.all)
    return next(each for each in people if each.name == "Ewa Nowak")


def test_an_attorneys_paper_is_seen_and_its_power_noted(tablet: TestHome, manager: Device) -> None:
    for lacking in ({}, {"scope": "welfare"}, {"seen": "yes"}, {"scope": "all", "seen": "yes"}):
        assert manager.post("/named", **NEW, **lacking).status == 409
    assert manager.post("/named", **NEW, scope="welfare", seen="yes").status == 303
    assert (_ewa(tablet).scope, _ewa(tablet).resident_id) == (Scope.WELFARE, "hanna")
    assert "Ewa Nowak" in manager.get("/named").text


@pytest.mark.parametrize("scope", [Scope.PROPERTY, None])
def test_without_a_power_over_welfare_an_attorney_sees_nothing_of_health(tablet: TestHome, scope: Scope | None) -> None:
    tablet.know("safety.allergy", "penicillin")
    tablet.know("faith.stated", "Quaker", "resident")
    person = tablet.person(Role.ATTORNEY, "Ewa Nowak", scope=scope)
    client = tablet.device()
    client.post("/sign-in", data={"name": person.name, "pin": PIN})
    assert client.get("/residents/hanna").status_code == 200
    for path in ("", "/profile", "/profile/faith", "/data", "/history/faith.stated", "/history/safety.allergy"):
        page = client.get(f"/residents/hanna{path}").text
        assert "penicillin" not in page and "Quaker" not in page, path
    assert client.get("/residents/hanna/consent").status_code == 403
    assert tablet.signed_in(Role.ATTORNEY, "Adam Nowak").get("/residents/hanna/consent").status == 200


def test_after_the_day_of_review_nobody_gets_in_until_it_is_done(tablet: TestHome, manager: Device) -> None:
    assert manager.post("/named", **{**NEW, "role": "advocate"}).status == 303
    client = tablet.device()
    signing_in = {"name": "Ewa Nowak", "pin": PIN}
    assert client.post("/sign-in", data=signing_in).status_code == 303
    tablet.home.at += timedelta(days=200)
    assert client.get("/residents/hanna").status_code == 303
    assert "ended" in client.post("/sign-in", data=signing_in).text
    manager.client.post("/sign-in", data={"name": "Mary Low", "pin": PIN})
    assert "The review is due" in manager.get("/named").text
    assert manager.post("/named/review", person_id=_ewa(tablet).id, review="2027-06-01").status == 303
    assert client.post("/sign-in", data=signing_in).status_code == 303


def test_a_review_changes_what_they_may_at_once(tablet: TestHome, manager: Device) -> None:
    attorney = tablet.signed_in(Role.ATTORNEY, "Ewa Nowak")
    assert attorney.get("/residents/hanna/consent").status == 200
    fields = {"person_id": attorney.person.id, "review": "2026-12-01", "scope": "property", "seen": "yes"}
    assert manager.post("/named/review", **fields).status == 303
    assert attorney.get("/residents/hanna/consent").status == 303  # signed out
    attorney.client.post("/sign-in", data={"name": "Ewa Nowak", "pin": PIN})
    assert attorney.get("/residents/hanna/consent").status == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"review": ""},
        {"review": "soon"},
        {"review": "2020-01-01"},
        {"review": "2099-01-01"},
        {"resident_id": "nobody"},
        {"role": "manager"},
        {"role": "carer"},
        {"pin": "111111"},
    ],
)
def test_what_is_not_right_names_nobody(tablet: TestHome, manager: Device, wrong: dict[str, str]) -> None:
    assert manager.post("/named", **{**NEW, "role": "family", **wrong}).status == 409
    assert len(tablet.records.call(tablet.people.all)) == 1


def test_staff_are_not_named_here_nor_family_among_staff(tablet: TestHome, manager: Device) -> None:
    assert manager.post("/staff", name="Ewa Nowak", role="family", resident_id="hanna", pin=PIN).status == 409
    assert manager.post("/named/review", person_id=manager.person.id, review="2026-12-01").status == 409
    assert tablet.signed_in(Role.SENIOR_CARER).get("/named").status == 403
