"""The schema of one topic in one language: behaviours/topics/<language>/<topic>.yaml."""

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from culture_profiles.culture.preferences import preferences
from culture_profiles.keys import spec

_FIELD = re.compile(r"\{(\w*)\}")
_LONGEST = 200

Sentence = Annotated[str, Field(min_length=2, max_length=_LONGEST)]
Sentences = tuple[Sentence, ...]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FromFact(_Section):
    """Questions about something the person has stated; `{value}` is its value.

    `says`: only where the value has one of these words; `since`, `until`: only where it is a year of that span.
    """

    key: str
    says: tuple[str, ...] = ()
    since: int = 0
    until: int = 9999
    ask: Annotated[Sentences, Field(min_length=1)]

    @field_validator("key")
    @classmethod
    def _is_a_key(cls, key: str) -> str:
        spec(key)
        return key


class Things(_Section):
    """Questions that are asked of several things: every frame with every thing, each thing once a day."""

    frames: Annotated[Sentences, Field(min_length=1)]
    of: Annotated[tuple[str, ...], Field(min_length=2)]

    @field_validator("frames")
    @classmethod
    def _name_the_thing(cls, frames: Sentences) -> Sentences:
        for frame in frames:
            if _FIELD.findall(frame) != ["thing"]:
                raise ValueError("each frame needs {thing} once")
        return frames


class Told(_Section):
    """A small true fact, and where it can be looked up."""

    text: Sentence
    source: Annotated[str, Field(min_length=4)]


class TopicTalk(_Section):
    """How one topic is heard and carried on in one language.

    `heard`: words that show it, `*` at the end for any ending. `raised`: whether the robot may begin with it.
    `passing`: its words are often said in passing: they change the subject only where there is none, or it has run
    its course. `tastes`: preferences of which a "no" keeps the robot from beginning with it, and a "yes" draws it near.
    """

    topic: str
    language: str
    name: Annotated[str, Field(min_length=1, max_length=60)]
    heard: Annotated[tuple[str, ...], Field(min_length=1)]
    passing: bool = False
    raised: Literal["freely", "after_the_person"] = "freely"
    morning_only: bool = False
    tastes: tuple[str, ...] = ()
    answers: str = ""
    """The key of the profile that the opening questions ask for: once it is known they are not asked."""
    ask: Sentences = ()
    good: Annotated[Sentences, Field(min_length=2)]
    bad: Annotated[Sentences, Field(min_length=2)]
    neutral: Annotated[Sentences, Field(min_length=2)]
    follow: Annotated[Sentences, Field(min_length=8)]
    things: Things | None = None
    facts: tuple[Told, ...] = ()
    from_facts: tuple[FromFact, ...] = ()

    @field_validator("tastes")
    @classmethod
    def _are_preferences(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in preferences():
                raise ValueError(f"{name[:60]!r} is not in preferences.yaml")
        return names

    @model_validator(mode="after")
    def _can_be_said(self) -> Self:
        for each in (*self.ask, *self.good, *self.bad, *self.neutral, *self.follow):
            if _FIELD.search(each):
                raise ValueError("only frames and lines from facts may hold {…}")
        for lines in self.from_facts:
            if any(set(_FIELD.findall(each)) - {"value"} for each in lines.ask):
                raise ValueError("lines from facts may hold {value} only")
        if self.raised == "freely" and not self.ask:
            raise ValueError("ask is missing: the robot could not begin with it")
        return self

    def questions(self) -> tuple[str, ...]:
        """Every follow-up, frames filled in; the same thing stands together."""
        framed: tuple[str, ...] = ()
        if self.things is not None:
            framed = tuple(frame.format(thing=thing) for thing in self.things.of for frame in self.things.frames)
        return (*self.follow, *framed)
