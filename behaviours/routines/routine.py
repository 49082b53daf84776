"""A routine: something a resident wants to be reminded of, or that staff planned for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from behaviours.routines.rule import Rule
from culture_profiles.errors import KithError
from culture_profiles.fact import plain_text, resident_id

KINDS = (
    "call",
    "activity",
    "visit",
    "appointment",
    "exercise",
    "prayer",
    "drink",
    "meal",
    "medicine",
    "custom",
)
BY = ("robot", "tablet")
LONGEST_TEXT = 200
SHORTEST_WINDOW = timedelta(minutes=1)
LONGEST_WINDOW = timedelta(hours=24)


def zone(name: str) -> ZoneInfo:
    """A time zone by its name, for example Europe/London. Errors: KithError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise KithError("the time zone is not known: give a name such as Europe/London") from None


@dataclass(frozen=True, slots=True)
class Routine:
    """Once or by an RFC 5545 rule. `start` is aware; `window` is how long after being due it may still be said."""

    id: str
    resident_id: str
    kind: str
    title: str
    place: str
    start: datetime
    rrule: str
    window: timedelta
    created_by: str
    time_zone: str
    by: str = "robot"

    def __post_init__(self) -> None:
        # RFC 5545 knows whole seconds: a fraction would put the first time before the start.
        object.__setattr__(self, "start", self.start.replace(microsecond=0))

    def rule(self) -> Rule:
        """When it is due. Errors: KithError."""
        return Rule.parse(self.rrule, self.start, zone(self.time_zone))

    def check(self, now: datetime) -> None:
        """Whether this can be kept at all. Errors: KithError, one line, without what the routine says."""
        try:
            resident_id(self.resident_id)
        except ValueError as problem:
            raise KithError(f"the resident id {problem}") from None
        if self.kind not in KINDS:
            raise KithError("the kind must be one of " + ", ".join(KINDS))
        if self.by not in BY:
            raise KithError("who says it must be robot or tablet")
        for name, text in (("title", self.title), ("place", self.place), ("author", self.created_by)):
            try:
                plain_text(text)
            except ValueError as problem:
                raise KithError(f"the {name} {problem}") from None
            if len(text) > LONGEST_TEXT:
                raise KithError(f"the {name} is longer than {LONGEST_TEXT} characters: shorten it")
        if not self.title.strip():
            raise KithError("the title is missing: say who or what it is about")
        if not self.created_by.strip():
            raise KithError("who wrote this is missing: give the person's id")
        if not SHORTEST_WINDOW <= self.window <= LONGEST_WINDOW:
            raise KithError("the window must be between one minute and 24 hours")
        rule = self.rule()
        coming = list(islice(rule.between(max(self.start, now - self.window), now + timedelta(days=366 * 9)), 50))
        if not coming:
            raise KithError("it is never due after now: give a later start")
        if any(later - sooner < self.window for sooner, later in pairwise(coming)):
            raise KithError("the window is longer than the time until it is due again: shorten the window")

    def over(self, after: datetime) -> bool:
        """Whether it is never due again from `after` on. A rule without an end counts as never over."""
        return self.rule().over(after)

    def due_between(self, after: datetime, before: datetime) -> list[datetime]:
        """Every time due with `after` ≤ time < `before`, in UTC."""
        return list(self.rule().between(max(after, self.start), before))
