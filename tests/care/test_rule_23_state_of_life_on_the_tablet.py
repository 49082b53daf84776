"""Care rule 23 on the tablet: one tap; died is senior staff's, confirmed."""

from pathlib import Path

from culture_profiles.state_of_life import Life
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import NOW, TestHome


def test_one_tap_and_care_in_progress(tmp_path: Path) -> None:
    tablet = TestHome(tmp_path)
    tablet.know("name.full", "Hanna Nowak")
    carer = tablet.signed_in(Role.CARER)
    for state in ("out", "hospital", "end_of_life", "isolation", "here"):
        carer.post("/residents/hanna/state", state=state)
        assert tablet.known("state_of_life") == (state,)
    carer.post("/residents/hanna/care", care="care")
    assert "microphone and camera are off" in carer.get("/residents/hanna").text
    assert carer.post("/residents/hanna/state", state="elsewhere").status == 409
    tablet.close()


def test_died_is_asked_twice_and_only_of_senior_staff(tmp_path: Path) -> None:
    tablet = TestHome(tmp_path)
    tablet.know("name.full", "Hanna Nowak")
    carer, senior = tablet.signed_in(Role.CARER, "Anna"), tablet.signed_in(Role.SENIOR_CARER, "Joan")
    assert carer.post("/residents/hanna/state", state="died", confirmed="yes").status == 403
    assert "Has Hanna Nowak died?" in senior.post("/residents/hanna/state", state="died").text
    assert tablet.known("state_of_life") == ()
    senior.post("/residents/hanna/state", state="died", confirmed="yes")
    assert Life.of(tablet.home.store.snapshot("hanna"), NOW.date()).sealed
    tablet.close()
