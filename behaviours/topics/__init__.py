"""Small talk as data: one YAML file per language, with how topics are heard and carried on."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

FOLDER = Path(__file__).parent


class FromFact(BaseModel):
    """Questions about something the person has stated; {value} is its value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    ask: tuple[str, ...]


class TopicTalk(BaseModel):
    """How one topic is heard and carried on in one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heard: str
    ask: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]
    follow: tuple[str, ...]
    from_fact: FromFact | None = None


class Topics(BaseModel):
    """All small talk of one language; `order` is the order in which the robot asks when nothing else is on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    topics: Mapping[str, TopicTalk]
    order: tuple[str, ...]
    morning_only: tuple[str, ...] = Field(default=())

    def pattern(self, name: str) -> re.Pattern[str]:
        """How the topic is heard in normalised words."""
        return re.compile(f"\\b(?:{self.topics[name].heard})\\b")


@cache
def topics() -> Mapping[str, Topics]:
    """The small talk of each language that has any, by language code. Errors: KithError naming the file."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        try:
            one = Topics.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except ValidationError as problem:
            raise KithError(f"{path.name}: {first_problem(problem)}") from None
        found[one.language] = one
    return found
