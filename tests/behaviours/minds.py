"""A mind to talk with, and residents as plain profiles."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from behaviours.acts import Act, RaiseAlert, ReminderOutcome, Speak, StoreFact
from behaviours.identity import Level, Who
from behaviours.mind import Mind, MindSettings
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.profile import Profile

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def profile(resident_id: str = "hanna", *, source: Source = Source.RESIDENT, **facts: str) -> Profile:
    """A profile from keys with __ for the dot: profile(address__form="pani Hanno")."""
    return Profile(
        resident_id,
        facts=[
            Fact(
                resident_id=resident_id, key=key.replace("__", "."), value=value, status=Status.STATED, when=MORNING,
                source=Source.CARER if key in _STAFF else source,
            )
            for key, value in facts.items()
        ],
    )  # fmt: skip


_STAFF = {
    "state_of_life", "medicine__self_administration", "medicine__self_administration_review", "safety__swallowing",
    "safety__allergy", "food__offering", "food__offering_review", "care_in_progress",
}  # fmt: skip
HANNA = {
    "address__form": "pani Hanno",
    "language__greeting": "pl_PL",
    "speech__rate": "slow",
    "family__daughter": "Ewa",
    "lifestory__work": "seamstress",
    "consent__memory": "yes",
}


class Chat:
    """One person and the mind; time goes on by five seconds a turn, everything spoken is spoken at once."""

    def __init__(self, known: Profile | None, level: Level = Level.PRIVATE, seed: int = 1) -> None:
        self.mind = Mind(random.Random(seed), zone=ZoneInfo("UTC"), settings=MindSettings())
        self.now = MORNING
        self.who = Who(known.resident_id if known else "", level if known else Level.UNKNOWN, "test")
        self.acts: list[Act] = []
        if known is not None:
            self.mind.profile_changed(known, self.now)

    def say(self, text: str, *, locale: str = "en_GB", confidence: float = 1.0) -> str:
        self.wait(5)
        return self.took(self.mind.heard(text, self.now, who=self.who, locale=locale, confidence=confidence))

    def wait(self, seconds: float) -> str:
        self.now += timedelta(seconds=seconds)
        return self.took(self.mind.tick(self.now))

    def took(self, acts: list[Act]) -> str:
        self.acts = list(acts)
        for each in acts:
            if isinstance(each, Speak):
                self.acts += self.mind.spoken(each.id, True, self.now)
        return " ".join(each.text for each in acts if isinstance(each, Speak))

    def alerts(self) -> list[RaiseAlert]:
        return [each for each in self.acts if isinstance(each, RaiseAlert)]

    def facts(self) -> list[Fact]:
        return [each.fact for each in self.acts if isinstance(each, StoreFact)]

    def outcomes(self) -> list[ReminderOutcome]:
        return [each for each in self.acts if isinstance(each, ReminderOutcome)]

    def spoken(self) -> list[Speak]:
        return [each for each in self.acts if isinstance(each, Speak)]


def hanna(level: Level = Level.PRIVATE, seed: int = 1) -> Chat:
    """Hanna, identified and alone unless told otherwise."""
    return Chat(profile(**HANNA), level, seed)
