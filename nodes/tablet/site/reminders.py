"""Reminders: create one in four taps, see what is due and what happened."""

from datetime import UTC, datetime, timedelta

from starlette.responses import Response

from behaviours.routines.occurrence import State
from behaviours.routines.routine import Routine
from culture_profiles.errors import KithError
from nodes.tablet.site.now import record_shown
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()
_KINDS = {
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
_REPEATS = {"": "Once", "FREQ=DAILY": "Every day", "FREQ=WEEKLY": "Every week"}
_HOURS = (7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 19, 20)
_WINDOW = timedelta(minutes=30)
_WEEK = timedelta(days=7)
OUTCOMES = {
    State.WAITING: "Not yet due",
    State.APPROACHING: "A robot is on its way",
    State.PROMPTING: "Being said now",
    State.ACCEPTED: "Heard and accepted",
    State.LATER: "Asked for later",
    State.DECLINED: "Declined",
    State.NO_ANSWER: "No answer yet",
    State.TOLD_STAFF: "Staff were told",
    State.CLOSED: "Closed",
    State.MISSED: "Missed",
}


@routes.get("/reminders", "see_reminders")
async def page(visit: Visit) -> Response:
    """The week: what happened, with reasons, and what is to come."""
    about = visit.request.query_params.get("resident", "")
    local = visit.now.astimezone(visit.site.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    found = await visit.site.home.occurrences(midnight - timedelta(days=1), midnight + _WEEK, about)
    days: dict[str, list[object]] = {}
    for each in sorted(found, key=lambda one: (one.due, one.id)):
        days.setdefault(each.due.astimezone(visit.site.zone).date().isoformat(), []).append(each)
    names = await visit.site.home.residents()
    today = local.date().isoformat()
    if about:
        await visit.record("read reminders", resident_id=about)
    else:
        await record_shown(visit, set(), {each.resident_id for each in found})
    return visit.page(
        "reminders",
        tab="reminders",
        days=days,
        today=today,
        names=names,
        about=about,
        outcomes=OUTCOMES,
        open=State.CLOSED,
    )


@routes.get("/reminders/new", "add_reminder")
async def new(visit: Visit) -> Response:
    """One page: for whom, what, when."""
    about = visit.request.query_params.get("resident", "")
    local = visit.now.astimezone(visit.site.zone)
    return visit.page(
        "reminder_new",
        tab="reminders",
        names=sorted((await visit.site.home.residents()).items(), key=lambda pair: pair[1].casefold()),
        about=about,
        kinds=_KINDS,
        hours=_HOURS,
        repeats=_REPEATS,
        day=local.date().isoformat(),
        next_hour=next((hour for hour in _HOURS if hour > local.hour), _HOURS[0]),
    )


@routes.post("/reminders", "add_reminder")
async def add(visit: Visit) -> str:
    """Keep it."""
    form = visit.form
    kind, rule = form.get("kind", ""), form.get("repeat", "")
    if kind not in _KINDS or rule not in _REPEATS:
        raise KithError("Choose what it is about.")
    if not form.get("resident_id"):
        raise KithError("Choose for whom.")
    routine = Routine(
        "",
        form["resident_id"],
        kind,
        " ".join(form.get("title", "").split()) or _KINDS[kind],
        " ".join(form.get("place", "").split()),
        _when(visit, form),
        rule,
        _WINDOW,
        visit.person.id,
        visit.site.time_zone,
    )
    routine.check(visit.now)
    await visit.record("write reminder", [kind], routine.resident_id)
    await visit.site.home.add_routine(routine)
    visit.say("Saved. The robot will say it, and staff are told when it cannot.")
    return f"/reminders?resident={routine.resident_id}"


def _when(visit: Visit, form: dict[str, str]) -> datetime:
    """The next time that the home's clock shows it, or on the day that was chosen."""
    clock = form.get("clock_own", "").strip() or form.get("clock", "")
    local = visit.now.astimezone(visit.site.zone)
    try:
        at = datetime.strptime(clock, "%H:%M").time()  # noqa: DTZ007 - a time of day
        day = datetime.fromisoformat(form["day"]).date() if form.get("day") else local.date()
    except ValueError:
        raise KithError("Choose a time, such as 10:30.") from None
    made = datetime.combine(day, at, visit.site.zone)
    if made <= local and day == local.date():
        made = datetime.combine(day + timedelta(days=1), at, visit.site.zone)
    return made.astimezone(UTC)


@routes.post("/reminders/close", "close_reminder")
async def close(visit: Visit) -> str:
    """Done, by somebody who is signed in."""
    occurrence_id = visit.form.get("occurrence_id", "")
    await visit.record("close reminder", [occurrence_id[:120]])
    await visit.site.home.close_occurrence(occurrence_id, visit.person.name, visit.form.get("note", "")[:200])
    visit.say("Closed.")
    return "/reminders"
