"""Settings: one's own language on every device, one's own PIN."""

from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import PIN, TestHome


def test_a_language_is_a_persons_own(tablet: TestHome) -> None:
    carer = tablet.signed_in(Role.CARER, "Ola")
    other = tablet.signed_in(Role.CARER, "Ben")
    carer.post("/settings/language", language="pl")
    assert '<html lang="pl">' in carer.get("/now").text
    assert '<html lang="en">' in other.get("/now").text
    again = tablet.device()
    again.post("/sign-in", data={"name": "Ola", "pin": PIN})
    assert '<html lang="pl">' in again.get("/now").text
    assert carer.post("/settings/language", language="xx").status == 409


def test_before_anybody_signs_in_the_device_says(tablet: TestHome) -> None:
    tablet.person(Role.MANAGER)
    device = tablet.device()
    for accepted, lang in (("ja-JP,ja;q=0.9", "ja"), ("tl", "fil"), ("xx, cy", "cy"), ("xx", "en"), (",;q", "en")):
        assert f'<html lang="{lang}">' in device.get("/sign-in", headers={"Accept-Language": accepted}).text


def test_a_new_pin_needs_the_old_one(tablet: TestHome) -> None:
    carer = tablet.signed_in(Role.CARER, "Ola")
    assert carer.post("/settings/pin", old="000111", pin="519283").status == 409
    assert carer.post("/settings/pin", old=PIN, pin="519283").status == 303
    device = tablet.device()
    assert device.post("/sign-in", data={"name": "Ola", "pin": PIN}).status_code == 403
    assert device.post("/sign-in", data={"name": "Ola", "pin": "519283"}).status_code == 303
