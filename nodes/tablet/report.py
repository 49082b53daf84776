"""The inspector's report on a week: what the robots did, what was refused, what waits; nothing about single staff.

Counts alone, no names (care rule 25): an inspector who must know whose looks it up on the signed-in pages.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from behaviours.routines.occurrence import Occurrence, State
from culture_profiles.consent import Purpose, Record, consent
from culture_profiles.fact import Source, Status
from culture_profiles.profile import Profile
from culture_profiles.state_of_life import Life, StateOfLife
from nodes.tablet.audit import Row, Verdict
from nodes.tablet.sent import Message, Standing

WEEK = timedelta(days=7)
_SOON = timedelta(days=28)
_GUESSES = (Source.OBSERVED, Source.CULTURE_PRIOR)


@dataclass(frozen=True)
class Report:
    """All counts are of the week, but for `states`, `consents`, the reviews and `assumed`, which are as of its end."""

    first: date
    last: date
    residents: int
    reminders: Mapping[str, Mapping[State, int]]
    uncertain: int
    calls: Mapping[str, int]
    messages: Mapping[Standing, int]
    states: Mapping[StateOfLife, int]
    consents: Mapping[Purpose, int]
    overdue: int
    soon: int
    assumed: int
    acts: Mapping[str, int]
    whole: bool
    head: str
    rows: int
    unheard: Sequence[tuple[str, int]] = field(default_factory=list)


def make_report(
    *,
    today: date,
    occurrences: Iterable[Occurrence],
    rows: Iterable[Row],
    profiles: Iterable[Profile],
    messages: Iterable[Message],
    since: datetime,
    verdict: Verdict,
    heard: Iterable[str],
) -> Report:
    """The week that ends with `today`. `heard`: languages in which a call for help is understood."""
    reminders: dict[str, Counter[State]] = {}
    uncertain = 0
    for each in occurrences:
        reminders.setdefault(each.kind, Counter())[each.state] += 1
        uncertain += each.uncertain
    acts = Counter(row.what for row in rows)
    states: Counter[StateOfLife] = Counter()
    agreed: Counter[Purpose] = Counter()
    unheard: Counter[str] = Counter()
    understood = {each.split("_")[0] for each in heard}
    overdue = soon = assumed = residents = 0
    for profile in profiles:
        life = Life.of(profile, today).state
        states[life] += 1
        if life is StateOfLife.DIED:
            continue
        residents += 1
        for purpose in Purpose:
            agreed[purpose] += consent(profile, purpose, today).allowed
            review = Record.of(profile, purpose).review
            if review is not None:
                overdue += review < today
                soon += today <= review < today + _SOON
        assumed += sum(fact.status is Status.ASSUMED or fact.source in _GUESSES for fact in profile.facts)
        spoken = {value for key in ("language.preferred", "language.mother") for value in profile.values(key)}
        unheard.update(value for value in spoken if value.split("_")[0] not in understood)
    return Report(
        first=today - WEEK + timedelta(days=1),
        last=today,
        residents=residents,
        reminders=reminders,
        uncertain=uncertain,
        calls={"accepted": acts["accept call"], "closed": acts["close call"], "handed": acts["hand over"]},
        messages=Counter(each.state for each in messages if each.created_at >= since),
        states=states,
        consents=agreed,
        overdue=overdue,
        soon=soon,
        assumed=assumed,
        acts=acts,
        whole=verdict.whole,
        head=verdict.head,
        rows=verdict.rows,
        unheard=sorted(unheard.items()),
    )
