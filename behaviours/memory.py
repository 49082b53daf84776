"""What the mind keeps of what it is told, takes back, and tells the person about themselves."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from babel import Locale

from behaviours.conversation.reflecting import second_person
from behaviours.identity import Who
from behaviours.ownership.meaning import named
from behaviours.person import Person
from behaviours.phrases import Phrasebook
from behaviours.understanding.reading import Reading, Statement
from culture_profiles.consent import Purpose, consent
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.keys import Sensitivity, ValueType, spec

_LAST = frozenset({"name.preferred", "language.preferred", "language.mother", "language.greeting", "speech.rate"})
_SECRET = re.compile(r"(?<!\d)(?!(?:18|19|20)\d\d(?!\d))\d(?:[ -]?\d){3,}")  # four figures and more, but no year
AT_A_TIME = 3  # facts told in one go: more is a lecture


def may_keep(person: Person, who: Who, today: date) -> bool:
    """Only from an identified, sole speaker, and only while consent to remember counts (care rules 10, 21)."""
    return who.private and consent(person.profile, Purpose.MEMORY, today).allowed


def is_staffs(key: str) -> bool:
    """Whether only staff decide about a key: the person's word becomes a question to them (care rule 8)."""
    return spec(key).for_staff_only


def is_sensitive(key: str) -> bool:
    """Whether the person is asked before it is kept."""
    return spec(key).sensitivity is Sensitivity.SENSITIVE


def fact_of(statement: Statement, person: Person, now: datetime) -> Fact | None:
    """The statement as the person's own word; None when it cannot be a value of its key, or looks like a secret."""
    if spec(statement.key).type is ValueType.TEXT and _SECRET.search(statement.value):
        return None
    try:
        return make_fact(
            resident_id=person.id,
            key=statement.key,
            value=spec(statement.key).canonical(statement.value),
            source=Source.RESIDENT,
            status=Status.RETRACTED if statement.denied else Status.STATED,
            who=person.id,
            when=now,
        )
    except KithError:
        return None


def known_already(fact: Fact, person: Person) -> bool:
    """Whether the person has said just this before."""
    profile = person.profile
    return profile is not None and any(
        each.key == fact.key and each.value.casefold() == fact.value.casefold() and each.source is Source.RESIDENT
        for each in profile.known()
    )


def contradict(facts: Iterable[Fact]) -> bool:
    """Whether one breath said something and its opposite: "I like tea. I hate tea." """
    said = {(each.key, each.value.casefold()) for each in facts if each.status is not Status.RETRACTED}
    return any((spec(key).opposite, value) in said for key, value in said)


def meant(reading: Reading, person: Person) -> list[Fact]:
    """Known facts that the words name, by their values."""
    return list(named(person.profile, reading.normalised)) if person.profile is not None else []


def telling(fact: Fact, book: Phrasebook, locale: str) -> str:
    """A fact as half a sentence to the person ("you don't eat eggs"); "" when it is not one to recite."""
    key = f"fact.{fact.key}"
    if not book.has(key):
        return ""
    phrase = book.all(key, locale, {"value": _in_words(fact, locale)})
    text = phrase[0].text if phrase else ""
    begins_small = not text.startswith("I ") and not (text and fact.value.startswith(text[:1]))
    return text[:1].lower() + text[1:] if begins_small else text


def recital(person: Person, book: Phrasebook) -> list[tuple[Fact, str]]:
    """Everything that may be told to the person about themselves: each fact and its sentence."""
    if person.profile is None:
        return []
    # The newest first: what was just said is what the person wonders about.
    facts = list(reversed(person.profile.known()))
    facts.sort(key=lambda fact: fact.key in _LAST)
    texts = [(fact, telling(fact, book, person.locale)) for fact in facts]
    stop = "。" if person.locale.startswith("ja") else "."
    return [(fact, text[:1].upper() + text[1:] + stop) for fact, text in texts if text]


def joined(facts: Iterable[str]) -> str:
    """Several half sentences as one."""
    items = list(facts)
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def _in_words(fact: Fact, locale: str) -> str:
    if fact.key == "lifestory.told" and locale.startswith("en"):
        return second_person(fact.value)
    if spec(fact.key).type is ValueType.LOCALE:
        name = Locale.parse(fact.value.split("_")[0]).get_display_name(locale.split("_")[0])
        return str(name or fact.value)
    return fact.value
