"""Care rule 20, as far as reminders go: at night and in quiet hours none is spoken, and staff learn of it in time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from behaviours.routines import ladder
from behaviours.routines.circumstances import Circumstances, Hindrance, hindrance
from behaviours.routines.occurrence import Occurrence, State
from behaviours.routines.policy import policy
from behaviours.routines.routine import KINDS
from tests.culture_profiles.profiles import profile, staff

ZONE = ZoneInfo("Europe/London")
READY = profile(
    *staff(
        medicine__self_administration="yes", medicine__self_administration_review="2027-01-01",
        food__offering="no_restriction", food__offering_review="2027-01-01",
    )
)  # fmt: skip


@pytest.mark.parametrize("hour", [22, 23, 0, 3, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_none_is_spoken_and_staff_are_told_when_it_is_due(kind: str, hour: int) -> None:
    due = datetime(2026, 12, 1, hour, tzinfo=UTC)
    one = Occurrence("r@1", "r", "r1", kind, "x", due, due + timedelta(minutes=30), next_at=due)
    found = hindrance(one, Circumstances(due, READY), due, ZONE)
    assert found is Hindrance.ALL_QUIET
    step = ladder.advance(one, policy(kind), found, due, robot_free=True)
    assert (step.prompt, step.occurrence.state, step.telling is not None) == (False, State.TOLD_STAFF, True)


def test_what_reaches_into_the_day_waits_for_it() -> None:
    due = datetime(2026, 12, 1, 6, 30, tzinfo=UTC)
    one = Occurrence("r@1", "r", "r1", "call", "x", due, due + timedelta(hours=2), next_at=due)
    found = hindrance(one, Circumstances(due, READY), due, ZONE)
    assert found is Hindrance.QUIET
    held = ladder.advance(one, policy("call"), found, due, robot_free=True).occurrence
    morning = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert hindrance(held, Circumstances(morning, READY), morning, ZONE) is None
    assert ladder.advance(held, policy("call"), None, morning, robot_free=True).prompt
