"""Care rule 26: real residents come only after a signed list; until then there are practice residents alone."""

from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from culture_profiles.fact import Source, Status, make_fact
from culture_profiles.store import ProfileStore
from nodes.base import go_live
from nodes.profiles.register import Register, store_path
from nodes.tablet.golive import demands
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import CODE, NOW, PIN, Device, TestHome


@pytest.fixture
def home(tmp_path: Path) -> TestHome:
    return TestHome(tmp_path)


def _manager(home: TestHome) -> Device:
    """The first manager, who has just set the home up."""
    client = home.device()
    assert client.post("/set-up", data={"code": CODE, "name": "Mary Low", "pin": PIN}).status_code == 303
    (person,) = home.records.call(home.people.all)
    return Device(home, client, person)


def _sign(device: Device, item: str, **fields: str) -> int:
    return device.post("/go-live", item=item, act="sign", **{"note": "in the safe", "pin": PIN, **fields}).status


def test_nobody_real_is_taken_in_until_every_line_is_signed(home: TestHome) -> None:
    mary = _manager(home)
    assert set(demands()) == {
        *("impact_assessment", "consent_basis", "alert_holder", "self_administration", "off_switch")
    }
    for item in demands():
        refused = mary.post("/residents", name="Hanna Nowak")
        assert (refused.status, "go-live list" in refused.text) == (409, True)
        assert _sign(mary, item) == 303
    assert mary.post("/residents", name="Hanna Nowak").status == 303
    # A line that no longer holds stops the next one; who is there stays.
    mary.post("/go-live", item="off_switch", act="withdraw", note="new robot")
    assert mary.post("/residents", name="George Bell").status == 409
    assert len(home.home.store.names()) == 1
    home.close()


def test_practice_residents_may_come_before(home: TestHome) -> None:
    mary = _manager(home)
    assert mary.post("/first-run/practice").status == 303
    assert sorted(home.home.store.names()) == ["practice-rosa", "practice-tomasz"]
    assert mary.post("/residents", name="Ada Practice", practice="yes").status == 303
    assert all(each.startswith("practice-") for each in home.home.store.names())
    home.close()


def test_a_line_is_signed_with_the_managers_own_pin_and_what_it_needs(home: TestHome) -> None:
    mary = _manager(home)
    assert _sign(mary, "off_switch", pin="000000") == 409
    assert _sign(mary, "impact_assessment", note=" ") == 409
    assert _sign(mary, "no_such_line") == 409
    home.home.board.calls(False, "", "", [])  # nobody carries the calls
    assert _sign(mary, "alert_holder") == 409
    assert home.records.call(home.site.go_live.standing) == {}
    senior = home.signed_in(Role.SENIOR_CARER)
    assert _sign(senior, "off_switch") == 403
    home.close()


def test_files_and_programs_wait_too(home: TestHome) -> None:
    from tests.nodes.tablet.api import program

    mary = _manager(home)
    page = mary.client.post(
        "/import", data={"form_token": mary.form_token}, files={"file": ("a.csv", "name.full\nHanna Nowak\n")}
    )
    assert (page.status_code, "go-live list" in page.text) == (409, True)
    _, token = program(home, Role.MANAGER)
    headers = {"authorization": f"Bearer {token}"}
    begun = home.device().post("/api/v1/residents", json={"name": "Hanna Nowak"}, headers=headers)
    assert (begun.status_code, "go-live list" in begun.text) == (409, True)
    assert home.home.store.names() == {}
    home.close()


def test_the_store_itself_takes_nobody_in(tmp_path: Path) -> None:
    register = Register(ProfileStore(store_path(tmp_path)), tmp_path)

    def begin(resident: str) -> None:
        register.write(
            make_fact(
                resident_id=resident,
                key="name.full",
                value="Hanna Nowak",
                source=Source.CARER,
                status=Status.STATED,
                who="x",
                when=NOW,
            )
        )

    begin("before")  # a home without staff, such as a simulated one, waits for nothing
    go_live.note(tmp_path, signed=False)
    with pytest.raises(KithError, match="go-live list"):
        begin("hanna")
    begin("practice-hanna")
    begin("before")  # who is there already is cared for as before
    (tmp_path / "go_live").write_text("?")
    with pytest.raises(KithError, match="go-live list"):
        begin("hanna")
    go_live.note(tmp_path, signed=True)
    begin("hanna")
    register.store.close()
