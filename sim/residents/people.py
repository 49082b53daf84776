"""Who lives in the simulated home: the YAML files in `people/`, which `kith profiles import` reads as well."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from culture_profiles.errors import KithError

FOLDER = Path(__file__).parent / "people"


class VoiceManner(BaseModel, frozen=True):
    """How a resident differs from the voice they are rendered with: factors, 1.0 is the voice's own."""

    model_config = ConfigDict(extra="forbid")

    pitch: float = Field(default=1.0, ge=0.7, le=1.4)
    tempo: float = Field(default=1.0, ge=0.5, le=1.5)
    level_db: float = Field(default=-3.0, ge=-40.0, le=0.0)
    """Loudest sample relative to full scale, as the microphone hears it."""


class Simulation(BaseModel, frozen=True):
    """The section `simulation` of a resident's file."""

    model_config = ConfigDict(extra="forbid")

    voice: VoiceManner = VoiceManner()


class Person(BaseModel, frozen=True):
    """A simulated resident. What is known about them the profiles node reads from the same file."""

    id: str
    file: Path
    simulation: Simulation = Simulation()


def load(path: Path) -> Person:
    """One resident's file. Errors: KithError naming the file when it is none."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        simulation = Simulation.model_validate(content.get("simulation") or {})
        return Person(id=content["id"], file=path, simulation=simulation)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise KithError(f"{path.name}: not a readable YAML file") from None
    except (ValidationError, TypeError, KeyError, AttributeError):
        raise KithError(f"{path.name}: needs an id, and at most a voice (pitch, tempo, level_db) to simulate") from None


def everybody(folder: Path = FOLDER) -> dict[str, Person]:
    """All residents in a folder, by id. Errors: KithError for a bad file or an id that is there twice."""
    people: dict[str, Person] = {}
    for path in sorted(folder.glob("*.yaml")):
        person = load(path)
        if person.id in people:
            raise KithError(f"{path.name}: the id {person.id} is also in {people[person.id].file.name}")
        people[person.id] = person
    return people
