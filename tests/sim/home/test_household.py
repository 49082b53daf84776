"""Who lives in a simulated home."""

import random
from datetime import date
from pathlib import Path

import pytest

from culture_profiles.agreed import may_be_offered_food, takes_own_medicine
from culture_profiles.errors import KithError
from culture_profiles.profile import Profile
from culture_profiles.store import ProfileStore
from sim.home.household import MOST, household

FIRST = date(2026, 3, 2)


@pytest.mark.parametrize("residents", [1, 12, MOST])
def test_each_is_somebody_else_and_staff_have_decided_for_each(residents: int) -> None:
    living = household(residents, FIRST, random.Random(7))
    assert len(set(living.residents)) == residents
    for name in living.residents:
        mine = tuple(fact for fact in living.facts if fact.resident_id == name)
        profile = Profile(name, len(mine), mine)
        assert takes_own_medicine(profile, FIRST) is (name not in living.without_assessment)
        assert may_be_offered_food(profile, FIRST) is (name not in living.restricted)


def test_the_store_takes_all_that_is_known_of_them(tmp_path: Path) -> None:
    living = household(MOST, FIRST, random.Random(1))
    with ProfileStore(tmp_path / "profiles.db") as store:
        for fact in living.facts:
            store.set_fact(fact)
        assert store.count() == MOST


def test_a_home_of_a_thousand_is_refused() -> None:
    with pytest.raises(KithError, match="1 to"):
        household(1000, FIRST, random.Random(1))
