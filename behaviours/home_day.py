"""What is on in the home today: menu, activities, shift, weather, news, something to read, as written in day.yaml.

    date: 2026-11-23
    menu: {lunch: leek and potato soup, supper: cold meats and salad}
    activities: [{at: "14:30", what: singing in the lounge}]
    on_shift: [Maria, Tom]
    weather: dry, with some sun
    news: [The bench by the pond has been painted., "On Friday the choir comes."]
    reading: {title: A letter from the mayor, text: "Dear neighbours, ..."}

Only the date must be there; on another day nothing of it is said.
"""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from culture_profiles.culture.document import read_document
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

FILE = "day.yaml"
"""In the home's folder."""


class Activity(BaseModel):
    """One thing that is on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: str = Field(pattern=r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$")
    what: str = Field(min_length=2, max_length=80)


class ToRead(BaseModel):
    """Something to be read aloud when a resident asks for it, a few sentences at a time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=2, max_length=120)
    text: str = Field(min_length=2, max_length=20_000)


class HomeDay(BaseModel):
    """One day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: date
    menu: dict[str, str] = Field(default_factory=dict)
    activities: tuple[Activity, ...] = ()
    on_shift: tuple[str, ...] = ()
    weather: str = Field(default="", max_length=200)
    news: tuple[str, ...] = ()
    reading: ToRead | None = None


def read_day(path: Path) -> HomeDay:
    """The file. Errors: KithError naming file, line and field of the first mistake."""
    document = read_document(path)
    try:
        return HomeDay.model_validate(document.content)
    except ValidationError as error:
        place = error.errors(include_input=False, include_url=False)[0]["loc"]
        raise KithError(f"{path.name}, line {document.line(place)}: {first_problem(error)}") from None
