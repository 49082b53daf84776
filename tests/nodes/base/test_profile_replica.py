"""Copies of profiles: equal to the home's whatever is lost, doubled or overtakes on the way."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from culture_profiles.fact import Fact, make_fact
from culture_profiles.profile import Profile
from nodes.base.profile_replica import Outcome, ProfileReplica

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def fact(sequence: int) -> Fact:
    return make_fact(
        resident_id="r1",
        key="food.liked",
        value=f"item {sequence % 5}",
        source="resident",
        status="retracted" if sequence % 3 == 0 else "stated",
        when=NOW,
        sequence=sequence,
    )


def home(upto: int) -> Profile:
    return Profile("r1", facts=[fact(number) for number in range(1, upto + 1)])


def following(upto: int) -> ProfileReplica:
    replica = ProfileReplica()
    replica.follow("r1")
    replica.asked("r1")
    assert replica.snapshot(home(upto), NOW) is Outcome.APPLIED
    return replica


def test_changes_in_order_are_applied() -> None:
    replica = following(3)
    assert replica.change(fact(4), 3) is Outcome.APPLIED
    assert replica.profile("r1") == home(4)
    assert list(replica.wanted()) == []


def test_a_lost_change_is_noticed_at_the_next_and_mended() -> None:
    replica = following(3)
    assert replica.change(fact(5), 4) is Outcome.GAP
    assert replica.profile("r1") == home(3), "half a history is never held"
    assert list(replica.wanted()) == ["r1"]
    replica.asked("r1")
    assert list(replica.wanted()) == []
    assert replica.snapshot(home(5), NOW) is Outcome.APPLIED
    assert replica.profile("r1") == home(5)


def test_a_change_that_overtakes_the_snapshot_is_not_lost() -> None:
    replica = ProfileReplica()
    replica.follow("r1")
    replica.asked("r1")
    replica.change(fact(4), 3)
    assert replica.profile("r1") is None
    replica.snapshot(home(3), NOW)
    assert replica.profile("r1") == home(4)


def test_a_doubled_change_is_passed_over() -> None:
    replica = following(4)
    assert replica.change(fact(4), 3) is Outcome.IGNORED
    assert replica.profile("r1") == home(4)


def test_a_home_restored_from_a_backup_is_followed_back() -> None:
    replica = following(9)
    replica.refresh()
    assert list(replica.wanted()) == ["r1"]
    replica.asked("r1")
    replica.snapshot(home(4), NOW)
    assert replica.profile("r1") == home(4)
    assert replica.change(fact(5), 4) is Outcome.APPLIED


def test_an_unanswered_question_is_asked_again() -> None:
    replica = ProfileReplica()
    replica.follow("r1")
    assert list(replica.wanted()) == ["r1"]
    replica.asked("r1")
    assert list(replica.wanted()) == []
    replica.unanswered("r1")
    assert list(replica.wanted()) == ["r1"]


def test_nobody_else_is_held() -> None:
    replica = following(2)
    assert replica.change(fact(3).model_copy(update={"resident_id": "r2"}), 0) is Outcome.IGNORED
    assert replica.profile("r2") is None
    replica.unfollow("r1")
    assert replica.profile("r1") is None and replica.followed() == ()


def test_a_resident_who_is_unknown_and_then_begins_is_fetched() -> None:
    replica = ProfileReplica()
    replica.follow("r1")
    replica.asked("r1")
    replica.unknown("r1", NOW)
    assert replica.profile("r1") is None
    assert replica.change(fact(1), 0) is Outcome.GAP
    assert list(replica.wanted()) == ["r1"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["write", "lose", "deliver", "ask", "answer", "lost answer"]), max_size=40))
def test_once_all_is_quiet_the_copy_equals_the_home(steps: list[str]) -> None:
    replica = ProfileReplica()
    replica.follow("r1")
    written, answer = 1, None
    on_the_way: list[int] = []
    for step in steps:
        if step == "write":
            written += 1
            on_the_way.append(written)
        elif step == "lose" and on_the_way:
            on_the_way.pop(0)
        elif step == "deliver" and on_the_way:
            replica.change(fact(number := on_the_way.pop(0)), number - 1)
        elif step == "ask" and list(replica.wanted()):
            replica.asked("r1")
            answer = home(written)
        elif step == "answer" and answer is not None:
            replica.snapshot(answer, NOW)
            answer = None
        elif step == "lost answer" and answer is not None:
            replica.unanswered("r1")
            answer = None
        held = replica.profile("r1")
        assert held is None or held == home(held.sequence), "never a state that the home did not have"
    if answer is not None:
        replica.snapshot(answer, NOW)
    for number in on_the_way:
        replica.change(fact(number), number - 1)
    written += 1
    replica.change(fact(written), written - 1)
    for _ in list(replica.wanted()):
        replica.asked("r1")
        replica.snapshot(home(written), NOW)
    assert replica.profile("r1") == home(written)
