"""What must be known of a resident before a reminder may be spoken, and what then forbids it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from behaviours.routines.occurrence import Occurrence
from culture_profiles.fact import Source
from culture_profiles.profile import Profile

SNAPSHOT_GOOD_FOR = timedelta(minutes=15)
HERE = "here"
DIED = "died"
_UNRESTRICTED = frozenset({"no restriction", "no restrictions"})


class Hindrance(StrEnum):
    """Why nothing may be spoken."""

    UNKNOWN = "unknown"  # the profile could not be read yet
    NOT_HERE = "not_here"  # out, in hospital, in isolation, at the end of life
    DIED = "died"
    STALE = "stale"  # medicine: what is known is older than 15 minutes
    NOT_ASSESSED = "not_assessed"  # medicine: no self-administration assessment in force
    RESTRICTED = "restricted"  # food or drink without a staff-set "no restriction"

    @property
    def may_pass(self) -> bool:
        """Whether waiting within the window can help; otherwise it is the staff's from now on."""
        return self in (Hindrance.UNKNOWN, Hindrance.NOT_HERE)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the newest snapshot says. `read_at`: when it was given out; None: never."""

    read_at: datetime | None = None
    state_of_life: str = HERE
    assessment_review: date | None = None  # the review date of the self-administration assessment
    may_be_offered_food: bool = False

    @classmethod
    def of(cls, profile: Profile, read_at: datetime) -> "Circumstances":
        """From a profile. A value that cannot be read counts as absent: the careful side."""
        review = profile.value("medicine.self_administration_review")
        try:
            assessed = date.fromisoformat(review) if review else None
        except ValueError:
            assessed = None
        swallowing = profile.fact("safety.swallowing")
        unrestricted = (
            swallowing is not None
            and swallowing.source is Source.CARER
            and swallowing.value.strip().casefold() in _UNRESTRICTED
        )
        return cls(read_at, profile.value("state_of_life") or HERE, assessed, unrestricted)


def hindrance(occurrence: Occurrence, known: Circumstances, now: datetime, zone: ZoneInfo) -> Hindrance | None:
    """What forbids speaking of this occurrence at `now`; None: it may be spoken. `zone` tells which day it is."""
    if known.state_of_life == DIED:
        return Hindrance.DIED
    if known.read_at is None:
        return Hindrance.UNKNOWN
    if known.state_of_life != HERE:
        return Hindrance.NOT_HERE
    if occurrence.kind == "medicine":
        # Either way round: a snapshot from the future means that a clock jumped, and proves nothing.
        if abs(now - known.read_at) > SNAPSHOT_GOOD_FOR:
            return Hindrance.STALE
        if known.assessment_review is None or known.assessment_review <= now.astimezone(zone).date():
            return Hindrance.NOT_ASSESSED
    if occurrence.kind in ("drink", "meal") and not known.may_be_offered_food:
        return Hindrance.RESTRICTED
    return None
