"""Care rules 10 and 11, as far as the profile decides: whose word a consent is, and that a refusal wins."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, make_fact
from culture_profiles.keys import keys
from culture_profiles.store import ProfileStore

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CONSENTS = [name for name, key in keys().items() if key.consent]


def word(key: str, value: str, source: str = "resident", status: str = "stated") -> Fact:
    return make_fact(resident_id="r1", key=key, value=value, source=source, status=status, when=NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProfileStore]:
    with ProfileStore(tmp_path / "profiles" / "profiles.db") as made:
        yield made


@pytest.mark.parametrize("key", CONSENTS)
def test_the_persons_no_wins_over_everything_before_and_after(store: ProfileStore, key: str) -> None:
    store.set_fact(word(key, "yes", "carer", "locked"))
    store.set_fact(word(key, "yes", "resident", "locked"))
    store.set_fact(word(key, "no"))
    assert store.snapshot("r1").value(key) == "no"
    store.set_fact(word(key, "yes", "carer", "confirmed"))
    with pytest.raises(KithError, match="nobody overrules"):
        store.set_fact(word(key, "yes", "carer", "locked"))
    store.set_fact(word(key, "", "carer", "retracted"))
    assert store.snapshot("r1").value(key) == "no"


def test_only_the_person_turns_their_no_into_a_yes(store: ProfileStore) -> None:
    store.set_fact(word("consent.memory", "no"))
    store.set_fact(word("consent.memory", "yes"))
    assert store.snapshot("r1").value("consent.memory") == "yes"


@pytest.mark.parametrize("key", CONSENTS)
@pytest.mark.parametrize(("source", "status"), [("family", "stated"), ("observed", "assumed")])
def test_family_alone_is_no_basis_and_nothing_is_inferred(
    store: ProfileStore, key: str, source: str, status: str
) -> None:
    with pytest.raises(KithError):
        store.set_fact(word(key, "yes", source, status))
    assert store.history("r1") == []


def test_who_refused_to_be_remembered_is_not_remembered(store: ProfileStore) -> None:
    store.set_fact(word("food.liked", "tea"))
    store.set_fact(word("consent.memory", "no"))
    for fact in (word("food.liked", "cake"), word("topics.liked", "jazz", "observed", "assumed")):
        with pytest.raises(KithError, match="remembered"):
            store.set_fact(fact)
    store.set_fact(word("food.liked", "tea", status="retracted"))  # forgetting still works
    assert store.snapshot("r1").values("food.liked") == ()
