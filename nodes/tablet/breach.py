"""A breach report from the audit log: whose data, which, when, through whom (care rule 25).

Ids and key names alone. What was disclosed under safeguarding is in neither the log nor the report (care rule 5).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nodes.tablet.audit import ABOUT, Row
from nodes.tablet.records import stamp


@dataclass
class Exposure:
    """One resident's part. `keys`: what was shown or changed; `who`: through whom; `first`, `last`: UTC, ISO 8601."""

    resident_id: str
    first: str
    last: str
    times: int = 0
    keys: dict[str, None] = field(default_factory=dict)
    acts: dict[str, None] = field(default_factory=dict)
    who: dict[str, None] = field(default_factory=dict)


def exposures(
    rows: Iterable[Row], who: Sequence[str] = (), since: datetime | None = None, until: datetime | None = None
) -> list[Exposure]:
    """Each resident whose data the rows tell of, by the first time. `who`: ids of people or programs; empty: all.

    `since` counts, `until` does not.
    """
    begin, end = stamp(since) if since else "", stamp(until) if until else "~"
    found: dict[str, Exposure] = {}
    for row in rows:
        if not begin <= row.at < end or (who and row.who not in who):
            continue
        keys = row.keys.split()
        about = [key.removeprefix(ABOUT) for key in keys if key.startswith(ABOUT)]
        named = [key for key in keys if not key.startswith(ABOUT)]
        for resident_id in dict.fromkeys([*([row.resident_id] if row.resident_id else []), *about]):
            one = found.setdefault(resident_id, Exposure(resident_id, row.at, row.at))
            one.last, one.times = row.at, one.times + 1
            one.keys |= dict.fromkeys(named)
            one.acts[row.what] = one.who[row.who] = None
    return list(found.values())
