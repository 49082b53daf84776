"""What the games are made of, read from material.yaml and sentences.yaml; each language where it has any."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from culture_profiles.culture.document import read_document
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

_FOLDER = Path(__file__).parent


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Piece(_Section):
    """A poem or the words of a song, out of copyright."""

    title: str
    by: str
    source: str = Field(min_length=8)
    lines: tuple[str, ...] = Field(min_length=2)


class Exercise(_Section):
    """One seated exercise, a few steps."""

    name: str
    steps: tuple[str, ...] = Field(min_length=2)


class Guess(_Section):
    """Things to guess: of each, 1 or 0 for every question in order."""

    questions: tuple[str, ...]
    things: Mapping[str, str]

    @model_validator(mode="after")
    def _is_a_table(self) -> "Guess":
        for thing, answers in self.things.items():
            if len(answers) != len(self.questions) or set(answers) - {"0", "1"}:
                raise ValueError(f"{thing}: needs one 0 or 1 for each of the {len(self.questions)} questions")
        return self


class Material(_Section):
    """Of one language."""

    proverbs: tuple[tuple[str, str], ...] = ()
    jokes: tuple[str, ...] = ()
    poems: tuple[Piece, ...] = ()
    songs: tuple[Piece, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    animals: tuple[str, ...] = ()
    market: tuple[str, ...] = ()
    guess: Guess | None = None


@cache
def material(language: str, path: Path = _FOLDER / "material.yaml") -> Material:
    """The material of a language; an empty one where there is none. Errors: KithError with file, line and field."""
    document = read_document(path)
    try:
        return Material.model_validate(document.content.get(language) or {})
    except ValidationError as error:
        place = (language, *error.errors(include_input=False, include_url=False)[0]["loc"])
        raise KithError(f"{path.name}, line {document.line(place)}: {language}.{first_problem(error)}") from None


@cache
def game_sentences(language: str, path: Path = _FOLDER / "sentences.yaml") -> Mapping[str, tuple[str, ...]]:
    """What is said around the games, by key. Errors: KithError with file, line and field."""
    document = read_document(path)
    english = document.content.get("en", {})
    found = {}
    for key, lines in (document.content.get(language) or {}).items():
        where = f"{path.name}, line {document.line((language, key))}: {language}.{key}"
        if key not in english:
            raise KithError(f"{where}: there is no such key in en")
        if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
            raise KithError(f"{where}: must be a list of sentences")
        found[key] = tuple(lines)
    return found
