"""ROS times and datetimes."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nodes.base import times


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2038, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_survives_the_journey_to_the_microsecond(when: datetime) -> None:
    assert times.from_msg(times.to_msg(when)) == when


def test_no_time_is_not_1970() -> None:
    assert not times.is_set(times.to_msg(datetime(1970, 1, 1, tzinfo=UTC)))
