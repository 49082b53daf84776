"""Why anything is kept about a resident, on which basis, how long and for whom: culture_profiles/purposes.yaml."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem
from culture_profiles.yaml_file import entries, read_mapping

PURPOSES_FILE = Path(__file__).with_name("purposes.yaml")


class Reader(StrEnum):
    """Who may read: relatives only with the person's consent to share."""

    PERSON = "person"
    ROBOT = "robot"
    STAFF = "staff"
    SENIOR = "senior"
    RELATIVES = "relatives"


class Purpose(BaseModel):
    """One purpose; the comment at the top of purposes.yaml says what each field means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern="^[a-z][a-z_]*$")
    title: str = Field(min_length=1)
    why: str = Field(min_length=1)
    basis: str = Field(min_length=1)
    kept: str = Field(min_length=1)
    read: tuple[Reader, ...] = Field(min_length=1)


def load_purposes(path: Path = PURPOSES_FILE) -> Mapping[str, Purpose]:
    """The purposes in `path`, by name. Raises KithError naming file, line and field of the first mistake."""
    found: dict[str, Purpose] = {}
    constructor = yaml.SafeLoader("")
    for name, node, line in entries(read_mapping(path), path):
        where = f"{path.name}, line {line}: {name[:100]}"
        if not isinstance(node, yaml.MappingNode):
            raise KithError(f"{where}: must be a mapping with title, why, basis, kept and read")
        fields = {str(key): value for key, value in constructor.construct_document(node).items()}
        try:
            found[name] = Purpose.model_validate({**fields, "name": name})
        except ValidationError as error:
            raise KithError(f"{where}: {first_problem(error)}") from None
    return MappingProxyType(found)


@cache
def purposes() -> Mapping[str, Purpose]:
    """The purposes that ship with Kith, read once."""
    return load_purposes()
