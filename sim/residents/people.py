"""Who lives in the simulated home: the YAML files in `people/`, which `kith profiles import` reads as well."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from culture_profiles.culture.document import read_document
from culture_profiles.culture.preferences import preferences
from culture_profiles.errors import KithError
from culture_profiles.fact import Text, first_problem, resident_id
from culture_profiles.keys import spec

FOLDER = Path(__file__).parent / "people"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Lines = Annotated[tuple[Annotated[Text, Field(min_length=1, max_length=200)], ...], Field(max_length=100)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VoiceManner(_Section):
    """How a resident differs from the voice they are rendered with: factors, 1.0 is the voice's own."""

    pitch: float = Field(default=1.0, ge=0.7, le=1.4)
    tempo: float = Field(default=1.0, ge=0.5, le=1.5)
    level_db: float = Field(default=-3.0, ge=-40.0, le=0.0)
    """Loudest sample relative to full scale, as the microphone hears it."""


class Habits(_Section):
    """How a resident behaves in a conversation. Times are of the simulated day, in the home's local time."""

    answers_after_s: float = Field(default=0.5, ge=0.0, le=30.0)
    """Silence before an answer begins."""
    pauses_s: float = Field(default=0.3, ge=0.0, le=15.0)
    """Longest silence within a sentence."""
    declines: Share = 0.1
    """Share of the robot's questions and offers that are not taken up."""
    mishears: Share = 0.0
    """Share of the robot's sentences that have to be said again."""
    agrees_regardless: Share = 0.0
    """Share of yes-or-no questions answered with yes whatever the truth is, as with aphasia or out of politeness."""
    repeats_self: Share = 0.0
    """Share of remarks that were already made within the hour."""
    tires_after_min: float = Field(default=30.0, gt=0.0, le=240.0)
    """Minutes of talk after which the resident ends it."""
    asleep: tuple[Annotated[str, Field(pattern=f"^{_CLOCK}-{_CLOCK}$")], ...] = ()
    """Spans of the day, from-until."""
    falls_into: str = ""
    """Language the resident changes to when tired or upset (CLDR, such as de_DE); empty: none."""

    @field_validator("falls_into")
    @classmethod
    def _is_a_language(cls, text: str) -> str:
        try:
            return spec("language.spoken").canonical(text) if text else ""
        except KithError:
            raise ValueError("must be a language such as de_DE") from None


class Tastes(_Section):
    """What is true of the person. Not facts: the resident answers from them when asked."""

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _are_tastes(self) -> Self:
        listed = (*self.yes, *self.no)
        for name in listed:
            if name not in preferences():
                raise ValueError(f"{name[:100]!r} is not in preferences.yaml")
            if listed.count(name) > 1:
                raise ValueError(f"{name!r} is there twice")
        return self

    @property
    def by_preference(self) -> Mapping[str, bool]:
        """Whether the person would say yes, by preference id; what is missing they have no mind on."""
        return MappingProxyType(dict.fromkeys(self.yes, True) | dict.fromkeys(self.no, False))


class Simulation(_Section):
    """The section `simulation` of a resident's file."""

    channel: Literal["speech", "signed", "typed"] = "speech"
    """How the resident speaks to the robot; who signs or types is never heard."""
    voice: VoiceManner = VoiceManner()
    habits: Habits = Habits()
    tastes: Tastes = Tastes()
    remarks: Lines = ()
    """What the resident says unasked, in any of their languages."""
    refusals: Lines = ()
    """How the resident declines."""
    endings: Lines = ()
    """How the resident ends a conversation."""


class Person(_Section):
    """A simulated resident. What is known about them the profiles node reads from the same file."""

    id: str
    file: Path
    simulation: Simulation = Simulation()


def load(path: Path) -> Person:
    """One resident's file. Errors: KithError naming file, line and field of the first mistake."""
    document = read_document(path)
    if "id" not in document.content:
        raise KithError(f"{path.name}: needs the section id")
    try:
        name = resident_id(document.content["id"])
    except (ValueError, TypeError):
        line = document.line(("id",))
        raise KithError(f"{path.name}, line {line}: id: must be small letters a-z, digits, _ or -") from None
    try:
        simulation = Simulation.model_validate(document.content.get("simulation") or {})
    except ValidationError as problem:
        place = ("simulation", *problem.errors(include_input=False, include_url=False)[0]["loc"])
        raise KithError(f"{path.name}, line {document.line(place)}: simulation.{first_problem(problem)}") from None
    return Person(id=name, file=path, simulation=simulation)


def everybody(folder: Path = FOLDER) -> dict[str, Person]:
    """All residents in a folder, by id. Errors: KithError for a bad file or an id that is there twice."""
    people: dict[str, Person] = {}
    for path in sorted(folder.glob("*.yaml")):
        person = load(path)
        if person.id in people:
            raise KithError(f"{path.name}: the id {person.id} is also in {people[person.id].file.name}")
        people[person.id] = person
    return people
