"""Who is where on the page Now: as robots met them and as staff said, honest about how old it is."""

import pytest

from nodes.tablet.robots import RobotView, Sighting
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import Device, TestHome


@pytest.fixture
def carer(tablet: TestHome) -> Device:
    tablet.home.robot = RobotView("", place="dining_room")
    return tablet.signed_in(Role.CARER, "Anna Price")


def _where(carer: Device) -> str:
    page = carer.get("/now").text
    return " ".join(page[page.index('id="where"') :].split())


def test_who_was_met_is_shown_with_place_and_age_and_who_is_beside_a_robot_with_it(
    tablet: TestHome, carer: Device
) -> None:
    tablet.home.met = (Sighting("hanna", "", "lounge", 10), Sighting("george", "", "", 0))
    where = _where(carer)
    assert "<strong>Hanna Nowak</strong> seen 10 min ago · lounge" in where
    assert "<strong>George Bell</strong> seen just now" in where
    assert "Nobody near it · dining room" in where
    tablet.home.robot = RobotView("", beside=("hanna",), place="lounge")
    where = _where(carer)
    assert "seen 10 min ago" not in where and "<strong>Hanna Nowak</strong>" in where


def test_who_is_away_is_told_as_staffs_word_and_recorded(tablet: TestHome, carer: Device) -> None:
    tablet.home.met = (Sighting("hanna", "", "lounge", 10),)
    assert "Hospital" not in _where(carer)
    carer.post("/residents/hanna/state", state="hospital")
    where = _where(carer)
    assert "<strong>Hanna Nowak</strong> Hospital · as staff said" in where and "seen 10 min" not in where
    rows = tablet.records.call(lambda: tablet.site.audit.newest(10, "hanna", what="read states"))
    assert [row.who for row in rows] == [carer.person.id]
    carer.post("/residents/hanna/state", state="here")
    assert "Hospital" not in _where(carer)


@pytest.mark.parametrize("state", ["end_of_life", "died"])
def test_the_end_of_a_life_is_not_told_in_passing(tablet: TestHome, state: str) -> None:
    senior = tablet.signed_in(Role.SENIOR_CARER)
    senior.post("/residents/hanna/state", state=state, confirmed="yes")
    page = senior.get("/now").text
    assert "End of life" not in page and "Died" not in page


def test_a_technician_learns_nothing_of_it(tablet: TestHome) -> None:
    tablet.home.met = (Sighting("hanna", "", "lounge", 10),)
    technician = tablet.signed_in(Role.TECHNICIAN)
    assert technician.get("/now").status == 403
    assert "Hanna" not in technician.get("/robots").text
