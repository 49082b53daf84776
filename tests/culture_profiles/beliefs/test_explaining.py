"""Explanations name source, background and answers, call what is assumed assumed, and say what would change it."""

from pathlib import Path

import pytest

from culture_profiles.beliefs.explaining import Explanation, explain
from culture_profiles.errors import KithError
from culture_profiles.profile import Profile
from tests.culture_profiles.beliefs.people import person, two_packs
from tests.culture_profiles.profiles import fact, profile


def explained(folder: Path, someone: Profile, key: str) -> Explanation:
    return explain(someone, key, two_packs(folder), simulation=True)


def test_an_assumption_names_the_pack_its_source_and_the_answers(tmp_path: Path) -> None:
    found = explained(tmp_path, person(music__folk="yes"), "music.jazz")
    assert found.assumed
    assert found.value is None
    for part in (
        "Assumed",
        "region:japan",
        "matters a lot",
        "Nobody, 2026",
        "unreviewed",
        "music.folk (yes)",
        "never said",
    ):
        assert part in found.text
    assert found.sources == ("region:japan: Nobody: Made up, 2026",)


def test_a_turned_round_expectation_says_so(tmp_path: Path) -> None:
    against = person(music__folk="no", music__classical="no", music__choir="no", music__dance_band="no")
    assert "the other way" in explained(tmp_path, against, "music.jazz").text


def test_an_answer_outranks_and_says_by_whom(tmp_path: Path) -> None:
    someone = person(fact("music.jazz", "yes", source="carer"), fact("music.jazz", "no", source="resident"))
    found = explained(tmp_path, someone, "music.jazz")
    assert (found.value, found.assumed) == ("no", False)
    assert "person's own word on 23 November 2026 is no: the person does not like jazz" in found.text
    assert "stands over a carer's word" in found.text


def test_any_other_key_is_explained_by_precedence(tmp_path: Path) -> None:
    someone = profile(
        fact("address.manner", "warm", source="carer"), fact("address.manner", "formal", source="resident")
    )
    found = explained(tmp_path, someone, "address.manner")
    assert found.value == "formal"
    assert "stands over a carer's word" in found.text
    assert (
        "Only authorised staff" in explained(tmp_path, profile(fact("safety.allergy", "nuts")), "safety.allergy").text
    )


def test_nothing_sensitive_is_assumed_and_it_says_so(tmp_path: Path) -> None:
    found = explained(tmp_path, person(), "faith.stated")
    assert (found.value, found.assumed) == (None, False)
    assert "no background suggests it" in found.text


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KithError):
        explained(tmp_path, person(), "music.jaz")


def test_what_nobody_reviewed_is_named_and_not_used_in_a_real_home(tmp_path: Path) -> None:
    found = explain(person(), "music.jazz", two_packs(tmp_path), simulation=False)
    assert "yet to review region:japan" in found.text
    assert found.sources == ()
