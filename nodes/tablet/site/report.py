"""The inspector's report: a page to read and to print, and the same as a PDF."""

from collections.abc import Callable
from datetime import datetime

from starlette.responses import Response

from behaviours.routines.occurrence import State
from culture_profiles.consent import Purpose
from nodes.tablet.audit import verify
from nodes.tablet.languages import translated
from nodes.tablet.report import WEEK, Report, make_report
from nodes.tablet.report_pdf import Table, as_pdf
from nodes.tablet.site.visit import Routes, Visit
from nodes.tablet.site.wording import N_, Words

routes = Routes()
_MOST_ROWS = 20_000
_COLUMNS = {
    N_("accepted"): (State.ACCEPTED, State.CLOSED),
    N_("declined"): (State.DECLINED,),
    N_("no answer"): (State.NO_ANSWER,),
    N_("told to staff"): (State.TOLD_STAFF,),
    N_("missed"): (State.MISSED,),
}
_TITLE = N_("Report for the inspector")
_LEAD = N_(
    "What the companion robots of this home did in the week, counted. It holds no names, and nothing about single "
    "members of staff. Kith is a companion: not a nurse-call system, not a medicines record, not a medical device."
)
_PURPOSES = {
    Purpose.TALK: N_("Talk with the robot"),
    Purpose.MEMORY: N_("Remember what is said"),
    Purpose.CAMERA: N_("Camera"),
    Purpose.FACE: N_("Recognise the face"),
    Purpose.SHARING: N_("Share with family"),
    Purpose.SUMMARIES: N_("Summaries for staff"),
    Purpose.TRIAL: N_("Take part in a trial"),
}
_STATES = {
    "here": N_("Here"),
    "out": N_("Out"),
    "hospital": N_("Hospital"),
    "end_of_life": N_("End of life"),
    "isolation": N_("Isolation"),
    "died": N_("Died"),
}
_MESSAGES = {
    "read": N_("Read to them"),
    "declined": N_("They did not want it"),
    "waiting": N_("Waiting"),
    "asking": N_("Being asked now"),
    "expired": N_("Not brought within a week"),
    "stopped": N_("Taken back or stopped"),
}
_ACTS = {
    "read card": N_("Sensitive facts shown on “How to be with”"),
    "read profile": N_("Sensitive facts shown in a profile"),
    "read data": N_("Everything known of a resident shown"),
    "write": N_("Facts changed"),
    "consent": N_("Consents or refusals recorded"),
    "state": N_("States of life set"),
    "release a copy": N_("Copies released"),
    "erase": N_("Profiles erased"),
}


async def _report(visit: Visit) -> Report:
    site, home = visit.site, visit.site.home
    since = visit.now - WEEK
    profiles = [await home.profile(each) for each in await home.residents()]
    rows = await site.on_file(lambda: site.audit.newest(_MOST_ROWS, since=since))
    verdict = await site.on_file(lambda: verify(site.audit.every()))
    sent = await site.on_file(lambda: site.sent.all("", 1000))
    occurrences = await home.occurrences(since, visit.now)
    await visit.record("read report")
    return make_report(
        today=visit.today,
        occurrences=occurrences,
        rows=rows,
        profiles=profiles,
        messages=sent,
        since=since,
        verdict=verdict,
        heard=site.heard(),
    )


def _tables(report: Report, tr: Callable[[str], str], kind: Callable[[str], str]) -> list[Table]:
    def pairs(heading: str, left: str, rows: list[tuple[str, int]], below: str = "") -> Table:
        return (tr(heading), (tr(left), tr(N_("number"))), [(tr(name), str(count)) for name, count in rows], below)

    reminders = [
        (
            kind(name),
            str(sum(states.values())),
            *[str(sum(states.get(each, 0) for each in wanted)) for wanted in _COLUMNS.values()],
        )
        for name, states in sorted(report.reminders.items())
    ]
    unsure = tr(N_("%(count)s may have been said once more than is recorded.")) % {"count": report.uncertain}
    reviews = tr(N_("Reviews overdue: %(overdue)s. Due within four weeks: %(soon)s.")) % {
        "overdue": report.overdue,
        "soon": report.soon,
    }
    log = (
        tr(N_("The log of who looked and wrote is whole: %(rows)s rows, head %(head)s."))
        if report.whole
        else tr(N_("The log of who looked and wrote was changed: %(rows)s rows, head %(head)s. Ask why."))
    ) % {"rows": report.rows, "head": report.head[:16]}
    calls = [
        (N_("“I am coming” said"), report.calls["accepted"]),
        (N_("Closed as done"), report.calls["closed"]),
        (N_("Shifts handed over, both signing"), report.calls["handed"]),
    ]
    consents = [(_PURPOSES[each], report.consents.get(each, 0)) for each in Purpose]
    return [
        (
            tr(N_("Reminders")),
            (tr(N_("about")), tr(N_("due")), *[tr(each) for each in _COLUMNS]),
            reminders,
            unsure if report.uncertain else "",
        ),
        pairs(N_("Calls for staff"), N_("what"), calls),
        pairs(N_("Messages to residents"), N_("what"), [(_MESSAGES[s], n) for s, n in sorted(report.messages.items())]),
        pairs(
            N_("Consents in force"), N_("for what"), consents, reviews
        ),
        pairs(N_("Residents"), N_("where life has them"), [(_STATES[s], n) for s, n in sorted(report.states.items())]),
        pairs(
            N_("Records"), N_("what"), [(text, report.acts.get(what, 0)) for what, text in _ACTS.items()], log
        ),
    ]  # fmt: skip


def _notes(report: Report, tr: Callable[[str], str], language: Callable[[str], str]) -> list[str]:
    made = []
    if report.assumed:
        made.append(
            tr(N_("Facts that are only assumed and wait for somebody to confirm them: %(count)s."))
            % {"count": report.assumed}
        )
    for code, count in report.unheard:
        made.append(
            tr(N_("Residents who speak %(language)s, in which a call for help is not understood: %(count)s."))
            % {"language": language(code), "count": count}
        )
    return made


@routes.get("/report", "see_report")
async def page(visit: Visit) -> Response:
    """To read and to print."""
    report = await _report(visit)
    words = Words(visit.language, visit.site.zone)
    tables = _tables(report, translated, lambda kind: translated(words.kind(kind)))
    return visit.page(
        "report",
        tab="settings",
        title=_TITLE,
        lead=_LEAD,
        report=report,
        tables=tables,
        notes=_notes(report, translated, words.language),
    )


@routes.get("/report.pdf", "see_report")
async def pdf(visit: Visit) -> Response:
    """The same in English, for the file."""
    report = await _report(visit)
    words = Words("en", visit.site.zone)
    tables = _tables(report, str, words.kind)
    notes = " ".join(_notes(report, str, words.language))
    lead = f"{report.first:%-d %B} to {report.last:%-d %B %Y}. {_LEAD} {notes}".strip()
    made = _moment(visit.now.astimezone(visit.site.zone))
    content = await visit.site.on_file(lambda: as_pdf(_TITLE, lead, tables, f"Made by Kith on {made}"))
    headers = {"Content-Disposition": f'attachment; filename="kith-report-{report.last.isoformat()}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _moment(when: datetime) -> str:
    return f"{when:%-d %B %Y, %H:%M}"
