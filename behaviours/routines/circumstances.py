"""What must be known of a resident before a reminder may be spoken, and what then forbids it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from behaviours.routines import quiet
from behaviours.routines.occurrence import Occurrence
from culture_profiles.agreed import may_be_offered_food, takes_own_medicine
from culture_profiles.profile import Profile

SNAPSHOT_GOOD_FOR = timedelta(minutes=15)
HERE = "here"
DIED = "died"
NEEDED = frozenset(
    {
        "state_of_life", "care_in_progress", "consent.talk", "medicine.self_administration",
        "medicine.self_administration_review", "food.offering", "food.offering_review", "safety.swallowing",
        "safety.fluids", "rhythm.quiet", "rhythm.sleeps", "rhythm.wakes", "room.name",
    }
)  # fmt: skip
"""What reminders use of a profile; they hold no more of anybody."""


class Hindrance(StrEnum):
    """Why nothing may be spoken."""

    UNKNOWN = "unknown"  # the profile could not be read yet
    NOT_HERE = "not_here"  # out, in hospital, in isolation, at the end of life
    DIED = "died"
    CARE = "care"  # somebody is with the resident: care, clergy, a doctor, a lawyer
    QUIET = "quiet"  # quiet hours or the night, which end within the window
    ALL_QUIET = "all_quiet"  # quiet hours or the night, for all of the window
    NO_TALK = "no_talk"  # no consent to talk with the robot
    STALE = "stale"  # medicine: what is known is older than 15 minutes
    NOT_ASSESSED = "not_assessed"  # medicine: no self-administration assessment in force
    RESTRICTED = "restricted"  # food or drink without a staff-set "no restriction"

    @property
    def may_pass(self) -> bool:
        """Whether waiting within the window can help; otherwise it is the staff's from now on."""
        return self in (Hindrance.UNKNOWN, Hindrance.NOT_HERE, Hindrance.CARE, Hindrance.QUIET)


@dataclass(frozen=True)
class Circumstances:
    """What the newest snapshot says. `read_at`: when it was given out; None: never."""

    read_at: datetime | None = None
    profile: Profile = field(default_factory=lambda: Profile("unknown"))

    @property
    def state_of_life(self) -> str:
        """Where life has the resident now; here unless staff set anything else."""
        return self.profile.value("state_of_life") or HERE


def forbidden(kind: str, known: Circumstances, now: datetime, today: date) -> Hindrance | None:
    """What forbids speaking of this kind at all, the hours apart; None: it may be spoken. `today` is the home's."""
    if known.state_of_life == DIED:
        return Hindrance.DIED
    if known.state_of_life != HERE:
        return Hindrance.NOT_HERE
    if known.profile.value("consent.talk") == "no":
        return Hindrance.NO_TALK
    if kind == "medicine":
        # Either way round: a snapshot from the future means that a clock jumped, and proves nothing.
        if known.read_at is None or abs(now - known.read_at) > SNAPSHOT_GOOD_FOR:
            return Hindrance.STALE
        if not takes_own_medicine(known.profile, today):
            return Hindrance.NOT_ASSESSED
    if kind in ("drink", "meal") and not may_be_offered_food(known.profile, today):
        return Hindrance.RESTRICTED
    return Hindrance.CARE if known.profile.value("care_in_progress", "no") != "no" else None


def hindrance(occurrence: Occurrence, known: Circumstances, now: datetime, zone: ZoneInfo) -> Hindrance | None:
    """What forbids speaking of this occurrence at `now`; None: it may be spoken. `zone` is the home's."""
    if known.read_at is None and known.state_of_life != DIED:
        return Hindrance.UNKNOWN
    if found := forbidden(occurrence.kind, known, now, now.astimezone(zone).date()):
        return found
    spans = quiet.spans(known.profile)
    if not occurrence.asked_for:  # at night nobody is spoken to unless they or staff asked for this very time
        spans = (*spans, quiet.night(known.profile))
    end = quiet.ends(spans, now, zone)
    if end is None:
        return None
    return Hindrance.QUIET if end + timedelta(minutes=1) < occurrence.window_end else Hindrance.ALL_QUIET
