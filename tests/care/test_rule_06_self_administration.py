"""Care rule 6: a medicine prompt is spoken to a resident only under an assessment in force that found so."""

from datetime import date

from culture_profiles import precedence
from culture_profiles.agreed import takes_own_medicine
from tests.culture_profiles.profiles import fact, profile, staff

TODAY = date(2026, 11, 23)
ASSESSED = staff(medicine__self_administration="yes", medicine__self_administration_review="2026-11-24")


def test_only_with_a_positive_outcome_and_before_its_review() -> None:
    assert takes_own_medicine(profile(*ASSESSED), TODAY)
    assert not takes_own_medicine(profile(*ASSESSED), date(2026, 11, 24))
    assert not takes_own_medicine(profile(ASSESSED[1]), TODAY)
    assert not takes_own_medicine(profile(ASSESSED[1], fact("medicine.self_administration", "no")), TODAY)


def test_the_persons_own_word_does_not_make_one() -> None:
    assert not precedence.allowed(fact("medicine.self_administration", "yes", "resident"))
