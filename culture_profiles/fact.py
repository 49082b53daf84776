"""One thing known about a resident: what, from whom, how sure, since when."""

import re
import unicodedata
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from culture_profiles.errors import KithError

LONGEST_VALUE = 1_000
LONGEST_NOTE = 2_000
LONGEST_WHO = 200
_RESIDENT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# Control characters, lone surrogates and line or paragraph separators break lines, terminals and files. Format
# characters (joiners, direction marks) stay: names in many scripts are misspelt without them.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})


class Source(StrEnum):
    """Where a fact comes from."""

    CULTURE_PRIOR = "culture_prior"
    RESIDENT = "resident"
    CARER = "carer"
    FAMILY = "family"
    OBSERVED = "observed"


class Status(StrEnum):
    """How a fact stands. Only stated, confirmed and locked ones may be spoken of."""

    ASSUMED = "assumed"
    STATED = "stated"
    CONFIRMED = "confirmed"
    LOCKED = "locked"
    RETRACTED = "retracted"


def plain_text(text: str) -> str:
    """`text` unchanged, or ValueError where a character would break a line, a terminal or a file."""
    if not text.isprintable() and any(unicodedata.category(character) in _REFUSED_CATEGORIES for character in text):
        raise ValueError("must be one line without control characters")
    return text


def resident_id(text: str) -> str:
    """`text` if it can be a resident's id, else ValueError. An id is never a person's real name."""
    if not _RESIDENT_ID.fullmatch(text):
        raise ValueError("must be 1-64 small letters a-z, digits, _ or -, for example room12-a")
    return text


def _in_utc(when: datetime) -> datetime:
    if when.tzinfo is None or when.utcoffset() is None:
        raise ValueError("needs a time zone")
    return when.astimezone(UTC)


Text = Annotated[str, AfterValidator(plain_text)]


class Fact(BaseModel):
    """One fact, immutable. Nothing is overwritten: a newer fact stands beside it and precedence decides.

    `sequence` is its place in the home's history (0: not stored yet); `value` the canonical text of the key's type;
    `confidence` 0..1; `who` the id of the person who said or wrote it; `when` an aware time, held in UTC. A retraction
    is a fact too: with a value it takes that item of a many-valued key away, with an empty one the whole key.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int = Field(default=0, ge=0)
    resident_id: Annotated[str, AfterValidator(resident_id)]
    key: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(plain_text)]
    value: Annotated[Text, Field(max_length=LONGEST_VALUE)] = ""
    source: Source
    status: Status
    confidence: float = Field(default=1.0, ge=0.0, le=1.0, allow_inf_nan=False)
    who: Annotated[Text, Field(max_length=LONGEST_WHO)] = ""
    when: Annotated[datetime, AfterValidator(_in_utc)]
    note: Annotated[Text, Field(max_length=LONGEST_NOTE)] = ""

    @model_validator(mode="after")
    def _is_sound(self) -> "Fact":
        if self.status is not Status.RETRACTED and not self.value.strip():
            raise ValueError("value must not be empty; to take something away, retract it")
        if self.source is Source.CULTURE_PRIOR and self.status not in (Status.ASSUMED, Status.RETRACTED):
            raise ValueError("what a culture suggests is only ever assumed")
        if self.source is Source.OBSERVED and self.status in (Status.STATED, Status.LOCKED):
            raise ValueError("what was observed is assumed until somebody confirms it")
        if self.status is Status.LOCKED and self.source not in (Source.RESIDENT, Source.CARER):
            raise ValueError("only the person or staff can lock a fact")
        return self


def make_fact(**fields: object) -> Fact:
    """A Fact from plain fields. Raises KithError with one line that names the field and never its content."""
    try:
        return Fact.model_validate(fields)
    except ValidationError as error:
        raise KithError(first_problem(error)) from None


def first_problem(error: ValidationError) -> str:
    """The first problem of a pydantic error in one line without the input, for example `value: too long`."""
    problem = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in problem["loc"])
    what = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "too_long" and problem["ctx"]["field_type"] == "Value":  # letters of a text
        what = "has {actual_length} characters: at most {max_length} are kept".format(**problem["ctx"])
    return f"{where}: {what}" if where else what
