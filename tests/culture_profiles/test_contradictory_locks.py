"""A lock that contradicts the other side's is refused by the store, and nothing is lost."""

from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from culture_profiles.store import ProfileStore
from tests.culture_profiles.profiles import fact


def test_the_store_refuses_it_and_keeps_what_was_locked(tmp_path: Path) -> None:
    with ProfileStore(tmp_path / "profiles" / "profiles.db") as store:
        store.set_fact(fact("food.liked", "Eggs", "resident", "locked"))
        with pytest.raises(KithError, match="the person must retract"):
            store.set_fact(fact("food.disliked", "eggs", "carer", "locked"))
        assert store.snapshot("r1").values("food.liked") == ("Eggs",)
        assert len(store.history("r1")) == 1
        store.set_fact(fact("food.liked", "Eggs", "resident", "retracted"))
        store.set_fact(fact("food.disliked", "eggs", "carer", "locked"))
        assert store.snapshot("r1").values("food.disliked") == ("eggs",)
