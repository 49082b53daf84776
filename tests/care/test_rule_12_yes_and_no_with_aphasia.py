"""Care rule 12: roles are separate, and a spoken yes decides nothing for somebody with aphasia; a no still stops."""

from datetime import date

from culture_profiles import precedence
from culture_profiles.consent import Purpose, consent
from culture_profiles.keys import keys
from tests.culture_profiles.profiles import fact, profile, staff

TODAY = date(2026, 11, 23)
APHASIA = fact("speech.yes_no_unreliable", "true")
YES = fact("consent.memory", "yes", "resident")


def test_a_spoken_yes_waits_for_staff_to_record_the_basis() -> None:
    assert consent(profile(YES), Purpose.MEMORY, TODAY).allowed
    assert not consent(profile(YES, APHASIA), Purpose.MEMORY, TODAY).allowed
    record = staff(consent__memory__basis="own", consent__memory__decider="Hanna Kowalska")
    assert consent(profile(YES, APHASIA, *record), Purpose.MEMORY, TODAY).allowed


def test_a_spoken_no_is_a_no() -> None:
    made = profile(APHASIA, fact("consent.talk", "yes"), fact("consent.talk", "no", "resident"))
    assert not consent(made, Purpose.TALK, TODAY).allowed


def test_only_staff_say_so_and_only_staff_record_roles() -> None:
    assert not precedence.allowed(fact("speech.yes_no_unreliable", "false", "resident"))
    roles = [name for name in keys() if name.startswith("role.")]
    assert {name.split(".")[1] for name in roles} == {"attorney", "deputy", "guardian", "advocate", "family"}
    assert all(keys()[name].for_staff_only for name in roles)


def test_one_role_does_not_act_as_another() -> None:
    record = staff(
        consent__memory="yes",
        consent__memory__basis="attorney",
        consent__memory__decider="Ewa Nowak",
        consent__memory__review="2027-01-01",
        role__advocate__name="Ewa Nowak",
        role__guardian__name="Ewa Nowak",
        role__attorney__scope="health_and_welfare",
        role__attorney__seen="2026-10-01",
    )
    assert not consent(profile(*record), Purpose.MEMORY, TODAY).allowed
