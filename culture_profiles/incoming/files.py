"""Which of the forms a file has."""

from pathlib import PurePath

from culture_profiles.errors import KithError
from culture_profiles.incoming.arrival import Arrival
from culture_profiles.incoming.fhir import read_fhir
from culture_profiles.incoming.table import read_table

SUFFIXES = {".csv": read_table, ".tsv": read_table, ".json": read_fhir, ".ndjson": read_fhir}


def read_arrivals(name: str, text: str) -> list[Arrival]:
    """The residents of a file with this name and text. Errors: KithError naming file, line and field."""
    read = SUFFIXES.get(PurePath(name).suffix.lower())
    if read is None:
        raise KithError(f"{name[:100]}: must be a table (.csv) or FHIR (.json, .ndjson)")
    return read(PurePath(name).name, text)
