"""Between the home's alerts and what the pages work with."""

from dataclasses import asdict
from typing import Any

from nodes.base import times
from nodes.tablet.view import AlertView, Call, alert_view


def alert_from_msg(alert: Any) -> AlertView:
    """A kith_msgs/Alert for everybody: neither its text nor the resident."""
    return alert_view(
        alert.id,
        alert.kind,
        alert.level,
        alert.state,
        alert.accepted_by,
        times.from_msg(alert.raised_at),
        alert.raise_count,
    )


def call_from_msg(alert: Any) -> Call:
    """A kith_msgs/Alert for signed-in staff."""
    return Call(
        **asdict(alert_from_msg(alert)),
        resident_id=alert.resident_id,
        text=alert.text,
        handed_from=alert.handed_from,
        handed_to=alert.handed_to,
    )
