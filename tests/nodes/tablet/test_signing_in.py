"""Who gets in, and who does not."""

from datetime import timedelta

import pytest

from culture_profiles.errors import KithError
from nodes.tablet.people import check_pin
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import CODE, PIN, TestHome


def test_nobody_gets_in_without_signing_in(tablet: TestHome) -> None:
    tablet.person(Role.MANAGER)
    device = tablet.device()
    for path in ("/now", "/residents", "/residents/hanna", "/staff", "/audit"):
        answer = device.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?to={path}")
    assert device.post("/residents/hanna/state", data={"state": "out"}).status_code == 401
    forged = {"__Host-kith": "forged"}
    assert tablet.device().get("/now", headers={"cookie": f"__Host-kith={forged['__Host-kith']}"}).status_code == 303


def test_the_first_manager_needs_the_code_from_the_homes_machine(tablet: TestHome) -> None:
    device = tablet.device()
    fields = {"name": "Mary Low", "pin": PIN}
    assert device.post("/set-up", data={**fields, "code": "0000-0000-0000"}).status_code == 403
    assert device.post("/set-up", data={**fields, "code": CODE}).headers["location"] == "/first-run"
    # Once somebody manages the home, the code opens nothing.
    again = tablet.device().post("/set-up", data={"name": "Eve", "pin": PIN, "code": CODE})
    assert again.headers["location"] == "/sign-in"
    assert len(tablet.records.call(tablet.people.all)) == 1


def test_wrong_pins_wait_longer_and_longer_also_after_a_restart(tablet: TestHome) -> None:
    person = tablet.person(Role.CARER, "Anna Price")
    device = tablet.device()
    for _ in range(3):
        assert device.post("/sign-in", data={"name": "Anna Price", "pin": "000000"}).status_code == 403
    waiting = device.post("/sign-in", data={"name": "Anna Price", "pin": PIN})
    assert "Too many wrong PINs" in waiting.text
    tablet.home.at += timedelta(seconds=16)
    assert device.post("/sign-in", data={"name": "Anna Price", "pin": "000000"}).status_code == 403
    tablet.home.at += timedelta(seconds=16)
    assert "Too many wrong PINs" in device.post("/sign-in", data={"name": "Anna Price", "pin": PIN}).text
    row = tablet.records.call(
        lambda: tablet.records.file.db.execute("SELECT wrong FROM people WHERE id = ?", [person.id]).fetchone()
    )
    assert row[0] == 4  # in the file, not in memory
    tablet.home.at += timedelta(minutes=15)
    assert device.post("/sign-in", data={"name": "anna price", "pin": PIN}).status_code == 303


def test_a_name_that_nobody_has_is_told_nothing_else(tablet: TestHome) -> None:
    tablet.person(Role.CARER, "Anna Price")
    known = tablet.device().post("/sign-in", data={"name": "Anna Price", "pin": "111222"})
    unknown = tablet.device().post("/sign-in", data={"name": "Nobody Here", "pin": "111222"})
    assert known.status_code == unknown.status_code == 403
    assert known.text.replace("Anna Price", "") == unknown.text.replace("Nobody Here", "")


def test_names_are_shown_only_on_a_device_of_the_home(tablet: TestHome) -> None:
    signed_in = tablet.signed_in(Role.CARER, "Anna Price")
    assert "Anna Price" not in tablet.device().get("/sign-in").text
    signed_in.post("/lock")
    assert "Anna Price" in signed_in.get("/sign-in").text
    assert signed_in.get("/now").status == 303


def test_a_device_that_nobody_touches_locks_itself(tablet: TestHome) -> None:
    device = tablet.signed_in(Role.CARER)
    tablet.home.at += timedelta(seconds=170)
    assert device.client.post("/awake").status_code == 204
    tablet.home.at += timedelta(seconds=170)
    assert device.get("/now").status == 200
    tablet.home.at += timedelta(seconds=181)
    assert device.get("/now").status == 303


def test_an_agency_code_ends_by_itself(tablet: TestHome) -> None:
    device = tablet.signed_in(Role.AGENCY_CARER, "Sam")
    tablet.home.at += timedelta(hours=12)
    assert device.get("/now").status == 303
    answer = tablet.device().post("/sign-in", data={"name": "Sam", "pin": PIN})
    assert (answer.status_code, "has ended" in answer.text) == (403, True)


def test_who_leaves_is_signed_out_at_once(tablet: TestHome) -> None:
    manager, carer = tablet.signed_in(Role.MANAGER, "Mary"), tablet.signed_in(Role.CARER, "Anna")
    assert manager.post("/staff/end", person_id=carer.person.id).status == 303
    assert carer.get("/now").status == 303
    assert tablet.device().post("/sign-in", data={"name": "Anna", "pin": PIN}).status_code == 403
    assert "Somebody must stay manager" in manager.post("/staff/end", person_id=manager.person.id).text


def test_cookies_are_out_of_reach(tablet: TestHome) -> None:
    tablet.person(Role.CARER, "Anna")
    answer = tablet.device().post("/sign-in", data={"name": "Anna", "pin": PIN})
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert all(word in cookie.lower() for word in ("secure", "httponly", "samesite=strict", "path=/"))
    assert "domain" not in answer.headers["set-cookie"].lower()


def test_forms_of_other_sites_change_nothing(tablet: TestHome) -> None:
    device = tablet.signed_in(Role.CARER)
    fields = {"state": "out"}
    assert device.client.post("/residents/hanna/state", data=fields).status_code == 403
    assert device.post("/residents/hanna/state", **fields, form_token="x").status == 403
    fields["form_token"] = device.form_token
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert device.client.post("/residents/hanna/state", data=fields, headers=headers).status_code == 403
    assert tablet.known("state_of_life") == ()
    assert tablet.device().get("/", headers={"host": "evil.example"}).status_code == 400


def test_signing_in_never_leads_elsewhere(tablet: TestHome) -> None:
    tablet.person(Role.CARER, "Anna")
    for to in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = tablet.device().post("/sign-in", data={"name": "Anna", "pin": PIN, "to": to})
        assert answer.headers["location"] == "/now"


@pytest.mark.parametrize("pin", ["", "12345", "111111", "123456", "987654", "abcdef", "1" * 13, "١٢٣٤٥٦"])
def test_easy_pins_are_refused(pin: str) -> None:
    with pytest.raises(KithError):
        check_pin(pin)
    assert check_pin(PIN) == PIN
