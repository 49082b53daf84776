"""Care rule 24: without two named reviewers a pack gives a real home only phrases and calendar."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from culture_profiles.beliefs.beliefs import Beliefs
from culture_profiles.culture.approach import approach
from culture_profiles.culture.facets import sides
from culture_profiles.culture.loader import Packs, packs
from culture_profiles.culture.observances import festivals_ahead, times_today
from culture_profiles.culture.review import usable
from culture_profiles.keys import Sensitivity, keys
from tests.culture_profiles.culture.packs_for_tests import write
from tests.culture_profiles.profiles import fact, profile

TODAY = date(2026, 11, 23)
BODY = """\
priors:
  - {preference: music.jazz, yes: 6, no: 1, source: made}
manner:
  - {key: distance.metres, value: 2.5, yes: 6, no: 1, source: made}
food_rules:
  - {id: f, text: F., source: made}
festivals:
  - {id: today, name: Today, when: {month: 11, day: 23}, mood: joyful, source: made}
times:
  - {id: nap, kind: rest, name: Nap, when: {clock: 13:30}, source: made}
painful:
  - {id: flood, name: Flood, words: [the flood], source: made}
topics:
  - {id: t, name: Tea, cluster: talk, source: made}
"""
ANN, BEN = (f"{{name: {name}, role: translator, date: 2026-01-02}}" for name in ("Ann", "Ben"))
SOMEBODY = profile(fact("culture.region.japan", "a_lot", source="resident"))


def one_pack(folder: Path, reviewers: str) -> Packs:
    write(folder, "region:japan", f"reviewed_by: [{reviewers}]\n{BODY}")
    return Packs(folder)


@pytest.mark.parametrize("reviewers", ["", ANN, f"{ANN}, {ANN}"])
def test_unreviewed_only_the_calendar_and_what_is_painful_are_left(tmp_path: Path, reviewers: str) -> None:
    known = one_pack(tmp_path, reviewers)
    assert Beliefs.of(SOMEBODY, known, simulation=False).about("music.jazz").mean == 0.5
    found = approach(SOMEBODY, TODAY, known, simulation=False)
    assert found == replace(approach(profile(), TODAY, known, simulation=False), avoid=("the flood",))
    (side,) = sides(SOMEBODY, known, simulation=False)
    assert (side.pack.food_rules, side.pack.topics) == ((), ())
    assert [each.festival.id for each in festivals_ahead((side,), TODAY)] == ["today"]
    assert [each.time.id for each in times_today((side,), TODAY)] == ["nap"]


def test_two_reviewers_or_a_simulation_give_all_of_it(tmp_path: Path) -> None:
    reviewed = one_pack(tmp_path / "reviewed", f"{ANN}, {BEN}")
    unreviewed = one_pack(tmp_path / "unreviewed", "")
    for known, simulation in ((reviewed, False), (unreviewed, True)):
        assert Beliefs.of(SOMEBODY, known, simulation=simulation).about("music.jazz").mean > 0.55
        assert approach(SOMEBODY, TODAY, known, simulation=simulation).distance_m > 2.0


def test_phrases_stay() -> None:
    welsh = packs()["language:cy_GB"]
    assert usable(welsh, simulation=False).phrases == welsh.phrases != {}


def test_no_pack_that_ships_claims_a_review_that_did_not_happen() -> None:
    assert [reference for reference in packs() if packs()[reference].reviewed_by] == []


def test_region_never_implies_faith() -> None:
    """A region, nation or trade shows no day or time of a faith until the person states that faith."""
    known = packs()
    for reference in known:
        pack = known[reference]
        if pack.facet != "faith":
            of_person = sides(profile(fact(f"culture.{pack.facet}.{pack.id}", "a_lot")), known, simulation=True)
            assert not [each for each in festivals_ahead(of_person, TODAY) if each.festival.implies == "faith"]
            assert not [each for each in times_today(of_person, TODAY) if each.time.kind != "rest"]


def test_a_stated_faith_shows_its_days() -> None:
    known = packs()
    stated = fact("culture.faith.sikh", "a_lot", source="resident")
    told_by_family = fact("culture.faith.sikh", "a_lot", source="family")
    assert festivals_ahead(sides(profile(stated), known, simulation=False), TODAY)
    assert not festivals_ahead(sides(profile(told_by_family), known, simulation=False), TODAY)


def test_no_answer_flows_into_a_belief_from_a_sensitive_key() -> None:
    from culture_profiles.beliefs.answers import answers, tastes

    sensitive = [name for name, key in keys().items() if key.sensitivity is not Sensitivity.NONE]
    assert not set(sensitive) & set(tastes())
    everything = profile(fact("faith.stated", "yes", source="resident"), fact("music.jazz", "yes", source="resident"))
    assert list(answers(everything)) == ["music.jazz"]
