"""What a person tells of their life and wants remembered: when to ask whether it may be kept, how to come back to it.

Kept as `lifestory.told`, in their own words, only after a yes. Nothing sad, nothing about others, nothing sensitive.
"""

import re

from behaviours import memory
from behaviours.conversation import heard
from behaviours.conversation.reflecting import second_person, statement
from behaviours.hearsay import said_of_others
from behaviours.identity import Who
from behaviours.person import Person
from behaviours.topics import topics
from behaviours.understanding.reading import Reading
from behaviours.understanding.text import normalise
from culture_profiles.fact import Source

KEY = "lifestory.told"
A_DAY = 2
_SHORTEST, _LONGEST = 5, 14  # words
_POINTS_BACK = re.compile(r"\b(?:him|her|them|it|that|this|there|one|he|she|they|those|these|then|too)\b", re.I)
_OF_THE_DAY = ("sleep", "weather", "news", "television", "seasons")  # topics that tell little of a life
_UNSPACED = ("ja", "zh", "ko")
_LETTERS_A_WORD = 3  # of a language without spaces, roughly


def worth_keeping(person: Person, who: Who, reading: Reading) -> str:
    """The words to keep, as they were said; "" for none. Whether there is room today is for the caller."""
    today = person.said_on
    if today is None or person.profile is None or not memory.may_keep(person, who, today):
        return ""
    if person.memory_refused_on == today or reading.is_question or reading.statements or reading.safety.name != "none":
        return ""
    if "bad" in reading.answers or person.talk.tender > 0 or not heard.says(reading.normalised, "past"):
        return ""
    talk = topics().get(reading.language)
    if talk is None or person.topic not in talk.topics or talk.topics[person.topic].raised != "freely":
        return ""
    if person.topic in _OF_THE_DAY:
        return ""
    said = statement(reading.text) if reading.language == "en" else reading.text.strip().rstrip(".。!！ ")
    length = len(said) / _LETTERS_A_WORD if reading.language in _UNSPACED else len(said.split())
    if not _SHORTEST <= length <= _LONGEST or any(mark in said for mark in '{}"“”„«»「」'):
        return ""
    if reading.language == "en" and _POINTS_BACK.search(said):
        return ""  # "with him": a week later nobody knows with whom
    if said_of_others(reading) or said.casefold() in {each.casefold() for each in _values(person)}:
        return ""
    return said


def told(person: Person) -> list[str]:
    """What they told and wanted remembered, before today."""
    if person.profile is None:
        return []
    return [
        fact.value
        for fact in person.profile.known()
        if fact.key == KEY and fact.source is Source.RESIDENT and fact.when.date() != person.said_on
    ]


def in_words(said: str, language: str) -> str:
    """As it is said back to them."""
    return second_person(said) if said and language == "en" else said


def plain(said: str) -> str:
    """As topics are heard in it."""
    return normalise(said)


def _values(person: Person) -> tuple[str, ...]:
    return person.profile.values(KEY) if person.profile is not None else ()
