"""Care rules 25 and 26 on the tablet: agency staff get an expiring code and one page; technicians see nobody."""

from datetime import timedelta
from pathlib import Path

from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import PIN, TestHome


def test_an_agency_carer_sees_how_to_be_with_somebody_and_no_profile(tmp_path: Path) -> None:
    tablet = TestHome(tmp_path)
    tablet.know("name.full", "Hanna Nowak")
    tablet.know("safety.swallowing", "thickened drinks")
    manager = tablet.signed_in(Role.MANAGER, "Mary")
    manager.post("/staff", name="Sam", role="agency_carer", pin=PIN)
    device = tablet.device()
    device.post("/sign-in", data={"name": "Sam", "pin": PIN})
    assert "thickened drinks" in device.get("/residents/hanna").text
    for path in ("/residents/hanna/profile", "/residents/hanna/consent", "/staff", "/audit"):
        assert device.get(path).status_code == 403
    tablet.home.at += timedelta(hours=12)
    assert device.get("/residents/hanna").status_code == 303
    tablet.close()


def test_a_technician_sees_the_system_and_no_person(tmp_path: Path) -> None:
    tablet = TestHome(tmp_path)
    tablet.know("name.full", "Hanna Nowak")
    technician = tablet.signed_in(Role.TECHNICIAN, "Tom")
    page = technician.get("/health")
    assert (page.status, "Hanna" in page.text) == (200, False)
    for path in ("/now", "/residents", "/residents/hanna", "/reminders", "/hand-over"):
        assert technician.get(path).status == 403
    tablet.close()
