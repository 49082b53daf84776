"""Care rule 23: a state of life other than here stops every prompt; died stops all at once and announces nothing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from behaviours.routines import ladder
from behaviours.routines.circumstances import Circumstances, Hindrance, hindrance
from behaviours.routines.occurrence import Occurrence, State
from behaviours.routines.policy import policy
from behaviours.routines.routine import KINDS
from culture_profiles.profile import Profile
from tests.culture_profiles.profiles import profile, staff

DUE = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")


def _one(kind: str) -> Occurrence:
    return Occurrence("r@1", "r", "hanna", kind, "Ewa", DUE, DUE + timedelta(hours=1), next_at=DUE)


def _life(state: str) -> Profile:
    return profile(*staff(state_of_life=state))


@pytest.mark.parametrize("state", ["out", "hospital", "end_of_life", "isolation"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_said_and_staff_see_why(kind: str, state: str) -> None:
    one = _one(kind)
    for minutes in (0, 1, 30, 61):
        now = DUE + timedelta(minutes=minutes)
        found = hindrance(one, Circumstances(now, _life(state)), now, ZONE)
        assert found is Hindrance.NOT_HERE
        step = ladder.advance(one, policy(kind), found, now, robot_free=True)
        assert not step.prompt
        one = step.occurrence
    assert (one.state, one.said) == (State.MISSED, "not said: state of life")
    assert one.open


def test_back_within_the_window_it_is_said() -> None:
    held = ladder.advance(_one("call"), policy("call"), Hindrance.NOT_HERE, DUE, robot_free=True).occurrence
    assert held.next_at is not None
    assert ladder.advance(held, policy("call"), None, held.next_at, robot_free=True).prompt


@pytest.mark.parametrize("kind", KINDS)
def test_died_ends_everything_at_once_and_announces_nothing(kind: str) -> None:
    # Even when the snapshot is old: nobody comes back.
    found = hindrance(_one(kind), Circumstances(DUE - timedelta(days=9), _life("died")), DUE, ZONE)
    assert found is Hindrance.DIED
    step = ladder.advance(_one(kind), policy(kind), found, DUE, robot_free=True)
    assert (step.prompt, step.telling, step.occurrence.next_at) == (False, None, None)
