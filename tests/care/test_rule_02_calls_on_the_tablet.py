"""Care rule 2 on the tablet: a named holder, or it says that calls are not covered; both shifts sign."""

from pathlib import Path

from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import PIN, TestHome


def test_every_page_says_so_when_nobody_carries_the_calls(tmp_path: Path) -> None:
    tablet = TestHome(tmp_path)
    tablet.know("name.full", "Hanna Nowak")
    device = tablet.signed_in(Role.MANAGER, "Mary Low")
    paths = ("/now", "/residents", "/residents/hanna", "/reminders", "/hand-over", "/staff")
    assert all("Calls not covered" not in device.get(path).text for path in paths)
    tablet.home.board.calls(False, "", "", [])
    assert all("Calls not covered" in device.get(path).text for path in paths)
    assert "Calls not covered" in tablet.device().get("/sign-in").text
    tablet.close()


def test_the_holder_whose_device_is_not_open_is_shown_as_such(tmp_path: Path) -> None:
    tablet = TestHome(tmp_path)
    other = tablet.signed_in(Role.CARER, "Ben Shaw")
    assert "no device of theirs is open" in other.get("/now").text
    tablet.signed_in(Role.CARER, "Anna Price")
    assert "no device of theirs is open" not in other.get("/now").text
    tablet.close()


def test_nobody_is_given_the_calls_without_signing_for_them(tmp_path: Path) -> None:
    tablet = TestHome(tmp_path)
    going, coming = tablet.signed_in(Role.CARER, "Anna Price"), tablet.person(Role.CARER, "Ben Shaw")
    relative = tablet.person(Role.FAMILY, "Ewa Nowak")
    assert going.post("/hand-over", holder=coming.id, pin="000001").status == 409
    assert going.post("/hand-over", holder=relative.id, pin=PIN).status == 409
    assert going.post("/hand-over", holder=coming.id, deputy=coming.id, pin=PIN).status == 409
    assert tablet.home.shift == []
    assert going.post("/hand-over", holder=coming.id, deputy=going.person.id, pin=PIN).status == 303
    assert tablet.home.shift == [("Ben Shaw", "Anna Price")]
    tablet.close()
