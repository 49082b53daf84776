"""Which topic to begin with: what the person likes and has not lately heard; nothing avoided, nothing declined."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from behaviours.person import Person
from behaviours.topics import Topics
from behaviours.topics.topic import FromFact, TopicTalk
from behaviours.understanding.text import normalise
from culture_profiles.culture.words import says_any
from culture_profiles.profile import Profile

_MORNING = range(4, 12)
_LIKED = ("topics.liked", "food.liked", "lifestory.work", "lifestory.music", "lifestory.place")


def ranked(person: Person, talk: Topics, local: datetime, likely: Sequence[str], rng: random.Random) -> list[str]:
    """The topics that may be begun with now, the best first. `likely`: clusters of tastes, likeliest first."""
    known = stated_values(person.profile) if person.profile is not None else {}
    scores = {}
    for name, topic in talk.topics.items():
        if may_raise(person, talk, name, local, known):
            scores[name] = _score(person, talk, topic, likely, known) + rng.random()
    return sorted(scores, key=lambda name: -scores[name])


def may_raise(person: Person, talk: Topics, name: str, local: datetime, known: Mapping[str, Sequence[str]]) -> bool:
    """Whether the robot may begin with a topic: never a painful or declined one, nor faith before the person did."""
    topic, today = talk.topics[name], person.said_on or local.date()
    if topic.raised != "freely" and name not in person.talk.raised:
        return False
    if topic.morning_only and local.hour not in _MORNING:
        return False
    if person.talk.is_declined(name, today) or any("no" in known.get(taste, ()) for taste in topic.tastes):
        return False
    if says_any(f"{topic.name} {name}", person.avoid):
        return False
    return not any(talk.pattern(name).search(normalise(each)) for each in known.get("topics.avoided", ()))


def unsaid(person: Person, sentences: Iterable[str]) -> list[str]:
    """Those of some sentences that the person has not heard lately."""
    return [each for each in sentences if not person.talk.ledger.has(each)]


def lines_from_facts(person: Person, topic: TopicTalk) -> list[tuple[str, str]]:
    """(template, value) of every question that goes with something the person has stated."""
    if person.profile is None or not topic.from_facts:
        return []
    known = stated_values(person.profile)
    return [
        (template, value)
        for lines in topic.from_facts
        for value in known.get(lines.key, ())
        if _fits(lines, value) and not says_any(value, person.avoid)
        for template in lines.ask
    ]


def stated_values(profile: Profile) -> dict[str, list[str]]:
    """Everything stated, confirmed or locked, by key."""
    found: dict[str, list[str]] = {}
    for fact in profile.known():
        found.setdefault(fact.key, []).append(fact.value)
    return found


def _fits(lines: FromFact, value: str) -> bool:
    if lines.since or lines.until != 9999:
        return value.isdigit() and lines.since <= int(value) <= lines.until
    plain = normalise(value)
    return not lines.says or any(normalise(word) in plain for word in lines.says)


def _score(
    person: Person, talk: Topics, topic: TopicTalk, likely: Sequence[str], known: Mapping[str, Sequence[str]]
) -> float:
    today = person.said_on
    all_questions = [*topic.ask, *topic.questions()]
    fresh = len(unsaid(person, all_questions))
    if fresh == 0:
        return -10.0
    score = 2.0 * fresh / len(all_questions)
    liked = (normalise(value) for key in _LIKED for value in known.get(key, ()))
    score += 2.5 * any(talk.pattern(topic.topic).search(value) for value in liked)
    score += 1.0 * sum("yes" in known.get(taste, ()) for taste in topic.tastes)
    clusters = {taste.split(".")[0] for taste in topic.tastes}
    if clusters and likely:
        score += max((1.0 - place / len(likely) for place, each in enumerate(likely) if each in clusters), default=0.0)
    last = person.talk.talked.get(topic.topic)
    if last is not None and today is not None:
        score -= 4.0 if last == today else max(0.0, 3.0 - (today - last).days)
    return score
