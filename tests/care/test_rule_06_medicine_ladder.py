"""Care rule 6: medicine prompts are for staff, unless they recorded that this person looks after their own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from behaviours.routines import ladder
from behaviours.routines.circumstances import Circumstances, Hindrance, hindrance
from behaviours.routines.occurrence import Occurrence, Outcome, State
from behaviours.routines.policy import Tell, policy
from behaviours.routines.routine import Routine
from nodes.reminders.store import ReminderStore
from tests.culture_profiles.profiles import profile, staff

DUE = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
ONE = Occurrence("r@1", "r", "hanna", "medicine", "morning medicine", DUE, DUE + timedelta(hours=1), next_at=DUE)
POLICY = policy("medicine")


def _assessed(read_at: datetime = DUE, review: str = "2026-06-02", outcome: str = "yes") -> Circumstances:
    facts = staff(medicine__self_administration=outcome, medicine__self_administration_review=review)
    return Circumstances(read_at, profile(*facts))


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (Circumstances(read_at=DUE), Hindrance.NOT_ASSESSED),
        (_assessed(review="2026-06-01"), Hindrance.NOT_ASSESSED),
        (_assessed(review="2020-01-01"), Hindrance.NOT_ASSESSED),
        (_assessed(review="2027-01-01", outcome="no"), Hindrance.NOT_ASSESSED),
        (_assessed(DUE - timedelta(minutes=16)), Hindrance.STALE),
        (_assessed(DUE + timedelta(minutes=16)), Hindrance.STALE),
    ],
)
def test_nothing_is_spoken_without_a_current_assessment_and_staff_are_told(
    known: Circumstances, why: Hindrance
) -> None:
    assert hindrance(ONE, known, DUE, ZONE) is why
    step = ladder.advance(ONE, POLICY, why, DUE, robot_free=True)
    assert (step.prompt, step.occurrence.state, step.occurrence.next_at) == (False, State.TOLD_STAFF, None)
    assert step.telling is not None
    assert step.telling.level is Tell.ATTEND


def test_with_one_it_is_spoken_within_the_window_only() -> None:
    assert hindrance(ONE, _assessed(), DUE, ZONE) is None
    assert ladder.advance(ONE, POLICY, None, DUE, robot_free=True).prompt
    late = ladder.advance(ONE, POLICY, None, ONE.window_end, robot_free=True)
    assert (late.prompt, late.occurrence.state) == (False, State.MISSED)
    assert late.telling is not None
    assert late.telling.level is Tell.ATTEND


@pytest.mark.parametrize("outcome", list(Outcome))
def test_no_answer_of_the_resident_closes_it(outcome: Outcome) -> None:
    begun = ladder.begin(ONE, "robot", DUE + timedelta(minutes=3))
    step = ladder.answered(begun, POLICY, outcome, DUE)
    assert step.occurrence.open
    assert ladder.settle(step.occurrence, POLICY) is None
    assert not ladder.settled_with_alert(step.occurrence)


def test_a_hint_of_taken_stops_prompting_leaves_it_open_and_brings_somebody() -> None:
    begun = ladder.begin(ONE, "robot", DUE + timedelta(minutes=3))
    step = ladder.answered(begun, POLICY, Outcome.HINT_TAKEN, DUE, said="with breakfast")
    assert (step.occurrence.state, step.occurrence.next_at) == (State.TOLD_STAFF, None)
    assert step.telling == ladder.Telling(ladder.Reason.HINT_TAKEN, Tell.ATTEND)
    for minutes in range(0, 600, 7):
        assert not ladder.advance(
            step.occurrence, POLICY, None, DUE + timedelta(minutes=minutes), robot_free=True
        ).prompt


def test_a_lost_answer_is_never_asked_for_again() -> None:
    begun = ladder.begin(ONE, "robot", DUE + timedelta(minutes=3))
    step = ladder.lost(begun, POLICY, DUE)
    assert (step.occurrence.state, step.occurrence.uncertain) == (State.TOLD_STAFF, True)


def test_no_snooze_beyond_the_window() -> None:
    begun = ladder.begin(ONE, "robot", DUE + timedelta(minutes=3))
    step = ladder.answered(begun, POLICY, Outcome.LATER, DUE, later_s=86_400)
    assert step.occurrence.next_at is not None
    assert step.occurrence.next_at < ONE.window_end


def test_only_a_named_person_closes_it_and_closing_the_alert_does_not(tmp_path: Path) -> None:
    store = ReminderStore(tmp_path / "reminders.db")
    routine = Routine("", "hanna", "medicine", "morning medicine", "", DUE, "", timedelta(hours=1), "nurse", "UTC")
    _, made = store.add_routine(routine, DUE)
    step = ladder.advance(made[0], POLICY, Hindrance.NOT_ASSESSED, DUE, robot_free=True)
    store.keep(step, DUE)
    alert = store.tellings(stored=False)[0]
    store.told(alert.alert_id)
    assert store.alert_closed(alert.alert_id, "Anna", DUE) is None
    known = store.occurrence(made[0].id)
    assert known is not None
    assert known.open
    assert store.close_occurrence(known.id, "Anna", "", DUE).closed_by == "Anna"
    store.close()


@pytest.mark.parametrize("reason", list(ladder.Reason))
def test_what_staff_read_names_no_drug_and_no_person(reason: ladder.Reason) -> None:
    text = ladder.words(ONE, reason, ZONE)
    assert "morning medicine" not in text
    assert "hanna" not in text
