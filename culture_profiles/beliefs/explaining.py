"""Why the robot believes something of a person, from whom, and what would change it: one paragraph, for staff.

It names packs, answers and sources; what is assumed is called assumed. None of it is ever spoken to the person as fact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from culture_profiles import precedence
from culture_profiles.beliefs.answers import Answer, tastes
from culture_profiles.beliefs.beliefs import Belief, Beliefs
from culture_profiles.culture.facets import sides
from culture_profiles.culture.pack import Pack
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.keys import KeySpec, Sensitivity, spec
from culture_profiles.profile import Profile

_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "all")
_WHOSE = {
    Source.RESIDENT: "the person's own word",
    Source.CARER: "a carer's word",
    Source.FAMILY: "the family's word",
    Source.OBSERVED: "what the robot observed",
    Source.CULTURE_PRIOR: "what the culture packs suggest",
}
_MATTERS = {"a_lot": "matters a lot", "a_little": "matters a little"}
_LIKELY, _UNLIKELY = 0.55, 0.45


@dataclass(frozen=True)
class Explanation:
    """Why one key has the value it has. `of_ten`: for a preference, the chances of ten that the person says yes."""

    key: str
    text: str
    value: str | None
    assumed: bool
    of_ten: int | None = None
    sources: tuple[str, ...] = ()


def explain(profile: Profile, key: str, packs: Mapping[str, Pack], *, simulation: bool) -> Explanation:
    """Explain a preference or any other key. Errors: KithError for an unknown key."""
    known = spec(key)
    if key in tastes():
        of_person = sides(profile, packs, simulation=simulation)
        withheld = [side.pack.reference for side in of_person if side.withheld and side.weight > 0]
        return _preference(Beliefs.from_sides(of_person, profile).about(key), profile, withheld)
    return _fact(profile, known)


# Preferences --------------------------------------------------------------------------------------------------------
def _preference(belief: Belief, profile: Profile, withheld: list[str]) -> Explanation:
    taste = tastes()[belief.preference]
    of_ten = round(10 * belief.mean)
    if belief.answer is not None:
        fact = belief.answer.fact
        sentences = [
            f"{_capital(_WHOSE[fact.source])} on {fact.when:%-d %B %Y} is {fact.value}: "
            f"the person {taste.stated(belief.answer.yes)}.",
            *_outranked(profile, belief.preference, fact),
        ]
        if belief.expectation.voices:
            sentences.append(f"Without it, {_packs(belief)}; that no longer counts.")
        sentences.append(_change(fact))
        return Explanation(belief.preference, " ".join(sentences), fact.value, False, of_ten, _sources(belief))
    sentences = [f"Assumed, not known: {_judged(belief, taste.stated(liked=True))}."]
    if belief.expectation.voices:
        sentences.append(f"From the packs: {_packs(belief)}.")
    else:
        sentences.append("No side of the person that matters to them and may be used says anything about it.")
    if withheld:
        sentences.append(
            f"Two of the community have yet to review {', '.join(withheld)}: until then nothing is expected from it."
        )
    sentences += _cluster(belief, taste.cluster)
    if belief.related:
        named = ", ".join(f"{answer.preference} ({_word(answer)})" for answer in belief.related)
        sentences.append(f"What was said of {named} moved it a little.")
    sentences.append(
        "The person's own yes or no settles it at once; more answers about "
        f"{taste.cluster} change how far the packs are believed; so does saying that a background is not theirs. "
        "It is never said aloud; it only decides what is asked first."
    )
    return Explanation(belief.preference, " ".join(sentences), None, True, of_ten, _sources(belief))


def _judged(belief: Belief, stated: str) -> str:
    of_ten = _NUMBERS[round(10 * belief.mean)]
    if _UNLIKELY < belief.mean < _LIKELY:
        return f"whether the person {stated} is open (chances of ten: {of_ten})"
    likely = "probably" if belief.mean >= _LIKELY else "probably not so that"
    return f"{likely} the person {stated} (chances of ten: {of_ten})"


def _packs(belief: Belief) -> str:
    parts = []
    for voice in belief.expectation.voices:
        source = voice.source
        where = f"{source.by}, {source.date}" if source is not None else "no source"
        reviewed = "" if voice.pack.reviewed else ", unreviewed"
        parts.append(
            f"{voice.pack.reference}, which {_MATTERS[voice.matters]} to them, says about "
            f"{_NUMBERS[voice.of_ten]} of ten ({where}{reviewed})"
        )
    return "; ".join(parts)


def _cluster(belief: Belief, cluster: str) -> list[str]:
    if not belief.cluster:
        return [f"Nothing about {cluster} has been answered yet."]
    named = ", ".join(f"{answer.preference} ({_word(answer)})" for answer in belief.cluster)
    trust = belief.trust
    if trust.speaks >= max(trust.silent, trust.opposite):
        verdict = "so far the packs seem to speak for them there"
    elif trust.opposite >= trust.silent:
        verdict = "there they seem to go the other way than the packs say, so the expectation is turned round"
    else:
        verdict = "there the packs seem to say little about them, so the expectation hardly counts"
    return [f"From their answers about {cluster}, {named}: {verdict}."]


def _word(answer: Answer) -> str:
    return "yes" if answer.yes else "no"


def _sources(belief: Belief) -> tuple[str, ...]:
    return tuple(
        f"{voice.pack.reference}: {voice.source.by}: {voice.source.title}, {voice.source.date}"
        for voice in belief.expectation.voices
        if voice.source is not None
    )


# Any other key ------------------------------------------------------------------------------------------------------
def _fact(profile: Profile, key: KeySpec) -> Explanation:
    current = [fact for fact in profile.facts if fact.key == key.name]
    hearsay = set(profile.hearsay())
    if not current:
        return Explanation(key.name, " ".join(_nothing(profile, key)), None, assumed=False)
    sentences = []
    for fact in current:
        sentences.append(f"{fact.value}: {_WHOSE[fact.source]}, {fact.status.value} on {fact.when:%-d %B %Y}.")
        if fact in hearsay:
            sentences.append("It was said; staff have not confirmed it, so it is never treated as true.")
        sentences += _outranked(profile, key.name, fact)
    sentences.append(_change(current[-1], key))
    value = "; ".join(fact.value for fact in current)
    return Explanation(key.name, " ".join(sentences), value, all(fact.status is Status.ASSUMED for fact in current))


def _nothing(profile: Profile, key: KeySpec) -> Iterable[str]:
    gone = [fact for fact in profile.standing if fact.key == key.name and fact.status is Status.RETRACTED]
    if gone:
        yield f"Nothing is in force: it was taken back on {gone[-1].when:%-d %B %Y} ({_WHOSE[gone[-1].source]})."
    else:
        yield "Nothing is known, and nothing is assumed."
    if key.for_staff_only:
        yield "Only authorised staff write it."
    elif key.sensitivity is Sensitivity.SENSITIVE:
        yield "It is sensitive: no background suggests it, and the robot does not ask because of one."


def _outranked(profile: Profile, key: str, winner: Fact) -> list[str]:
    others = [
        fact
        for fact in profile.standing
        if fact.key == key
        and fact != winner
        and fact.status is not Status.RETRACTED
        and precedence.item(fact) in ("", precedence.item(winner))
    ]
    return [
        f"It stands over {_WHOSE[fact.source]} of {fact.when:%-d %B %Y} ({fact.value}, {fact.status.value})."
        for fact in others
    ]


def _change(fact: Fact, key: KeySpec | None = None) -> str:
    if key is not None and key.for_staff_only:
        return "Only authorised staff can change it; anybody else's word becomes a question to them."
    if key is not None and key.consent:
        return "The person's no ends it at once, whoever else agreed."
    if fact.status is Status.LOCKED:
        return "It is locked: only whoever locked it can change it."
    match fact.source:
        case Source.RESIDENT:
            return "The person can change it at any time by saying otherwise; nobody else's word outranks theirs."
        case Source.CARER | Source.FAMILY:
            return "The person's own word would outrank it; so would a newer word of carers or family."
        case _:
            return "Anybody's word would outrank it, the person's own above all."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
