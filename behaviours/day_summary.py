"""What staff may read of a person's day in talk, where the person agreed to summaries (care rules 5, 10, 19, 25).

Topics, requests and, in their own words alone, how they said they felt. Nobody is given a feeling. What is confided,
said of other people or said while somebody else is there never becomes a line; of deaths and visits there is
`behaviours/hearsay`. Each day of the week has a key of its own, which the home erases before that day comes again.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from behaviours.hearsay import names_somebody
from behaviours.identity import Who
from behaviours.person import Person
from behaviours.stated import stated
from behaviours.understanding.reading import Reading
from culture_profiles.consent import Purpose, consent
from culture_profiles.fact import Fact, Status
from culture_profiles.profile import Profile

KEPT: Final = timedelta(days=6)
"""How many days before today may be read."""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KEYS: Final = tuple(f"summary.{day}" for day in _DAYS)
TOPIC, WORDS, REQUEST = "topic", "words", "request"
KINDS: Final = (TOPIC, WORDS, REQUEST)
REQUESTS: Final = ("call_carer", "call_family", "music", "read_aloud", "song", "poem", "game", "activities_question")
_OWN_WORDS = ("distress",)
_PLAIN = ("none", "grief")  # of grief no more than the topic that it was said in
_PEOPLE = ("family.", "friends.", "role.")
_NOT_WRITTEN = ("faith",)  # whoever speaks of that speaks to the robot
_LONGEST = 120  # characters: what is longer is a story, and stories are asked before they are kept
_MOST_WORDS = 3  # a day
_LINE = re.compile(rf"(\d{{4}}-\d\d-\d\d) ({'|'.join(KINDS)}) (.+)", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One line of a day. `what`: a topic's name, a request's, or words as they were said."""

    day: date
    kind: str
    what: str

    @property
    def value(self) -> str:
        """As it is kept."""
        return f"{self.day.isoformat()} {self.kind} {self.what}"

    @property
    def key(self) -> str:
        """Under which key it is kept."""
        return KEYS[self.day.weekday()]

    def fact(self, resident_id: str, now: datetime) -> Fact | None:
        """As a fact of the resident; None where it cannot be one, such as for a control character in what was heard."""
        return stated(resident_id, self.key, self.value, now)


def may_keep(person: Person, who: Who, today: date) -> bool:
    """Only of an identified, sole speaker who agreed to be remembered and to summaries, and refused neither today."""
    agreed = all(consent(person.profile, each, today).allowed for each in (Purpose.MEMORY, Purpose.SUMMARIES))
    return who.private and agreed and person.memory_refused_on != today and not person.disclosed


def lines(person: Person, reading: Reading, topic: str, today: date) -> list[Line]:
    """What this utterance adds to the day: nothing that is there already."""
    found = []
    if reading.safety.name in _PLAIN and topic and topic not in _NOT_WRITTEN:
        found.append(Line(today, TOPIC, topic))
    if reading.safety.name == "none":
        found += [Line(today, REQUEST, each) for each in reading.intents if each in REQUESTS][:1]
    there = of_day(person.profile, today)
    few = sum(line.kind == WORDS for line in there) < _MOST_WORDS
    if reading.safety.name in _OWN_WORDS and few and _is_about_themselves(person, reading):
        found.append(Line(today, WORDS, " ".join(reading.text.split())))
    return [each for each in found if each not in there]


def _is_about_themselves(person: Person, reading: Reading) -> bool:
    profile = person.profile
    names = [each.value for each in profile.known() if each.key.startswith(_PEOPLE)] if profile is not None else []
    return len(reading.text) <= _LONGEST and not names_somebody(reading, names)


def of_day(profile: Profile | None, day: date) -> list[Line]:
    """The lines of one day, oldest first."""
    key = KEYS[day.weekday()]
    facts = (fact for fact in profile.facts if fact.key == key) if profile is not None else ()
    found = [parse(fact.value) for fact in facts if fact.status is not Status.RETRACTED]
    return [line for line in found if line is not None and line.day == day]


def parse(value: str) -> Line | None:
    """A line as it was kept; None for anything else."""
    match = _LINE.fullmatch(value)
    try:
        return Line(date.fromisoformat(match[1]), match[2], match[3]) if match is not None else None
    except ValueError:
        return None


def to_erase(profile: Profile, today: date) -> list[str]:
    """Keys of which nothing may stay: older than a week, or no longer agreed to."""
    kept = {key: [parse(fact.value) for fact in profile.facts if fact.key == key] for key in KEYS}
    agreed = consent(profile, Purpose.SUMMARIES, today).allowed
    return [
        key
        for key, found in kept.items()
        if found and (not agreed or any(line is None or today - line.day > KEPT for line in found))
    ]
