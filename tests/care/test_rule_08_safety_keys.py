"""Care rule 8: safety keys belong to authorised staff; anybody else's word becomes a question to them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.keys import Sensitivity, keys
from culture_profiles.profile import Profile
from culture_profiles.store import ProfileStore, StaffMustDecide

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SAFETY = [name for name, key in keys().items() if key.sensitivity is Sensitivity.SAFETY]
OTHERS = [Source.RESIDENT, Source.FAMILY, Source.OBSERVED, Source.CULTURE_PRIOR]


def word(key: str, value: str, source: Source, status: Status | None = None) -> Fact:
    usual = Status.ASSUMED if source in (Source.OBSERVED, Source.CULTURE_PRIOR) else Status.STATED
    return make_fact(resident_id="r1", key=key, value=value, source=source, status=status or usual, when=NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProfileStore]:
    with ProfileStore(tmp_path / "profiles" / "profiles.db") as made:
        yield made


def test_there_are_safety_keys() -> None:
    assert {"safety.allergy", "safety.swallowing", "safety.mobility"} <= set(SAFETY)


@pytest.mark.parametrize("key", SAFETY)
@pytest.mark.parametrize("source", OTHERS)
def test_nobody_else_changes_one_and_staff_are_asked(store: ProfileStore, key: str, source: Source) -> None:
    store.set_fact(word(key, "as assessed", Source.CARER))
    before = store.snapshot("r1")
    with pytest.raises(StaffMustDecide, match="staff") as told:
        store.set_fact(word(key, "not any more", source))
    assert "not any more" not in str(told.value)
    assert store.snapshot("r1") == before
    assert store.snapshot("r1").values(key) == ("as assessed",)
    assert [(asked.fact.value, asked.told) for asked in store.questions("r1")] == [("not any more", False)]


@pytest.mark.parametrize("key", SAFETY)
def test_forget_that_is_a_question_too(store: ProfileStore, key: str) -> None:
    store.set_fact(word(key, "as assessed", Source.CARER))
    with pytest.raises(StaffMustDecide):
        store.set_fact(word(key, "", Source.RESIDENT, Status.RETRACTED))
    assert store.snapshot("r1").values(key) == ("as assessed",)
    assert store.questions("r1")[0].fact.status is Status.RETRACTED


def test_a_resident_cannot_lock_one(store: ProfileStore) -> None:
    with pytest.raises(StaffMustDecide):
        store.set_fact(word("safety.allergy", "none", Source.RESIDENT, Status.LOCKED))
    assert store.snapshot("r1").values("safety.allergy") == ()


def test_staff_change_them_and_take_them_back(store: ProfileStore) -> None:
    store.set_fact(word("safety.swallowing", "thickened", Source.CARER))
    store.set_fact(word("safety.swallowing", "normal", Source.CARER))
    assert store.snapshot("r1").value("safety.swallowing") == "normal"
    store.set_fact(word("safety.swallowing", "", Source.CARER, Status.RETRACTED))
    assert store.snapshot("r1").value("safety.swallowing") is None


def test_the_question_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "home" / "profiles.db"
    with ProfileStore(path) as store, pytest.raises(StaffMustDecide):
        store.set_fact(word("safety.allergy", "I can eat nuts", Source.RESIDENT))
    with ProfileStore(path) as store:
        assert [asked.fact.value for asked in store.questions()] == ["I can eat nuts"]


@pytest.mark.parametrize("key", SAFETY)
@pytest.mark.parametrize("source", OTHERS)
def test_even_a_fact_that_got_in_otherwise_is_never_in_force(key: str, source: Source) -> None:
    # For example from a file restored from elsewhere: precedence between sources is for preferences.
    profile = Profile("r1", facts=[word(key, "as assessed", Source.CARER), word(key, "as assessed", source)])
    assert [fact.source for fact in profile.facts] == [Source.CARER]
    assert Profile("r1", facts=[word(key, "made up", source)]).facts == ()
