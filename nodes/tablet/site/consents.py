"""Consent, per purpose, with its basis (care rules 10 and 12)."""

from starlette.responses import Response

from culture_profiles.consent import Basis, Purpose, Record, consents
from culture_profiles.keys import keys
from nodes.tablet.acts.consents import Decision, record_consent
from nodes.tablet.site.visit import Routes, Visit, of_resident

routes = Routes()


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
    visit.say("Saved." if counts else f"Saved, but it does not count: {standing.why}.")
    return of_resident(visit.resident_id, "/consent")
