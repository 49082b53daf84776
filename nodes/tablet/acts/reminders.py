"""Creating and closing reminders."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from behaviours.routines.routine import Routine
from culture_profiles.errors import KithError
from nodes.tablet.site.visit import Visit
from nodes.tablet.site.wording import N_

KINDS = {
    "call": "a call",
    "visit": "your visit",
    "activity": "the activity",
    "appointment": "your appointment",
    "exercise": "your exercises",
    "prayer": "your time of prayer",
    "drink": "something to drink",
    "meal": "the meal",
    "medicine": "your medicine",
    "custom": "what you wanted to remember",
}
REPEATS = {"": N_("Once"), "FREQ=DAILY": N_("Every day"), "FREQ=WEEKLY": N_("Every week")}
_WINDOW = timedelta(minutes=30)


@dataclass(frozen=True)
class Wanted:
    """A reminder to keep. `clock`: HH:MM of the home's clock; `day`: ISO date; empty: the next such time."""

    resident_id: str
    kind: str
    clock: str
    day: str = ""
    repeat: str = ""
    title: str = ""
    place: str = ""


async def add_reminder(visit: Visit, wanted: Wanted) -> str:
    """Keep it; returns its id."""
    if wanted.kind not in KINDS or wanted.repeat not in REPEATS:
        raise KithError("Choose what it is about.")
    if not wanted.resident_id:
        raise KithError("Choose for whom.")
    routine = Routine(
        "",
        wanted.resident_id,
        wanted.kind,
        " ".join(wanted.title.split()) or KINDS[wanted.kind],
        " ".join(wanted.place.split()),
        _when(visit, wanted),
        wanted.repeat,
        _WINDOW,
        visit.person.id,
        visit.site.time_zone,
    )
    routine.check(visit.now)
    await visit.record("write reminder", [wanted.kind], routine.resident_id)
    return await visit.site.home.add_routine(routine)


async def close_reminder(visit: Visit, occurrence_id: str, note: str) -> None:
    """Done, by somebody who is signed in."""
    await visit.record("close reminder", [occurrence_id[:120]])
    await visit.site.home.close_occurrence(occurrence_id, visit.person.name, note[:200])


def _when(visit: Visit, wanted: Wanted) -> datetime:
    """The next time that the home's clock shows it, or on the day that was chosen."""
    local = visit.now.astimezone(visit.site.zone)
    try:
        at = datetime.strptime(wanted.clock, "%H:%M").time()  # noqa: DTZ007 - a time of day
        day = datetime.fromisoformat(wanted.day).date() if wanted.day else local.date()
        made = datetime.combine(day, at, visit.site.zone)
        if made <= local and day == local.date():
            made = datetime.combine(day + timedelta(days=1), at, visit.site.zone)
        return made.astimezone(UTC)
    except (ValueError, OverflowError):
        raise KithError("Choose a time, such as 10:30.") from None
