"""My data: everything known of a resident, from whom and why, who looked; a copy, and erasure (care rule 25)."""

from starlette.responses import Response

from culture_profiles.consent import consents
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.keys import spec
from culture_profiles.purposes import purposes
from culture_profiles.store.export import as_json, as_page
from nodes.tablet.acts.erasing import erase_resident
from nodes.tablet.acts.facts import may_read
from nodes.tablet.site.settings import ROLES
from nodes.tablet.site.visit import Routes, Visit, of_resident
from nodes.tablet.site.wording import N_

routes = Routes()
_ROWS = 200
ASKED_COPY, ASKED_ERASURE = "ask for a copy", "ask for erasure"
ACT_WORDS = {
    ASKED_COPY: N_("asked for a copy"),
    ASKED_ERASURE: N_("asked for erasure"),
    "read card": N_("looked at “How to be with”"),
    "read profile": N_("looked at the profile"),
    "read history": N_("looked at the history"),
    "read consents": N_("looked at the consents"),
    "read data": N_("looked at everything"),
    "read reminders": N_("looked at the reminders"),
    "read messages": N_("looked at the messages"),
    "read days": N_("looked at the days"),
    "read calls": N_("looked at the calls"),
    "read captions": N_("read what the robot said"),
    "read states": N_("looked at who is away"),
    "read report": N_("read the report"),
    "write": N_("wrote in the profile"),
    "state": N_("set the state of life"),
    "consent": N_("recorded a consent"),
    "write reminder": N_("wrote a reminder"),
    "send message": N_("sent a message"),
    "take back message": N_("took a message back"),
    "say who is with robot": N_("told the robot who is with it"),
    "send robot": N_("sent the robot"),
    "accept call": N_("accepted a call"),
    "close call": N_("closed a call"),
    "release a copy": N_("released a copy"),
    "erase": N_("erased"),
}


@routes.get("/residents/{resident_id}/data", "see_own_data")
async def page(visit: Visit) -> Response:
    """Everything that is known, for what, and who looked."""
    profile = await visit.site.home.profile(visit.resident_id)
    facts: dict[str, list[Fact]] = {}
    for fact in sorted(profile.facts, key=lambda each: (spec(each.key).purpose, each.key, each.sequence)):
        if may_read(visit, spec(fact.key)):
            facts.setdefault(spec(fact.key).purpose, []).append(fact)
    await visit.record("read data", [each.key for of_purpose in facts.values() for each in of_purpose])
    rows = await visit.site.on_file(lambda: visit.site.audit.newest(_ROWS, visit.resident_id))
    people = await visit.site.on_file(visit.site.people.all)
    sent = await visit.site.on_file(lambda: visit.site.sent.all(visit.resident_id))
    return visit.page(
        "data",
        tab="residents",
        name=profile.value("name.preferred") or profile.value("name.full") or visit.resident_id,
        full=profile.value("name.full") or "",
        facts=facts,
        hidden=len(profile.facts) - sum(len(each) for each in facts.values()),
        purposes=purposes(),
        standings=consents(profile, visit.today),
        looked=[row for row in rows if row.who != visit.person.id],
        asked=[row for row in rows if row.what in (ASKED_COPY, ASKED_ERASURE)],
        messages=len(sent),
        people={each.id: each.name for each in people},
        roles={each.id: each.role for each in people},
        role_words=ROLES,
        act_words=ACT_WORDS,
        names_staff=visit.may("release_data"),
    )


@routes.post("/residents/{resident_id}/data/ask", "ask_for_data")
async def ask(visit: Visit) -> str:
    """Ask for a copy, or for erasure: the manager sees it on this very page, and on hers."""
    erasure = visit.form.get("what") == "erasure"
    await visit.record(ASKED_ERASURE if erasure else ASKED_COPY)
    visit.say("Asked. The manager answers within a month; speak to her if it is urgent.")
    return of_resident(visit.resident_id, "/data")


@routes.post("/residents/{resident_id}/data/copy", "release_data")
async def copy(visit: Visit) -> Response:
    """The copy, after the manager has looked for what harms others or the resident."""
    if visit.form.get("others") != "yes" or visit.form.get("harm") != "yes":
        raise KithError("Look first for what is about other people, and for what may do serious harm.")
    home, made_at = visit.site.home, visit.now
    profile = await home.profile(visit.resident_id)
    history = await home.history(visit.resident_id)
    await visit.record("release a copy")
    if visit.form.get("as") == "data":
        content, kind, name = as_json(profile, history, [], made_at), "application/json", "profile.json"
    else:
        content, kind, name = as_page(profile, history, [], made_at), "text/html", "profile.html"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)


@routes.post("/residents/{resident_id}/data/erase", "release_data")
async def erase(visit: Visit) -> str:
    """Everything, if the name is typed and nothing must be kept by law."""
    pending = await erase_resident(visit, visit.form.get("name", ""))
    if pending:
        visit.say("Erased. Copies that go as soon as they can be reached: %(where)s.", where=", ".join(pending))
    else:
        visit.say("Erased.")
    return "/residents"
