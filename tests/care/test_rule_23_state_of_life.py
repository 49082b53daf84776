"""Care rule 23, as far as the profile decides: what each state of life permits."""

from datetime import UTC, date, datetime

import pytest

from culture_profiles import precedence
from culture_profiles.state_of_life import Life, StateOfLife
from tests.culture_profiles.profiles import fact, profile

TODAY = date(2026, 11, 23)


def test_nothing_is_prompted_but_to_who_is_here() -> None:
    for state in StateOfLife:
        life = Life.of(profile(fact("state_of_life", state)), TODAY)
        assert life.may_be_prompted == (state is StateOfLife.HERE)
    assert Life.of(profile(), TODAY).may_be_prompted


def test_at_the_end_of_life_it_answers_but_begins_nothing() -> None:
    life = Life.of(profile(fact("state_of_life", "end_of_life")), TODAY)
    assert (life.may_be_answered, life.may_be_prompted) == (True, False)


def test_the_first_word_of_a_death_brings_silence_and_senior_confirmation_seals() -> None:
    said, confirmed = fact("state_of_life", "died"), fact("state_of_life", "died", status="confirmed")
    life = Life.of(profile(said), TODAY)
    assert (life.may_be_answered, life.may_be_prompted, life.robot_may_enter, life.sealed) == (False,) * 4
    assert Life.of(profile(said, confirmed), TODAY).sealed


@pytest.mark.parametrize("source", ["resident", "family", "observed"])
def test_nobody_but_staff_sets_it(source: str) -> None:
    assert not precedence.allowed(fact("state_of_life", "out", source, "assumed" if source == "observed" else "stated"))


def test_isolation_keeps_the_robot_out_or_in_until_it_is_cleaned() -> None:
    isolated = fact("state_of_life", "isolation")
    inside = fact("isolation.robot", "stays_in", when=datetime(2026, 11, 20, 9, tzinfo=UTC))
    over = fact("state_of_life", "here")
    assert not Life.of(profile(isolated), TODAY).robot_may_enter
    assert not Life.of(profile(fact("isolation.robot", "stays_out"), isolated), TODAY).robot_may_enter
    assert Life.of(profile(inside, isolated), TODAY).robot_may_enter
    assert not Life.of(profile(inside, isolated, over), TODAY).robot_may_enter
    for cleaned, may in (("2026-11-19", False), ("2026-11-22", True), ("2026-11-24", False)):
        assert Life.of(profile(inside, over, fact("isolation.cleaned", cleaned)), TODAY).robot_may_enter == may


@pytest.mark.parametrize("whose", ["care", "clergy", "doctor", "lawyer"])
def test_while_somebody_is_with_the_person_nothing_is_said(whose: str) -> None:
    life = Life.of(profile(fact("care_in_progress", whose)), TODAY)
    assert life.care_in_progress and not life.may_be_prompted and not life.may_be_answered
    assert not Life.of(profile(fact("care_in_progress", "no")), TODAY).care_in_progress
