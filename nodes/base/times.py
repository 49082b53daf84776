"""Between ROS time messages and aware datetimes in UTC."""

from datetime import UTC, datetime, timedelta

from builtin_interfaces.msg import Time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_msg(when: datetime) -> Time:
    """An aware datetime as a message, to the microsecond. Errors: TypeError for a naive one."""
    micros = (when - _EPOCH) // timedelta(microseconds=1)
    return Time(sec=micros // 1_000_000, nanosec=micros % 1_000_000 * 1000)


def from_msg(stamp: Time) -> datetime:
    """A message as an aware datetime in UTC; nanoseconds are cut to microseconds."""
    return _EPOCH + timedelta(seconds=stamp.sec, microseconds=stamp.nanosec // 1000)


def is_set(stamp: Time) -> bool:
    """Whether a time was given at all: zero means none."""
    return bool(stamp.sec or stamp.nanosec)
