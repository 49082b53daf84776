"""Care rule 10: consent is per purpose and counts only with a sound basis; family alone is none."""

from datetime import date

import pytest

from culture_profiles import precedence
from culture_profiles.consent import Purpose, consent, consents
from culture_profiles.fact import Fact
from tests.culture_profiles.profiles import fact, profile, staff

TODAY = date(2026, 11, 23)
YES = fact("consent.memory", "yes")
ATTORNEY = staff(
    consent__memory="yes",
    consent__memory__basis="attorney",
    consent__memory__decider="Ewa Nowak",
    consent__memory__review="2027-02-01",
    role__attorney__name="Ewa Nowak",
    role__attorney__scope="health_and_welfare",
    role__attorney__seen="2026-10-01",
)
BEST_INTERESTS = staff(
    consent__memory="yes",
    consent__memory__basis="best_interests",
    consent__memory__decider="Dr Lind",
    consent__memory__assessment="CA-2026-14",
    consent__memory__consulted=("Ewa Nowak", "an advocate"),
    consent__memory__review="2027-02-01",
    role__family__name="Jan Nowak",
)
OWN = staff(consent__memory="yes", consent__memory__basis="own", consent__memory__decider="Hanna Kowalska")


def allowed(*facts: Fact, purpose: Purpose = Purpose.MEMORY, today: date = TODAY) -> bool:
    return consent(profile(*facts), purpose, today).allowed


def without(facts: list[Fact], key: str) -> list[Fact]:
    assert any(each.key == key for each in facts)
    return [each for each in facts if each.key != key]


def test_each_sound_basis_counts() -> None:
    assert allowed(fact("consent.memory", "yes", "resident"))
    for record in (ATTORNEY, BEST_INTERESTS, OWN):
        assert allowed(*record)


def test_a_yes_that_staff_wrote_down_without_its_basis_counts_for_nothing() -> None:
    assert not allowed(YES)


@pytest.mark.parametrize(
    ("record", "missing"),
    [
        *[(ATTORNEY, each.key) for each in ATTORNEY],
        *[(BEST_INTERESTS, each.key) for each in BEST_INTERESTS if each.key != "role.family.name"],
        (OWN, "consent.memory.decider"),
    ],
)
def test_what_is_missing_from_the_record_makes_it_void_and_says_what(record: list[Fact], missing: str) -> None:
    standing = consent(profile(*without(record, missing)), Purpose.MEMORY, TODAY)
    assert not standing.allowed
    assert standing.why
    assert "Ewa" not in standing.why and "Lind" not in standing.why


def test_it_ends_the_day_after_its_review_date() -> None:
    for record in (ATTORNEY, BEST_INTERESTS, [*OWN, fact("consent.memory.review", "2027-02-01")]):
        assert allowed(*record, today=date(2027, 2, 1))
        assert not allowed(*record, today=date(2027, 2, 2))


def test_an_attorney_decides_only_within_the_scope_that_was_seen() -> None:
    money = [*without(ATTORNEY, "role.attorney.scope"), fact("role.attorney.scope", "property_and_finance")]
    assert not allowed(*money)
    assert not allowed(*without(ATTORNEY, "role.attorney.seen"), fact("role.attorney.seen", "2026-12-01"))
    somebody = [*without(ATTORNEY, "consent.memory.decider"), fact("consent.memory.decider", "Jan Nowak")]
    assert not allowed(*somebody)


def test_family_alone_is_no_basis() -> None:
    assert not precedence.allowed(fact("consent.memory", "yes", "family"))
    son = [*without(BEST_INTERESTS, "consent.memory.decider"), fact("consent.memory.decider", "Jan Nowak")]
    assert not allowed(*son)
    assert not allowed(
        *without(OWN, "consent.memory.decider"),
        fact("consent.memory.decider", "jan nowak "),
        fact("role.family.name", "Jan Nowak"),
    )


def test_being_recognised_by_face_needs_the_persons_own_word() -> None:
    def for_face(facts: list[Fact]) -> list[Fact]:
        return [each.model_copy(update={"key": each.key.replace(".memory", ".face")}) for each in facts]

    assert allowed(fact("consent.face", "yes", "resident"), purpose=Purpose.FACE)
    assert allowed(*for_face(OWN), purpose=Purpose.FACE)
    assert not allowed(*for_face(ATTORNEY), purpose=Purpose.FACE)
    assert not allowed(*for_face(BEST_INTERESTS), purpose=Purpose.FACE)


def test_one_purpose_says_nothing_of_another_and_all_begin_off_but_talk() -> None:
    found = consents(profile(fact("consent.memory", "yes", "resident")), TODAY)
    assert {purpose for purpose, standing in found.items() if standing.allowed} == {Purpose.TALK, Purpose.MEMORY}
    assert not consent(None, Purpose.CAMERA, TODAY).allowed
