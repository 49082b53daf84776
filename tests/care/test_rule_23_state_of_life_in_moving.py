"""Care rule 23, as far as moving goes: to whom the robot does not go, whoever asks."""

from datetime import timedelta

import pytest

from culture_profiles.fact import Fact, Source, Status
from tests.behaviours.minds import HANNA, MORNING, Chat, profile


def _goes(called: bool = False, **staff: str) -> bool:
    known = profile(**HANNA)
    for key, value in staff.items():
        fact = Fact(
            resident_id="hanna", key=key.replace("__", "."), value=value, source=Source.CARER, status=Status.STATED,
            when=MORNING,
        )  # fmt: skip
        known = known.with_fact(fact)
    chat = Chat(known)
    return bool(chat.mind.come_to("hanna", MORNING + timedelta(minutes=1), called=called))


@pytest.mark.parametrize("called", [False, True])
def test_it_stays_out_of_isolation_away_from_care_and_from_the_dead(called: bool) -> None:
    assert _goes(called)
    assert not _goes(called, state_of_life="isolation")
    assert not _goes(called, state_of_life="died")
    assert not _goes(called, care_in_progress="doctor")


def test_it_stays_with_who_is_isolated_if_staff_said_so_and_goes_on_after_cleaning() -> None:
    assert _goes(state_of_life="isolation", isolation__robot="stays_in")
    assert not _goes(state_of_life="here", isolation__robot="stays_in")
    cleaned = MORNING.date().isoformat()
    assert _goes(state_of_life="here", isolation__robot="stays_in", isolation__cleaned=cleaned)


def test_at_the_end_of_life_it_comes_only_when_called() -> None:
    assert not _goes(state_of_life="end_of_life")
    assert _goes(called=True, state_of_life="end_of_life")
