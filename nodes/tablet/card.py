"""How to be with a resident: one screen made from the profile, each line with where it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from culture_profiles.fact import Fact, Source, Status
from culture_profiles.keys import spec
from culture_profiles.profile import Profile
from culture_profiles.state_of_life import Life
from nodes.tablet.questions import is_sensitive

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "address": ("name.preferred", "address.form", "pronunciation", "address.manner", "touch.hand", "gestures.liked"),
    "language": ("language.preferred", "language.mother", "language.spoken", "language.for_topic"),
    "manner": (
        "hearing.aids",
        "hearing.better_ear",
        "hearing.needs",
        "sight.needs",
        "speech.needs",
        "speech.supports",
        "speech.rate",
        "speech.volume",
        "speech.pitch",
        "approach.side",
        "room.enter",
        "rhythm.quiet",
    ),
    "do": ("topics.liked", "food.liked", "lifestory.music", "names_for_things", "faith.observance", "faith.festival"),
    "do_not": (
        "topics.avoided",
        "topics.painful",
        "gestures.avoided",
        "touch.avoided",
        "food.disliked",
        "food.avoided",
    ),
    "safety": (
        "safety.allergy",
        "safety.swallowing",
        "safety.fluids",
        "safety.mobility",
        "food.offering",
        "safety.barred_contact",
    ),
}
_RECOGNISED = ("language.preferred", "language.mother", "language.spoken")


@dataclass(frozen=True)
class Line:
    """One thing known. `assumed`: nobody said so yet."""

    fact: Fact

    @property
    def assumed(self) -> bool:
        """Whether it is only a guess."""
        return self.fact.status is Status.ASSUMED or self.fact.source in (Source.OBSERVED, Source.CULTURE_PRIOR)


@dataclass(frozen=True)
class Card:
    """The whole screen. `not_heard`: locales of theirs in which a call for help is not understood (care rule 3)."""

    lines: Mapping[str, tuple[Line, ...]]
    life: Life
    not_heard: tuple[str, ...]
    read: tuple[str, ...]
    """Sensitive keys that it shows: for the audit log."""

    def by_question(self, group: str) -> list[tuple[str, list[Line]]]:
        """The lines of one group, each question once, in the order in which they are asked."""
        found: dict[str, list[Line]] = {}
        for line in self.lines[group]:
            found.setdefault(line.fact.key, []).append(line)
        return list(found.items())


def make_card(profile: Profile, today: date, installed: Iterable[str], *, sensitive: bool, safety: bool) -> Card:
    """`installed`: locales that a recogniser understands; `sensitive`, `safety`: what the reader may see."""
    lines: dict[str, tuple[Line, ...]] = {}
    read: list[str] = []
    for group, group_keys in _GROUPS.items():
        if group == "safety" and not safety:
            continue
        found = []
        for key in group_keys:
            private = is_sensitive(spec(key))
            if private and group != "safety" and not sensitive:
                continue
            for fact in profile.facts:
                if fact.key == key:
                    found.append(Line(fact))
                    read += [key] if private else []
        lines[group] = tuple(found)
    return Card(lines, Life.of(profile, today), _not_heard(profile, installed), tuple(dict.fromkeys(read)))


def _not_heard(profile: Profile, installed: Iterable[str]) -> tuple[str, ...]:
    understood = {locale.split("_")[0] for locale in installed}
    spoken = dict.fromkeys(value for key in _RECOGNISED for value in profile.values(key))
    return tuple(each for each in spoken if each.split("_")[0] not in understood)
