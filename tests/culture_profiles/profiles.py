"""Profiles in a few words, for tests."""

from datetime import UTC, datetime

from culture_profiles.fact import Fact, make_fact
from culture_profiles.importing import canonical
from culture_profiles.profile import Profile

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def fact(
    key: str,
    value: str,
    source: str = "carer",
    status: str = "stated",
    sequence: int = 0,
    when: datetime = NOW,
    who: str = "",
) -> Fact:
    """A fact about the resident r1."""
    return canonical(
        make_fact(
            resident_id="r1", key=key, value=value, source=source, status=status, sequence=sequence, when=when, who=who
        )
    )


def profile(*facts: Fact) -> Profile:
    """The facts in the order they were said."""
    made = Profile("r1")
    for one in facts:
        made = made.with_fact(one)
    return made


def staff(**values: str | tuple[str, ...]) -> list[Fact]:
    """What staff recorded, with __ for the dot."""
    return [
        fact(key.replace("__", "."), each)
        for key, value in values.items()
        for each in ((value,) if isinstance(value, str) else value)
    ]
