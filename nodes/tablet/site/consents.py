"""Consent, per purpose, with its basis (care rules 10 and 12)."""

from starlette.responses import Response

from culture_profiles.consent import Basis, Purpose, Record, consents
from culture_profiles.errors import KithError
from culture_profiles.fact import Source, Status, make_fact
from culture_profiles.keys import keys
from nodes.tablet.site.visit import Routes, Visit, of_resident

routes = Routes()
_TEXTS = ("decider", "assessment", "review")


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
    purpose, answer = form.get("purpose", ""), form.get("answer", "")
    if purpose not in list(Purpose) or answer not in ("yes", "no"):
        raise KithError("Choose a purpose, and yes or no.")
    wanted: list[tuple[str, str]] = []
    if answer == "yes":
        basis = form.get("basis", "")
        if basis not in list(Basis):
            raise KithError("Choose on what the yes rests. Family alone is no basis.")
        if not form.get("decider", "").strip():
            raise KithError("Write who decided.")
        if basis != Basis.OWN and not form.get("review", "").strip():
            raise KithError("Write until when it holds without a review.")
        if basis == Basis.BEST_INTERESTS and not (
            form.get("assessment", "").strip() and form.get("consulted", "").strip()
        ):
            raise KithError("A best-interests decision needs the capacity assessment and who was consulted.")
        wanted.append(("basis", basis))
        wanted += [(name, text) for name in _TEXTS if (text := " ".join(form.get(name, "").split()))]
        wanted += [
            ("consulted", name) for each in form.get("consulted", "").split(",") if (name := " ".join(each.split()))
        ]
    key = f"consent.{purpose}"
    facts = [
        make_fact(
            resident_id=visit.resident_id,
            key=name,
            value=keys()[name].canonical(value),
            source=Source.CARER,
            status=Status.STATED,
            who=visit.person.id,
            when=visit.now,
        )
        for name, value in [*((f"{key}.{name}", value) for name, value in wanted), (key, answer)]
    ]
    await visit.record("consent", [fact.key for fact in facts])
    # The answer comes last: a yes never counts before what it rests on is there.
    for fact in facts:
        await visit.site.home.write(fact)
    profile = await visit.site.home.profile(visit.resident_id)
    standing = consents(profile, visit.today)[Purpose(purpose)]
    visit.say("Saved." if standing.allowed == (answer == "yes") else f"Saved, but it does not count: {standing.why}.")
    return of_resident(visit.resident_id, "/consent")
