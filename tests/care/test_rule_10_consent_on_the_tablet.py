"""Care rule 10 on the tablet: a yes is recorded with what it rests on; a no needs nothing and counts at once."""

from pathlib import Path

import pytest

from culture_profiles.consent import Purpose, consent
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import NOW, TestHome


def _allowed(tablet: TestHome, purpose: Purpose) -> bool:
    return consent(tablet.home.store.snapshot("hanna"), purpose, NOW.date()).allowed


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"basis": "family", "decider": "Ewa Nowak"},
        {"basis": "own"},
        {"basis": "best_interests", "decider": "Dr Hall", "review": "2027-01-01"},
        {"basis": "attorney", "decider": "Ewa Nowak"},
    ],
)
def test_a_yes_without_its_basis_is_not_recorded(tmp_path: Path, given: dict[str, str]) -> None:
    tablet = TestHome(tmp_path)
    tablet.know("name.full", "Hanna Nowak")
    device = tablet.signed_in(Role.SENIOR_CARER)
    assert device.post("/residents/hanna/consent", purpose="memory", answer="yes", **given).status == 409
    assert tablet.known("consent.memory") == ()
    tablet.close()


def test_a_yes_counts_with_its_basis_and_the_persons_no_wins_at_once(tmp_path: Path) -> None:
    tablet = TestHome(tmp_path)
    tablet.know("name.full", "Hanna Nowak")
    device = tablet.signed_in(Role.SENIOR_CARER)
    best = {"basis": "best_interests", "decider": "Dr Hall", "assessment": "MCA-7", "consulted": "Ewa, the nurse"}
    device.post("/residents/hanna/consent", purpose="memory", answer="yes", review="2027-01-01", **best)
    assert _allowed(tablet, Purpose.MEMORY)
    tablet.know("consent.memory", "no", "resident")
    device.post("/residents/hanna/consent", purpose="memory", answer="yes", review="2027-02-01", **best)
    assert not _allowed(tablet, Purpose.MEMORY)
    assert "it does not count" in device.get("/residents/hanna/consent").text
    tablet.close()


def test_an_attorney_whose_document_nobody_has_seen_decides_nothing(tmp_path: Path) -> None:
    tablet = TestHome(tmp_path)
    tablet.know("name.full", "Hanna Nowak")
    device = tablet.signed_in(Role.SENIOR_CARER)
    fields = {"purpose": "camera", "answer": "yes", "basis": "attorney", "decider": "Ewa Nowak", "review": "2027-01-01"}
    device.post("/residents/hanna/consent", **fields)
    assert not _allowed(tablet, Purpose.CAMERA)
    tablet.close()


def test_family_see_nothing_before_the_resident_agreed_to_sharing(tmp_path: Path) -> None:
    tablet = TestHome(tmp_path)
    tablet.know("name.full", "Hanna Nowak")
    family = tablet.signed_in(Role.FAMILY, "Ewa Nowak")
    assert family.get("/residents/hanna").status == 403
    for key, value in (
        ("consent.sharing", "yes"),
        ("consent.sharing.basis", "own"),
        ("consent.sharing.decider", "Hanna"),
    ):
        tablet.know(key, value)
    tablet.know("safety.swallowing", "thickened drinks")
    page = family.get("/residents/hanna")
    assert (page.status, "thickened" in page.text) == (200, False)
    tablet.know("consent.sharing", "no", "resident")
    assert family.get("/residents/hanna").status == 403
    tablet.close()
