"""Care rule 19: what is said about deaths, visits and whereabouts is kept as said, never as truth."""

from datetime import UTC, datetime

import pytest

from culture_profiles.fact import Fact, make_fact
from culture_profiles.keys import keys
from culture_profiles.profile import Profile

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HEARSAY = [name for name, key in keys().items() if key.hearsay]


def said(key: str, source: str = "resident", status: str = "stated", sequence: int = 1) -> Fact:
    return make_fact(
        resident_id="r1",
        key=key,
        value="my husband comes on Sunday",
        source=source,
        status=status,
        when=NOW,
        sequence=sequence,
    )


def test_there_is_a_place_for_it() -> None:
    assert HEARSAY


@pytest.mark.parametrize("key", HEARSAY)
@pytest.mark.parametrize(
    ("source", "status"),
    [("resident", "stated"), ("resident", "confirmed"), ("family", "confirmed"), ("carer", "stated")],
)
def test_it_is_kept_with_its_date_and_not_raised_again(key: str, source: str, status: str) -> None:
    profile = Profile("r1", facts=[said(key, source, status)])
    assert profile.known() == ()
    assert profile.value(key) is None and profile.values(key) == () and profile.fact(key) is None
    assert [(fact.value, fact.when) for fact in profile.hearsay()] == [("my husband comes on Sunday", NOW)]


@pytest.mark.parametrize("key", HEARSAY)
def test_staff_make_it_known_by_confirming(key: str) -> None:
    profile = Profile("r1", facts=[said(key), said(key, "carer", "locked", sequence=2)])
    assert [fact.value for fact in profile.known()] == ["my husband comes on Sunday"]
    assert profile.hearsay() == ()
