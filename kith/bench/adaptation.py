"""How fast the beliefs learn one person: share of the preferences not asked yet that are predicted right.

Each simulated person is asked twenty questions, chosen by what is known so far, and answers truthfully. Beside Kith
stand `nationality` (what the first pack says, for ever: it learns nothing but the answers themselves, and asks at
random) and `none` (the same learning without any culture). Without an opinion each
says yes.
"""

import math
import random
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from culture_profiles.beliefs.asking import next_question
from culture_profiles.beliefs.beliefs import Beliefs
from culture_profiles.culture.facets import key_of
from culture_profiles.culture.pack import Pack
from culture_profiles.culture.preferences import preferences
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.profile import Profile
from kith.bench.adaptation_world import Group, Simulated, groups, person

AFTER = (0, 5, 10, 20)
LARGEST_GAP_POINTS = 3.0
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
_ID = "simulated"
MODELS = ("kith", "nationality", "none")


@dataclass
class _Shares:
    """Shares 0..1 by number of answers, for one person and one model."""

    overall: dict[int, float] = field(default_factory=dict)
    in_asked_clusters: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Adaptation:
    """What was found; shares in percent. `figures`: model → fit, defy, worst_group → answers → share."""

    figures: Mapping[str, Mapping[str, Mapping[int, float]]]
    in_asked_clusters: Mapping[str, Mapping[str, Mapping[int, float]]]
    gap_after_10_in_asked_clusters: float
    """Kith: fitting minus defying people, percentage points."""
    gap_standard_error: float
    """Of that gap, from the spread among people: with few people the gap is mostly chance."""
    groups: int
    people: int
    preferences: int
    """Of each person, at least; in at least so many clusters."""
    clusters: int
    seed: int

    @property
    def within_target(self) -> bool:
        """Whether defying people are served about as well as fitting ones where they were asked."""
        return self.gap_after_10_in_asked_clusters <= LARGEST_GAP_POINTS


def measure(packs: Mapping[str, Pack], *, how_many_groups: int, of_each: int, seed: int) -> Adaptation:
    """Simulate `of_each` fitting and as many defying people of each group. Errors: KithError without region packs."""
    rng = random.Random(seed)  # noqa: S311
    names = tuple(preferences())
    read = {reference: packs[reference] for reference in packs}
    if not any(reference.startswith("region:") for reference in read):
        raise KithError("the bench needs packs of regions: see culture_profiles/packs")
    found: dict[str, dict[tuple[str, bool], list[_Shares]]] = {model: {} for model in MODELS}
    made = groups(read, names, how_many_groups, rng)
    for number, group in enumerate(made):
        for defying in (False, True):
            for _ in range(of_each):
                someone = person(group, rng, defying=defying)
                for model in MODELS:
                    shares = _asked(model, someone, read, rng)
                    found[model].setdefault((f"{number}", defying), []).append(shares)
    asked = {model: _table(each, asked_clusters=True) for model, each in found.items()}
    return Adaptation(
        figures={model: _table(each, asked_clusters=False) for model, each in found.items()},
        in_asked_clusters=asked,
        gap_after_10_in_asked_clusters=round(asked["kith"]["fit"][10] - asked["kith"]["defy"][10], 2),
        gap_standard_error=round(_standard_error(found["kith"]), 2),
        groups=len(made),
        people=2 * of_each * len(made),
        preferences=min(len(group.odds) for group in made),
        clusters=min(len({name.split(".")[0] for name in group.odds}) for group in made),
        seed=seed,
    )


def _asked(model: str, someone: Simulated, packs: Mapping[str, Pack], rng: random.Random) -> _Shares:
    profile = _silent(someone.group, model)
    random_order = rng.sample(sorted(someone.likes), len(someone.likes))
    untold = frozenset(preferences()) - someone.likes.keys()
    shares = _Shares()
    asked: list[str] = []
    for answers in range(max(AFTER) + 1):
        if answers in AFTER:
            expected = _expected(model, profile, someone.group, packs)
            _score(shares, answers, expected, someone, asked)
        if model == "nationality":
            chosen = random_order[answers]
        else:
            question = next_question(profile, packs, simulation=True, declined=untold)
            if question is None:
                break
            chosen = question.preference
        asked.append(chosen)
        profile = profile.with_fact(_fact(chosen, "yes" if someone.likes[chosen] else "no"))
    return shares


def _expected(model: str, profile: Profile, group: Group, packs: Mapping[str, Pack]) -> Mapping[str, bool]:
    if model != "nationality":
        return Beliefs.of(profile, packs, simulation=True).expects_yes()
    first = packs[next(iter(group.matters))]
    return {prior.preference: prior.yes >= prior.no for prior in first.priors}


def _score(
    shares: _Shares, answers: int, expected: Mapping[str, bool], someone: Simulated, asked: Iterable[str]
) -> None:
    known = set(asked)
    clusters = {name.split(".")[0] for name in known}
    # Without an opinion every model says yes: more is liked than not.
    right = {
        name: float(expected.get(name, True) == likes) for name, likes in someone.likes.items() if name not in known
    }
    shares.overall[answers] = statistics.fmean(right.values())
    near = [share for name, share in right.items() if name.split(".")[0] in clusters]
    if near:
        shares.in_asked_clusters[answers] = statistics.fmean(near)


def _table(found: Mapping[tuple[str, bool], list[_Shares]], *, asked_clusters: bool) -> dict[str, dict[int, float]]:
    def share(people: Iterable[_Shares], answers: int) -> float:
        tables = [each.in_asked_clusters if asked_clusters else each.overall for each in people]
        return round(100 * statistics.fmean(table[answers] for table in tables if answers in table), 2)

    def those(defying: bool) -> list[_Shares]:
        return [each for (_, defies), people in found.items() if defies is defying for each in people]

    after = [answers for answers in AFTER if answers or not asked_clusters]
    by_group: dict[str, list[_Shares]] = {}
    for (group, _), people in found.items():
        by_group.setdefault(group, []).extend(people)
    return {
        "fit": {answers: share(those(defying=False), answers) for answers in after},
        "defy": {answers: share(those(defying=True), answers) for answers in after},
        "worst_group": {answers: min(share(people, answers) for people in by_group.values()) for answers in after},
    }


def _standard_error(found: Mapping[tuple[str, bool], list[_Shares]]) -> float:
    squares = 0.0
    for defying in (False, True):
        shares = [
            each.in_asked_clusters[10]
            for (_, defies), people in found.items()
            if defies is defying
            for each in people
            if 10 in each.in_asked_clusters
        ]
        squares += statistics.variance(shares) / len(shares)
    return 100.0 * math.sqrt(squares)


def _silent(group: Group, model: str) -> Profile:
    if model != "kith":
        return Profile(_ID)
    return Profile(_ID, facts=[_fact(key_of(reference), matters) for reference, matters in group.matters.items()])


def _fact(key: str, value: str) -> Fact:
    return Fact(resident_id=_ID, key=key, value=value, source=Source.RESIDENT, status=Status.STATED, when=_WHEN)
