"""Days: what a resident talked about and asked for, where they agreed to summaries (care rules 5, 10, 19, 25)."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from starlette.responses import Response

from behaviours import day_summary
from behaviours.day_summary import Line
from behaviours.hearsay import KEY as SAID
from behaviours.routines.occurrence import Occurrence
from culture_profiles.consent import Purpose, consent
from culture_profiles.profile import Profile
from nodes.tablet.site.reminders import OUTCOMES
from nodes.tablet.site.visit import Routes, Visit
from nodes.tablet.site.wording import N_

routes = Routes()
_SAID_ON = "said on "
REQUESTS = {
    "call_carer": N_("to see somebody of the staff"),
    "call_family": N_("to speak with the family"),
    "music": N_("music"),
    "song": N_("a song"),
    "poem": N_("a poem"),
    "read_aloud": N_("to be read to"),
    "game": N_("a game"),
    "activities_question": N_("what is on today"),
}


@dataclass
class Day:
    """What is shown of one day."""

    lines: list[Line]
    said: list[str] = field(default_factory=list)
    """What was said of others on that day, in its words: never as truth."""
    reminders: list[Occurrence] = field(default_factory=list)

    def of(self, kind: str) -> list[str]:
        """What the lines of one kind say."""
        return [line.what for line in self.lines if line.kind == kind]

    def __bool__(self) -> bool:
        return bool(self.lines or self.said or self.reminders)


@routes.get("/residents/{resident_id}/days", "see_sensitive")
async def page(visit: Visit) -> Response:
    """Today and the six days before it, the newest first; without consent nothing of them."""
    profile = await visit.site.home.profile(visit.resident_id)
    agreed = consent(profile, Purpose.SUMMARIES, visit.today).allowed
    days = {day: _day(profile, day) for day in _days(visit.today)} if agreed else {}
    if agreed and visit.may("see_reminders"):
        for each in await _reminders(visit):
            local = each.due.astimezone(visit.site.zone).date()
            if local in days:
                days[local].reminders.append(each)
    await visit.record("read days", [line.key for day in days.values() for line in day.lines])
    return visit.page(
        "days",
        tab="residents",
        name=profile.value("name.preferred") or profile.value("name.full") or visit.resident_id,
        days={day: found for day, found in days.items() if found},
        agreed=agreed,
        requests=REQUESTS,
        outcomes=OUTCOMES,
    )


def _days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(day_summary.KEPT.days + 1)]


def _day(profile: Profile, day: date) -> Day:
    on = f"{_SAID_ON}{day.isoformat()}"
    said = [each.value for each in profile.hearsay() if each.key == SAID and each.note.endswith(on)]
    return Day(day_summary.of_day(profile, day), said)


async def _reminders(visit: Visit) -> list[Occurrence]:
    local = visit.now.astimezone(visit.site.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    found = await visit.site.home.occurrences(midnight - day_summary.KEPT, local, visit.resident_id)
    return sorted(found, key=lambda each: (each.due, each.id))
