"""Reminders: create one in four taps, see what is due and what happened."""

from datetime import timedelta

from starlette.responses import Response

from behaviours.routines.occurrence import State
from nodes.tablet.acts.reminders import KINDS, REPEATS, Wanted, add_reminder, close_reminder
from nodes.tablet.site.visit import Routes, Visit
from nodes.tablet.site.wording import N_

routes = Routes()
_HOURS = (7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 19, 20)
_WEEK = timedelta(days=7)
OUTCOMES = {
    State.WAITING: N_("Not yet due"),
    State.APPROACHING: N_("A robot is on its way"),
    State.PROMPTING: N_("Being said now"),
    State.ACCEPTED: N_("Heard and accepted"),
    State.LATER: N_("Asked for later"),
    State.DECLINED: N_("Declined"),
    State.NO_ANSWER: N_("No answer yet"),
    State.TOLD_STAFF: N_("Staff were told"),
    State.CLOSED: N_("Closed"),
    State.MISSED: N_("Missed"),
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
        await visit.record_seen({"read reminders": [each.resident_id for each in found]})
    return visit.page(
        "reminders",
        tab="reminders",
        days=days,
        week=[(midnight + timedelta(days=offset)).date() for offset in range(-1, 7)],
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
        kinds=KINDS,
        hours=_HOURS,
        repeats=REPEATS,
        day=local.date().isoformat(),
        next_hour=next((hour for hour in _HOURS if hour > local.hour), _HOURS[0]),
    )


@routes.post("/reminders", "add_reminder")
async def add(visit: Visit) -> str:
    """Keep it."""
    form = visit.form
    wanted = Wanted(
        resident_id=form.get("resident_id", ""),
        kind=form.get("kind", ""),
        clock=form.get("clock_own", "").strip() or form.get("clock", ""),
        day=form.get("day", ""),
        repeat=form.get("repeat", ""),
        title=form.get("title", ""),
        place=form.get("place", ""),
    )
    await add_reminder(visit, wanted)
    visit.say("Saved. The robot will say it, and staff are told when it cannot.")
    return f"/reminders?resident={wanted.resident_id}"


@routes.post("/reminders/close", "close_reminder")
async def close(visit: Visit) -> str:
    """Done, by somebody who is signed in."""
    await close_reminder(visit, visit.form.get("occurrence_id", ""), visit.form.get("note", ""))
    visit.say("Closed.")
    return "/reminders"
