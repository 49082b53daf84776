"""Recording a consent or a refusal, per purpose, with what it rests on (care rules 10 and 12)."""

from dataclasses import dataclass

from culture_profiles.consent import Basis, Purpose, Standing, consents
from culture_profiles.errors import KithError
from culture_profiles.fact import Source, Status, make_fact
from culture_profiles.keys import keys
from nodes.tablet.site.visit import Visit


@dataclass(frozen=True)
class Decision:
    """A yes with what it rests on, or a no, which needs nothing. `review`: ISO date; `consulted`: names."""

    purpose: str
    answer: str
    basis: str = ""
    decider: str = ""
    assessment: str = ""
    review: str = ""
    consulted: tuple[str, ...] = ()


async def record_consent(visit: Visit, decision: Decision) -> Standing:
    """Keep it; returns whether it counts and why. Errors: KithError for a yes without what it must rest on."""
    if decision.purpose not in list(Purpose) or decision.answer not in ("yes", "no"):
        raise KithError("Choose a purpose, and yes or no.")
    key = f"consent.{decision.purpose}"
    wanted = [*_grounds(decision)] if decision.answer == "yes" else []
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
        for name, value in [*((f"{key}.{name}", value) for name, value in wanted), (key, decision.answer)]
    ]
    await visit.record("consent", [fact.key for fact in facts])
    # The answer comes last: a yes never counts before what it rests on is there.
    for fact in facts:
        await visit.site.home.write(fact)
    profile = await visit.site.home.profile(visit.resident_id)
    return consents(profile, visit.today)[Purpose(decision.purpose)]


def _grounds(decision: Decision) -> list[tuple[str, str]]:
    """What a yes rests on, as (last part of the key, value)."""
    texts = {
        name: " ".join(text.split())
        for name, text in (
            ("decider", decision.decider),
            ("assessment", decision.assessment),
            ("review", decision.review),
        )
    }
    consulted = [name for each in decision.consulted if (name := " ".join(each.split()))]
    if decision.basis not in list(Basis):
        raise KithError("Choose on what the yes rests. Family alone is no basis.")
    if not texts["decider"]:
        raise KithError("Write who decided.")
    if decision.basis != Basis.OWN and not texts["review"]:
        raise KithError("Write until when it holds without a review.")
    if decision.basis == Basis.BEST_INTERESTS and not (texts["assessment"] and consulted):
        raise KithError("A best-interests decision needs the capacity assessment and who was consulted.")
    given = [(name, text) for name, text in texts.items() if text]
    return [("basis", decision.basis), *given, *(("consulted", name) for name in consulted)]
