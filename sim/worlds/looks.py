"""How the people of a world look, and where each sits at first: residents.yaml."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from culture_profiles.culture.document import read_document
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

FILE = Path(__file__).parent / "residents.yaml"

Hex = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


class Look(BaseModel):
    """What a camera sees of a person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    skin: Hex
    hair: Hex
    clothes: Hex
    glasses: bool = False
    covering: Literal["none", "headscarf", "turban", "kippah", "cap"] = "none"
    seat: str
    """Name of a frame of the world."""


class _Looks(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal["1"]
    residents: dict[str, Look]


def rgb(colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as three numbers from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@cache
def looks(path: Path = FILE) -> dict[str, Look]:
    """Looks by resident id. Errors: KithError naming file, line and field of the first mistake."""
    document = read_document(path)
    try:
        return _Looks.model_validate(document.content).residents
    except ValidationError as problem:
        place = problem.errors(include_input=False, include_url=False)[0]["loc"]
        raise KithError(f"{path.name}, line {document.line(place)}: {first_problem(problem)}") from None
