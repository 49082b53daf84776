"""Care rule 11: the person's "no" always wins, and one refusal in a shared room turns memory and camera off there."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture_profiles.consent import Present, Purpose, consent, in_room
from tests.culture_profiles.profiles import fact, profile

TODAY = date(2026, 11, 23)
AGREED = Present(profile(fact("consent.memory", "yes", "resident"), fact("consent.camera", "yes", "resident")))
REFUSED = Present(profile(fact("consent.memory", "yes", "resident"), fact("consent.camera", "no", "resident")))
BOTH = (Purpose.MEMORY, Purpose.CAMERA)


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("status", ["stated", "confirmed", "locked"])
def test_nobody_overrules_a_no(purpose: Purpose, status: str) -> None:
    said_no = fact(f"consent.{purpose}", "no", "resident", sequence=1)
    made = profile(
        said_no,
        fact(f"consent.{purpose}", "yes", "carer", status, sequence=2),
        fact(f"consent.{purpose}.basis", "best_interests", sequence=3),
        fact(f"consent.{purpose}.decider", "Dr Lind", sequence=4),
        fact(f"consent.{purpose}.assessment", "CA-1", sequence=5),
        fact(f"consent.{purpose}.consulted", "an advocate", sequence=6),
        fact(f"consent.{purpose}.review", "2027-01-01", sequence=7),
    )
    assert not consent(made, purpose, TODAY).allowed


def test_all_agreed_and_both_are_on() -> None:
    assert all(in_room([AGREED, AGREED], purpose, TODAY).allowed for purpose in BOTH)


@given(st.lists(st.sampled_from([AGREED, REFUSED]), max_size=4), st.sampled_from(BOTH), st.integers(0, 4))
def test_one_refusal_of_either_ends_both(others: list[Present], purpose: Purpose, place: int) -> None:
    people = [*others[:place], REFUSED, *others[place:]]
    assert not in_room(people, purpose, TODAY).allowed


def test_a_no_said_today_counts_like_one_on_record() -> None:
    today = Present(AGREED.profile, frozenset({Purpose.CAMERA}))
    assert not any(in_room([AGREED, today], purpose, TODAY).allowed for purpose in BOTH)


def test_a_stranger_or_nobody_has_not_agreed() -> None:
    assert not in_room([AGREED, Present(None)], Purpose.CAMERA, TODAY).allowed
    assert not in_room([], Purpose.CAMERA, TODAY).allowed
