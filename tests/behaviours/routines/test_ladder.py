"""The ladder: every ending is a person's or the resident's own, and nothing is said that may not be."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behaviours.routines import ladder
from behaviours.routines.circumstances import Circumstances, Hindrance, hindrance
from behaviours.routines.occurrence import MAY_BE_PROMPTED, Occurrence, Outcome, State
from behaviours.routines.policy import Tell, policies, policy
from behaviours.routines.routine import KINDS
from tests.culture_profiles.profiles import profile, staff

DUE = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")


def _one(kind: str = "call", window: timedelta = timedelta(hours=1)) -> Occurrence:
    return Occurrence("r@1", "r", "hanna", kind, "your daughter Ewa", DUE, DUE + window, next_at=DUE)


def _prompted(one: Occurrence, now: datetime = DUE) -> Occurrence:
    step = ladder.advance(one, policy(one.kind), None, now, robot_free=True)
    assert step.prompt
    return ladder.begin(step.occurrence, "robot", now + timedelta(minutes=3))


def _answer(one: Occurrence, outcome: Outcome, now: datetime = DUE, **more: object) -> ladder.Step:
    return ladder.answered(one, policy(one.kind), outcome, now, **more)


def test_two_prompts_three_minutes_apart_then_staff() -> None:
    first = _answer(_prompted(_one()), Outcome.NO_ANSWER).occurrence
    assert (first.state, first.next_at) == (State.NO_ANSWER, DUE + timedelta(minutes=3))
    later = DUE + timedelta(minutes=3)
    step = _answer(_prompted(first, later), Outcome.NO_ANSWER, later)
    assert (step.occurrence.state, step.occurrence.prompts) == (State.TOLD_STAFF, 2)
    assert step.telling == ladder.Telling(ladder.Reason.NO_ANSWER, Tell.ATTEND)


def test_later_is_ten_minutes_or_as_asked_and_never_past_the_window() -> None:
    assert _answer(_prompted(_one()), Outcome.LATER).occurrence.next_at == DUE + timedelta(minutes=10)
    asked = _answer(_prompted(_one()), Outcome.LATER, later_s=120).occurrence
    assert asked.next_at == DUE + timedelta(minutes=2)
    far = _answer(_prompted(_one()), Outcome.LATER, later_s=7200).occurrence
    assert far.next_at is not None
    assert far.next_at < far.window_end
    near_end = DUE + timedelta(minutes=59)
    step = _answer(_prompted(_one(), near_end), Outcome.LATER, near_end)
    assert (step.occurrence.state, step.telling is not None) == (State.TOLD_STAFF, True)


def test_an_interruption_asks_again_and_counts_no_silence() -> None:
    step = _answer(_prompted(_one()), Outcome.INTERRUPTED, sounded=False)
    assert (step.occurrence.state, step.occurrence.prompts, step.occurrence.unanswered) == (State.WAITING, 0, 0)
    assert step.occurrence.next_at is not None


def test_a_prompt_that_had_begun_to_sound_is_asked_again_with_the_word_that_it_may_have_been() -> None:
    cut_off = _answer(_prompted(_one()), Outcome.INTERRUPTED, sounded=True).occurrence
    assert (cut_off.state, cut_off.prompts, cut_off.may_have_asked) == (State.WAITING, 1, True)
    unheard = _answer(_prompted(_one()), Outcome.INTERRUPTED, sounded=False).occurrence
    assert not unheard.may_have_asked
    assert not _answer(_prompted(cut_off), Outcome.ACCEPTED).occurrence.may_have_asked


def test_a_lost_answer_is_asked_for_once_and_counted() -> None:
    first = ladder.lost(_prompted(_one()), policy("call"), DUE).occurrence
    assert (first.state, first.may_have_asked, first.uncertain) == (State.WAITING, True, True)
    again = ladder.lost(_prompted(first), policy("call"), DUE)
    assert (again.occurrence.state, again.telling is not None) == (State.TOLD_STAFF, True)
    answered = _answer(_prompted(first), Outcome.ACCEPTED).occurrence
    assert (answered.uncertain, answered.may_have_asked) == (True, False)


def test_a_missed_window_is_told() -> None:
    step = ladder.advance(_one(), policy("call"), None, DUE + timedelta(hours=1), robot_free=True)
    assert (step.occurrence.state, step.prompt) == (State.MISSED, False)
    assert step.telling is not None


def test_no_robot_is_told_in_time() -> None:
    waiting = ladder.advance(_one(), policy("call"), None, DUE + timedelta(minutes=1), robot_free=False)
    assert waiting == ladder.Step(_one())
    told = ladder.advance(_one(), policy("call"), None, DUE + timedelta(minutes=11), robot_free=False)
    assert told.telling is not None
    assert told.telling.reason is ladder.Reason.NO_ROBOT


def test_a_clock_set_back_says_nothing_early() -> None:
    early = DUE - timedelta(hours=1)
    step = ladder.advance(_one(), policy("call"), None, early, robot_free=True)
    assert (step.prompt, step.occurrence.next_at) == (False, DUE)


@pytest.mark.parametrize("kind", ["drink", "meal"])
def test_food_and_drink_only_without_restriction(kind: str) -> None:
    free = staff(food__offering="no_restriction", food__offering_review="2026-06-01")
    assert hindrance(_one(kind), Circumstances(DUE), DUE, ZONE) is Hindrance.RESTRICTED
    assert hindrance(_one(kind), Circumstances(DUE, profile(*free)), DUE, ZONE) is None
    assert hindrance(_one(kind), Circumstances(DUE, profile(*free)), DUE + timedelta(days=1), ZONE) is not None
    told = ladder.advance(_one(kind), policy(kind), Hindrance.RESTRICTED, DUE, robot_free=True)
    assert (told.prompt, told.occurrence.state) == (False, State.TOLD_STAFF)


def test_every_kind_has_a_policy() -> None:
    assert set(policies()) == set(KINDS)


_happenings = st.lists(
    st.tuples(
        st.sampled_from(["answer", "lose", "refuse", "wait"]),
        st.sampled_from(list(Outcome)),
        st.integers(1, 2400),
        st.sampled_from([None, None, None, *Hindrance]),
        st.booleans(),
    ),
    max_size=40,
)


@given(st.sampled_from(KINDS), _happenings)
def test_whatever_happens_it_ends_within_the_window_and_somebody_knows(kind: str, happenings: list[object]) -> None:
    one, now, told, spoken, lost = _one(kind), DUE, 0, 0, False
    assessed = staff(medicine__self_administration="yes", medicine__self_administration_review="2027-01-01")
    assert hindrance(_one("medicine"), Circumstances(DUE, profile(*assessed)), DUE, ZONE) is None
    for what, outcome, seconds, hindered, robot_free in happenings:
        if one.next_at is None:
            break
        now = max(now, one.next_at) if what != "wait" else now + timedelta(seconds=seconds)
        step = ladder.advance(one, policy(kind), hindered, now, robot_free=robot_free)
        if step.prompt:
            assert hindered is None
            assert DUE <= now < one.window_end
            assert one.state in MAY_BE_PROMPTED
            begun, spoken = ladder.begin(step.occurrence, "robot", now + timedelta(minutes=3)), spoken + 1
            if what == "lose":
                step, lost = ladder.lost(begun, policy(kind), now), True
            elif what == "refuse":
                step = ladder.Step(ladder.not_begun(begun, now))
            else:
                step = ladder.answered(begun, policy(kind), outcome, now)
        told += step.telling is not None
        one = ladder.settle(step.occurrence, policy(kind)) or step.occurrence
    # Now time alone passes.
    while one.next_at is not None:
        now = max(now, one.next_at, one.window_end)
        step = ladder.advance(one, policy(kind), None, now, robot_free=True)
        assert not step.prompt
        told += step.telling is not None
        one = step.occurrence
    assert one.uncertain == lost
    if one.state is State.CLOSED:
        assert (one.closed_by, kind != "medicine") == ("resident", True)
    elif one.said != "not said: state of life":
        assert told
