"""Consent, per purpose, with its basis (care rules 10 and 12)."""

from starlette.responses import Response

from culture_profiles.consent import Basis, Purpose, Record, consents
from culture_profiles.keys import keys
from nodes.tablet.acts.consents import Decision, record_consent
from nodes.tablet.languages import translated
from nodes.tablet.site.visit import Routes, Visit, of_resident
from nodes.tablet.site.wording import N_

routes = Routes()
_WHY = (
    N_("no consent is recorded"),
    N_("refused by the person"),
    N_("refused"),
    N_("consent in force"),
    N_("its review is overdue"),
    N_("its basis is not recorded"),
    N_("a spoken yes does not decide for this person: staff must record the basis"),
    N_("recognition by face needs the person's own consent"),
    N_("who decided is not recorded"),
    N_("somebody else cannot give the person's own consent"),
    N_("who decided is not recorded as attorney"),
    N_("who decided is not recorded as deputy"),
    N_("nobody has seen the attorney's document"),
    N_("nobody has seen the deputy's document"),
    N_("it is outside the attorney's scope"),
    N_("it is outside the deputy's scope"),
    N_("family alone is no basis"),
    N_("the capacity assessment is not recorded"),
    N_("nobody is recorded as consulted"),
    N_("its review date is not recorded"),
)
"""What culture_profiles/consent.py says; a sentence that is not here stays English."""


@routes.get("/residents/{resident_id}/consent", "see_consent")
async def page(visit: Visit) -> Response:
    """Every purpose: whether it counts, why, on which basis."""
    profile = await visit.site.home.profile(visit.resident_id)
    await visit.record("read consents", [f"consent.{purpose}" for purpose in Purpose])
    return visit.page(
        "consent",
        tab="residents",
        name=profile.value("name.preferred") or profile.value("name.full") or visit.resident_id,
        standings=consents(profile, visit.today),
        records={purpose: Record.of(profile, purpose) for purpose in Purpose},
        about={purpose: keys()[f"consent.{purpose}"].description for purpose in Purpose},
        bases=list(Basis),
    )


@routes.post("/residents/{resident_id}/consent", "record_consent")
async def record(visit: Visit) -> str:
    """A yes with what it rests on, or a no, which needs nothing."""
    form = visit.form
    decision = Decision(
        purpose=form.get("purpose", ""),
        answer=form.get("answer", ""),
        basis=form.get("basis", ""),
        decider=form.get("decider", ""),
        assessment=form.get("assessment", ""),
        review=form.get("review", ""),
        consulted=tuple(form.get("consulted", "").split(",")),
    )
    standing = await record_consent(visit, decision)
    counts = standing.allowed == (decision.answer == "yes")
    if counts:
        visit.say("Saved.")
    else:
        visit.say("Saved, but it does not count: %(why)s.", why=translated(standing.why))
    return of_resident(visit.resident_id, "/consent")
