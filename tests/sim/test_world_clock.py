"""The time in a simulated world."""

from datetime import UTC, datetime, timedelta

from sim.embedded.world_clock import WorldClock

_START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_world_twice_as_fast_has_lived_twice_as_long() -> None:
    clock = WorldClock(100.0, _START, speed=2.0)
    assert clock.seconds(103.0) == 6.0
    assert clock.frame(100.5) == 16_000
    assert clock.time(6.0) == _START + timedelta(seconds=6)
    assert clock.frame_at(_START + timedelta(seconds=1)) == 16_000


def test_when_the_time_of_day_is_set_stamps_follow_and_the_world_does_not_jump() -> None:
    clock = WorldClock(0.0, _START)
    assert not clock.follow(10.0, _START + timedelta(seconds=10.02))
    assert clock.follow(10.0, _START + timedelta(hours=1, seconds=10))
    assert clock.seconds(10.0) == 10.0
    assert clock.time(10.0) == _START + timedelta(hours=1, seconds=10)
    assert clock.frame_at(_START + timedelta(hours=1)) == 0
