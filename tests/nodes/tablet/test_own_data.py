"""My data: all of it for the resident, a copy and erasure through the manager (care rule 25)."""

from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import TestHome

PATH = "/residents/hanna/data"


def test_everything_known_and_who_looked_by_role_alone(tablet: TestHome) -> None:
    tablet.know("food.liked", "pierogi", "resident")
    tablet.know("faith.stated", "Catholic", "resident")
    tablet.signed_in(Role.CARER, "Ben Shaw").get("/residents/hanna/profile/faith")
    page = tablet.signed_in(Role.RESIDENT, "Hanna Nowak").get(PATH).text
    assert "pierogi" in page and "Catholic" in page and "looked at the profile" in page
    assert "Carer" in page and "Ben Shaw" not in page
    advocate = tablet.signed_in(Role.ADVOCATE).get(PATH).text
    assert "pierogi" in advocate and "Catholic" not in advocate and "not for your role" in advocate


def test_a_copy_is_asked_for_and_released_after_review(tablet: TestHome) -> None:
    resident = tablet.signed_in(Role.RESIDENT, "Hanna Nowak")
    resident.post(f"{PATH}/ask", what="copy")
    assert resident.post(f"{PATH}/copy", others="yes", harm="yes").status == 403
    manager = tablet.signed_in(Role.MANAGER)
    assert "asked for a copy" in manager.get(PATH).text
    assert manager.post(f"{PATH}/copy", others="yes").status == 409
    answer = manager.post(f"{PATH}/copy", others="yes", harm="yes")
    assert answer.status == 200 and "attachment" in answer.headers["content-disposition"]
    assert "Hanna Nowak" in answer.text and "George" not in answer.text


def test_erasure_needs_the_name_and_takes_the_messages_too(tablet: TestHome) -> None:
    tablet.records.call(lambda: tablet.sent.add("hanna", "Ewa", "Hello", "p-1", tablet.home.at))
    manager = tablet.signed_in(Role.MANAGER)
    assert manager.post(f"{PATH}/erase", name="Hanna").status == 409
    assert tablet.home.erased == []
    assert manager.post(f"{PATH}/erase", name="hanna  NOWAK").status == 303
    assert tablet.home.erased == ["hanna"]
    assert tablet.records.call(lambda: tablet.sent.all("hanna")) == []
    assert "backups" in manager.get("/residents").text
