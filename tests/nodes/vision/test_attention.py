"""A look begins it, a glance aside does not end it, and a wall is never attended to."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nodes.vision.attention import Attention, Level

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


def lived(looks: list[tuple[float, bool]], distance_m: float = 1.5) -> list[Level]:
    made = Attention()
    return [made.see(NOW + timedelta(seconds=at), facing=facing, distance_m=distance_m) for at, facing in looks]


def test_a_look_that_lasts_is_attention() -> None:
    assert lived([(0, True), (0.4, True), (0.8, True)]) == [Level.ENGAGING, Level.ENGAGING, Level.ENGAGED]


def test_a_glance_aside_is_nothing() -> None:
    assert lived([(0, True), (0.8, True), (1.2, False), (1.6, False), (1.9, True)])[-3:] == [Level.ENGAGED] * 3


def test_who_turns_away_disengages_and_is_then_gone() -> None:
    looks = [(0.0, True), (0.8, True), (2.1, False), (3.0, False), (4.9, False)]
    assert lived(looks)[2:] == [Level.DISENGAGING, Level.DISENGAGING, Level.DISENGAGED]


def test_somebody_across_the_room_is_not_waiting_for_the_robot() -> None:
    assert set(lived([(0, True), (0.8, True), (5, True)], distance_m=4.0)) == {Level.DISENGAGED}


def test_a_passing_glance_does_not_count_later() -> None:
    assert lived([(0, True), (0.2, False), (2.0, False), (30, True), (30.2, True)])[-1] is Level.ENGAGING


@given(st.lists(st.tuples(st.floats(0.05, 2.0), st.booleans()), max_size=60))
def test_engaged_only_after_a_look_of_its_full_length(steps: list[tuple[float, bool]]) -> None:
    made, at, since = Attention(), 0.0, None
    for step, facing in steps:
        at += step
        before = made.level
        level = made.see(NOW + timedelta(seconds=at), facing=facing, distance_m=1.0)
        since = (since if since is not None else at) if facing else since
        if level is Level.ENGAGED and before not in (Level.ENGAGED, Level.DISENGAGING):
            assert facing and since is not None and at - since >= 0.59
        if not facing and level in (Level.DISENGAGED, Level.DISENGAGING):
            since = None
