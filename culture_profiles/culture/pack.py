"""What a culture pack may say. docs/packs.md explains it to those who write and review packs."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from culture_profiles.culture.when import DayWhen, TimeWhen

LARGEST_COUNT = 12
NEEDED_REVIEWERS = 2
_ID = "^[a-z][a-z0-9_]*$"
_LOCALE = "^[a-z]{2,3}_[A-Z]{2}$"
Id = Annotated[str, StringConstraints(pattern=_ID, max_length=60)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\r\n]*$", strip_whitespace=True)]
Count = Annotated[float, Field(gt=0, le=LARGEST_COUNT, allow_inf_nan=False)]
Dated = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]


class Facet(StrEnum):
    """The sides of a person's background, each optional. Region never implies faith."""

    REGION = "region"
    NATION = "nation"
    LANGUAGE = "language"
    FAITH = "faith"
    GENERATION = "generation"
    MIGRATION = "migration"
    WORK = "work"


class Implies(StrEnum):
    """What a gesture or festival would say about the person. Anything but none waits until the person stated it."""

    NONE = "none"
    FAITH = "faith"
    STATUS = "status"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reviewer(_Part):
    """Somebody of the community who read the whole pack."""

    name: Line
    role: Line
    date: date


class SourceOfPack(_Part):
    """Where a statement comes from. `date`: a day, month or year."""

    title: Line
    by: Line
    date: Dated
    url: Annotated[str, StringConstraints(pattern="^https?://[^ ]+$", max_length=500)] | None = None


class Statement(_Part):
    """Anything that needs a source."""

    source: Annotated[str, StringConstraints(min_length=1)]
    note: Line | None = None


class Counted(Statement):
    """Of ten people of this group, how many yes, scaled by how good the evidence is (pseudo-counts)."""

    yes: Count
    no: Count

    @model_validator(mode="after")
    def _is_weak_enough(self) -> Self:
        if self.yes + self.no > LARGEST_COUNT:
            raise ValueError(f"yes and no together must be at most {LARGEST_COUNT}: no evidence of a group says more")
        return self


class Prior(Counted):
    """How many of such people would say yes to a preference. Orders questions; is never spoken."""

    preference: Annotated[str, StringConstraints(min_length=1)]


_MANNERS: dict[str, tuple[str, ...]] = {
    "address.manner": ("formal", "warm", "plain"),
    "gaze.manner": ("direct", "soft"),
    "speech.pauses": ("short", "long"),
}
_NEAREST_M, _FARTHEST_M = 0.5, 3.0


class Manner(Counted):
    """How to begin until the person says otherwise. `value` of distance.metres: metres between the two."""

    key: Literal["address.manner", "distance.metres", "gaze.manner", "speech.pauses"]
    value: Line

    @model_validator(mode="after")
    def _fits_its_key(self) -> Self:
        if self.key == "distance.metres":
            try:
                metres = float(self.value)
            except ValueError:
                raise ValueError("value: must be a number of metres") from None
            if not _NEAREST_M <= metres <= _FARTHEST_M:
                raise ValueError(f"value: must be from {_NEAREST_M} to {_FARTHEST_M} metres")
        elif self.value not in _MANNERS[self.key]:
            raise ValueError(f"value: must be one of {', '.join(_MANNERS[self.key])}")
        return self


class GestureOfPack(Counted):
    """A gesture such people may like in greeting."""

    gesture: Literal["bow", "wave", "namaste", "hand_on_heart", "handshake", "nod", "none"]
    implies: Implies = Implies.NONE


class FoodRule(Statement):
    """For staff only: the robot neither asks about it nor asserts it."""

    id: Id
    text: Line


class TimeOfPack(Statement):
    """A time of prayer, rest or fasting. Shown to staff; moves nothing (care rule 7)."""

    id: Id
    kind: Literal["prayer", "rest", "fasting"]
    name: Line
    when: TimeWhen


class Festival(Statement):
    """A day that such people may keep. `local_name`: by language code."""

    id: Id
    name: Line
    local_name: dict[Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")], Line] = {}
    when: DayWhen
    mood: Literal["joyful", "solemn", "mixed"]
    implies: Implies = Implies.NONE


class Painful(Statement):
    """War, displacement, disaster: never raised first. `words` would raise it; `anniversary` is month-day."""

    id: Id
    name: Line
    words: tuple[Line, ...] = Field(min_length=1)
    anniversary: Annotated[str, StringConstraints(pattern="^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")] | None = None


class TopicOfPack(Statement):
    """Something such people often enjoy talking of: not sensitive, never painful."""

    id: Id
    name: Line
    cluster: Id


Texts = Annotated[tuple[Annotated[str, StringConstraints(min_length=1)], ...], Field(min_length=1)]


class Pack(_Part):
    """One pack: what is known of a group, never of a person."""

    facet: Facet
    id: Annotated[str, StringConstraints(pattern=f"{_ID}|{_LOCALE}", max_length=60)]
    name: Line
    within: tuple[Annotated[str, StringConstraints(pattern="^region:[a-z][a-z0-9_]*$")], ...] = ()
    about: Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True)]
    reviewed_by: tuple[Reviewer, ...] = ()
    sources: dict[Id, SourceOfPack] = {}
    priors: tuple[Prior, ...] = ()
    manner: tuple[Manner, ...] = ()
    gestures: tuple[GestureOfPack, ...] = ()
    food_rules: tuple[FoodRule, ...] = ()
    times: tuple[TimeOfPack, ...] = ()
    festivals: tuple[Festival, ...] = ()
    painful: tuple[Painful, ...] = ()
    topics: tuple[TopicOfPack, ...] = ()
    phrases: dict[str, Texts] = {}
    grammar: dict[Literal["yes", "no", "later", "stop", "help"], Texts] = {}
    address: dict[Literal["formal", "warm", "plain"], Texts] = {}

    @property
    def reference(self) -> str:
        """Its name in profiles, other packs and on the command line, such as region:japan."""
        return f"{self.facet}:{self.id}"

    @property
    def reviewed(self) -> bool:
        """Whether two named people of the community have reviewed it (care rule 24)."""
        return len({reviewer.name.casefold() for reviewer in self.reviewed_by}) >= NEEDED_REVIEWERS

    @model_validator(mode="after")
    def _fits_its_facet(self) -> Self:
        if self.within and self.facet is not Facet.NATION:
            raise ValueError("within: only nation packs lie within regions")
        if (self.phrases or self.grammar or self.address) and self.facet is not Facet.LANGUAGE:
            raise ValueError("phrases, grammar and address belong into a language pack")
        if ("_" in self.id and self.id[-2:].isupper()) != (self.facet is Facet.LANGUAGE):
            raise ValueError("id: a language pack is named by its locale, such as pl_PL; any other in snake_case")
        return self
