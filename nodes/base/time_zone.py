"""The time zone of the machine, for homes that name none."""

import os
from zoneinfo import available_timezones


def machine_time_zone() -> str:
    """The machine's own time zone as an IANA name, or UTC where it cannot be told."""
    candidates = [os.environ.get("TZ", "").removeprefix(":")]
    candidates.append(os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2])
    return next((name for name in candidates if name and name in available_timezones()), "UTC")
