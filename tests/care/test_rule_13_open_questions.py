"""Care rule 13: sensitive subjects are opened, if at all, with one open question, the same for everybody."""

from behaviours.phrases import phrasebook
from culture_profiles.keys import Sensitivity, keys

ASKED = {name: key for name, key in keys().items() if key.ask}


def test_every_opening_question_can_be_said_and_takes_no_value_from_the_profile() -> None:
    for key in ASKED.values():
        (said,) = {phrase.text for phrase in phrasebook().all(key.ask, "en_GB", {})}
        assert said.endswith("?")


def test_all_sensitive_subjects_share_one_question_and_it_names_none_of_them() -> None:
    sensitive = {key.ask for key in ASKED.values() if key.sensitivity is Sensitivity.SENSITIVE}
    assert sensitive == {"ask.matters"}
    (said,) = [phrase.text.casefold() for phrase in phrasebook().all("ask.matters", "en_GB", {})]
    assert not any(word in said for word in ("faith", "god", "pray", "relig", "church", "health", "eat"))


def test_nothing_that_is_staffs_and_no_consent_is_asked_of_the_person_in_passing() -> None:
    assert not [name for name, key in ASKED.items() if key.for_staff_only or key.consent]
