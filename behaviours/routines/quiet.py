"""When a resident is left in peace: the night, and the quiet hours that are theirs (care rule 20)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from culture_profiles.profile import Profile

NIGHT = (time(22), time(7))
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to|until)\s*(\d{1,2})(?:[:.](\d{2}))?")
_MOST_SPANS = 20


@dataclass(frozen=True, slots=True)
class Span:
    """A part of every day, on the home's clock; from evening to morning is one span."""

    begins: time
    ends: time

    def end(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When it ends, if `now` is in it."""
        local = now.astimezone(zone)
        clock = local.timetz().replace(tzinfo=None)
        inside = (
            self.begins <= clock < self.ends if self.begins <= self.ends else clock >= self.begins or clock < self.ends
        )
        if not inside:
            return None
        day = local.date() if clock < self.ends else local.date() + timedelta(days=1)
        return max(datetime.combine(day, self.ends, zone).astimezone(now.tzinfo), now + timedelta(minutes=1))


def spans(profile: Profile) -> tuple[Span, ...]:
    """The resident's own quiet hours: from going to sleep to waking, and each "13:00-15:00" under rhythm.quiet.

    Words that name no hours are for people to read, and stop nothing.
    """
    found = [_between(*each.groups()) for text in profile.values("rhythm.quiet") for each in _SPAN.finditer(text)]
    sleeps, wakes = (_clock(profile.value(f"rhythm.{key}")) for key in ("sleeps", "wakes"))
    if sleeps is not None and wakes is not None:
        found.append(Span(sleeps, wakes))
    return tuple(each for each in found if each is not None and each.begins != each.ends)[:_MOST_SPANS]


def night(profile: Profile, usual: tuple[time, time] = NIGHT) -> Span:
    """The night of this resident: their own where both ends are stated, otherwise the home's."""
    sleeps, wakes = (_clock(profile.value(f"rhythm.{key}")) for key in ("sleeps", "wakes"))
    return Span(sleeps, wakes) if sleeps is not None and wakes is not None else Span(*usual)


def ends(of: Iterable[Span], now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the last of these that holds at `now` ends; None: none does."""
    return max((end for each in of if (end := each.end(now, zone)) is not None), default=None)


def _between(hour: str, minute: str | None, to_hour: str, to_minute: str | None) -> Span | None:
    try:
        return Span(time(int(hour), int(minute or 0)), time(int(to_hour) % 24, int(to_minute or 0)))
    except ValueError:
        return None


def _clock(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        return None
