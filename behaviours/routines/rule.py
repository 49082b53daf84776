"""When a routine is due: RFC 5545 recurrence rules in the home's own time, given out as UTC.

A rule is kept in wall-clock time, so that ten in the morning stays ten in the morning when the clocks change. A time
that the spring change skips happens as much later as the clock jumped (RFC 5545, 3.3.5); one that the autumn change
repeats happens the first time only.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from culture_profiles.errors import KithError

MOST_A_DAY = 48
MOST_COUNTED = 20_000
_LONGEST_SEARCH = timedelta(days=366 * 9)  # a leap day can be eight years away
_PERIODS = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1), "HOURLY": timedelta(hours=1)}
_FREQUENCIES = (*_PERIODS, "MONTHLY", "YEARLY")
_LISTS = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
}
_ONLY_WITH = {
    # As RFC 5545, 3.3.10, and narrower: a daily or hourly search for a day that never comes takes minutes.
    "BYMONTHDAY": ("MONTHLY", "YEARLY"),
    "BYYEARDAY": ("YEARLY",),
    "BYWEEKNO": ("YEARLY",),
    "BYSETPOS": ("WEEKLY", "MONTHLY", "YEARLY"),
}
_WEEKDAY = re.compile(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z)?)?")


def _refuse(why: str) -> KithError:
    return KithError(f"that repetition cannot be used: {why}")


def _whole(name: str, text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[+-]?\d{1,6}", text) or not low <= int(text) <= high:
        raise _refuse(f"{name} must be a whole number from {low} to {high}")
    return int(text)


def _parts(text: str) -> dict[str, str]:
    """The rule's parts in capitals, every one of them known and in range. Errors: KithError."""
    body = text.strip().upper().removeprefix("RRULE:")
    if len(body) > 500 or "\n" in body:
        raise _refuse("give one RFC 5545 rule, for example FREQ=DAILY")
    parts: dict[str, str] = {}
    for piece in body.split(";"):
        name, equals, value = piece.partition("=")
        if not equals or not value or name in parts:
            raise _refuse("give one RFC 5545 rule, for example FREQ=WEEKLY;BYDAY=MO,TH")
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES:
        raise _refuse("FREQ must be one of " + ", ".join(sorted(_FREQUENCIES)))
    for name, value in parts.items():
        if name in _ONLY_WITH and parts["FREQ"] not in _ONLY_WITH[name]:
            raise _refuse(f"{name} needs FREQ=" + " or FREQ=".join(_ONLY_WITH[name]))
        if name in _LISTS:
            low, high = _LISTS[name]
            for item in value.split(","):
                if _whole(name, item, low, high) == 0 and low < 0:
                    raise _refuse(f"{name} counts from 1")
        elif name == "BYDAY":
            if not all(_WEEKDAY.fullmatch(item) for item in value.split(",")):
                raise _refuse("BYDAY takes days such as MO or 1TU")
            if parts["FREQ"] not in ("MONTHLY", "YEARLY") and any(
                item[0] in "+-123456789" for item in value.split(",")
            ):
                raise _refuse("a numbered BYDAY needs FREQ=MONTHLY or FREQ=YEARLY")
        elif name == "WKST":
            if not re.fullmatch("MO|TU|WE|TH|FR|SA|SU", value):
                raise _refuse("WKST takes a day such as MO")
        elif name == "INTERVAL":
            _whole(name, value, 1, 1000)
        elif name == "COUNT":
            _whole(name, value, 1, MOST_COUNTED)
        elif name not in ("FREQ", "UNTIL"):
            raise _refuse(f"{name[:20]} is not a part of a rule")
    if "COUNT" in parts and "UNTIL" in parts:
        raise _refuse("COUNT and UNTIL exclude each other")
    return parts


def _until(text: str, zone: ZoneInfo) -> datetime:
    """The last wall-clock time that UNTIL allows."""
    found = _UNTIL.fullmatch(text)
    try:
        if not found:
            raise ValueError
        date = datetime.strptime(found[1], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        if found[2] is None:
            return datetime.combine(date, time.max)
        clock = datetime.combine(date, datetime.strptime(found[2], "%H%M%S").time())  # noqa: DTZ007
    except ValueError:
        raise _refuse("UNTIL takes a day such as 20270131, or 20270131T100000Z") from None
    return clock.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if found[3] else clock


def _most_a_day(parts: dict[str, str]) -> int:
    def listed(name: str) -> int:
        return len(set(parts[name].split(","))) if name in parts else 1

    hours = 24 if parts["FREQ"] == "HOURLY" and "BYHOUR" not in parts else listed("BYHOUR")
    if parts["FREQ"] == "HOURLY":
        hours = math.ceil(hours / int(parts.get("INTERVAL", "1")))
    return hours * listed("BYMINUTE") * listed("BYSECOND")


@dataclass(frozen=True)
class Rule:
    """A checked rule. `start` is wall-clock time in `zone`; no `text` means once."""

    text: str
    start: datetime
    zone: ZoneInfo
    last: datetime | None = None
    count: int | None = None
    period: timedelta | None = None  # of rules whose series may be entered anywhere

    @classmethod
    def parse(cls, text: str, start: datetime, zone: ZoneInfo) -> "Rule":
        """Check a rule that starts at `start` (aware).

        Errors: KithError, one line, for a rule that is malformed, too dense (more than 48 a day), or never due.
        """
        start = start.replace(microsecond=0)
        first = start.astimezone(zone).replace(tzinfo=None)
        if not text.strip():
            return cls("", first, zone)
        parts = _parts(text)
        if _most_a_day(parts) > MOST_A_DAY:
            raise _refuse(f"it is due more than {MOST_A_DAY} times a day")
        last = _until(parts.pop("UNTIL"), zone) if "UNTIL" in parts else None
        count = int(parts.pop("COUNT")) if "COUNT" in parts else None
        period = _PERIODS.get(parts["FREQ"])
        if period is not None:
            period = None if count or "BYSETPOS" in parts else period * int(parts.get("INTERVAL", "1"))
        made = cls(";".join(f"{name}={value}" for name, value in parts.items()), first, zone, last, count, period)
        try:
            soonest = next(made.between(start, start + _LONGEST_SEARCH), None)
        except (ValueError, TypeError, IndexError, OverflowError):
            raise _refuse("its parts do not fit together") from None
        if soonest is None:
            raise _refuse("it is never due")
        return made

    def between(self, after: datetime, before: datetime) -> Iterator[datetime]:
        """Every time due with `after` ≤ time < `before` (aware), in UTC, in order, each once."""
        if not self.text:
            due = self._utc(self.start)
            if after <= due < before:
                yield due
            return
        # A skipped hour moves a time by at most a few hours: look a day further on both sides.
        low = after.astimezone(self.zone).replace(tzinfo=None) - timedelta(days=1)
        high = before.astimezone(self.zone).replace(tzinfo=None) + timedelta(days=1)
        end = min(high, self.last) if self.last else high
        previous: datetime | None = None
        for local in self._series(low, end):
            due = self._utc(local)
            if due >= before:
                return
            if due >= after and (previous is None or due > previous):
                yield due
            previous = due if previous is None else max(previous, due)

    def over(self, after: datetime) -> bool:
        """Whether nothing is due from `after` on; a rule without an end is never over."""
        if self.text and self.last is None and self.count is None:
            return False
        return next(self.between(after, max(after, self.start.replace(tzinfo=UTC)) + _LONGEST_SEARCH), None) is None

    def _series(self, low: datetime, end: datetime) -> Iterator[datetime]:
        """Wall-clock times from about `low` to `end`, entered near `low` where the rule allows."""
        start = self.start
        if self.period and low > start:
            # One period earlier, so that a week begun before `low` still gives its later days.
            start += max(0, (low - start) // self.period - 1) * self.period
        series = rrulestr(self.text, dtstart=start)
        assert isinstance(series, rrule)
        # Ended by a time: an impossible rule must not be searched to the year 9999. dateutil takes no count beside it.
        yield from islice(series.replace(until=end), self.count)

    def _utc(self, local: datetime) -> datetime:
        # zoneinfo reads a skipped time (fold 0) with the offset before the change, as RFC 5545 asks.
        return local.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
