"""The robot's page: what staff see and ask; who is near it is for those who may see residents."""

from dataclasses import replace

import pytest

from nodes.tablet.robots import Order
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import TestHome

SAID = "Good morning, pani Hanno."


def _near(tablet: TestHome) -> None:
    tablet.home.robot = replace(
        tablet.home.robot, battery=0.42, beside=("hanna",), person_id="hanna", caption=SAID, senses_on=False
    )


def _agreed(tablet: TestHome) -> None:
    for key, value in (("", "yes"), (".basis", "own"), (".decider", "Hanna Nowak")):
        tablet.know(f"consent.summaries{key}", value)


def test_what_it_says_is_shown_only_with_consent(tablet: TestHome) -> None:
    _near(tablet)
    carer = tablet.signed_in(Role.CARER)
    for path in ("/robots", "/now"):
        page = carer.get(path).text
        assert "Hanna Nowak" in page and "call for help" in page and SAID not in page
    _agreed(tablet)
    assert SAID in carer.get("/robots").text and SAID in carer.get("/now").text
    rows = tablet.records.call(lambda: tablet.site.audit.newest(10, what="read captions"))
    assert [row.keys for row in rows] == ["about:hanna"]


def test_a_technician_sees_the_robot_and_nobody_near_it(tablet: TestHome) -> None:
    _near(tablet)
    _agreed(tablet)
    page = tablet.signed_in(Role.TECHNICIAN).get("/robots").text
    assert "42 %" in page and "Stop" in page
    assert "Hanna" not in page and "hanna" not in page and SAID not in page


@pytest.mark.parametrize(
    ("order", "value", "asked"),
    [
        ("quiet", "15", (Order.QUIET, 900.0, "")),
        ("quiet", "0", (Order.QUIET, 0.0, "")),
        ("loudness", "softer", (Order.LOUDNESS, 0.75, "")),
        ("senses", "off", (Order.SENSES, 0.0, "")),
        ("come", "hanna", (Order.COME, 0.0, "hanna")),
    ],
)
def test_orders_reach_the_robot(tablet: TestHome, order: str, value: str, asked: tuple[Order, float, str]) -> None:
    carer = tablet.signed_in(Role.AGENCY_CARER)
    assert carer.post("/robots/order", robot="", order=order, value=value).status == 303
    assert tablet.home.orders == [("", *asked)]


@pytest.mark.parametrize(("order", "value"), [("quiet", "999999"), ("dance", "1"), ("loudness", "9"), ("come", "")])
def test_what_is_no_order_is_refused(tablet: TestHome, order: str, value: str) -> None:
    assert tablet.signed_in(Role.CARER).post("/robots/order", order=order, value=value).status == 409
    assert tablet.home.orders == []


def test_it_is_not_sent_into_isolation(tablet: TestHome) -> None:
    tablet.know("state_of_life", "isolation")
    assert tablet.signed_in(Role.CARER).post("/robots/order", order="come", value="hanna").status == 409
    assert tablet.home.orders == []


def test_stopping_is_everyones_and_lifted_by_hand(tablet: TestHome) -> None:
    technician = tablet.signed_in(Role.TECHNICIAN)
    technician.post("/robots/stop", robot="", stopped="yes")
    technician.post("/robots/stop", robot="", stopped="no")
    assert tablet.home.stops == [("", True), ("", False)]


def test_staff_say_who_is_with_it_and_nobody_died_is_named(tablet: TestHome) -> None:
    carer = tablet.signed_in(Role.CARER)
    assert carer.post("/robots/order", robot="", order="with", value="hanna").status == 303
    assert carer.post("/robots/order", robot="", order="with", value="").status == 303
    assert carer.post("/robots/order", robot="", order="with", value="nobody").status == 409
    assert tablet.home.introduced == [("", "hanna"), ("", "")]
    tablet.know("state_of_life", "died")
    assert carer.post("/robots/order", robot="", order="with", value="hanna").status == 409
    assert tablet.signed_in(Role.TECHNICIAN).post("/robots/order", robot="", order="with", value="hanna").status == 403
    assert len(tablet.home.introduced) == 2
    rows = tablet.records.call(lambda: tablet.site.audit.newest(9, what="say who is with robot"))
    assert [row.resident_id for row in rows] == ["", "hanna"]
