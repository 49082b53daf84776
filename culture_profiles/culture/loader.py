"""Reads packs from a folder, each when it is first needed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from culture_profiles.culture.document import Document, Place, read_document
from culture_profiles.culture.pack import Facet, Pack
from culture_profiles.errors import KithError

FOLDER = Path(__file__).parents[1] / "packs"


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a file, told by file, line (from 1; 0: the file as a whole) and field."""

    file: str
    line: int
    field: str
    text: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.field}: {self.text}" if self.field else f"{where}: {self.text}"


def mistake(document: Document, place: Place, text: str) -> Mistake:
    """A mistake at a field of a document."""
    known = document.known(place)
    named = [step for at, step in enumerate(place) if place[: at + 1] == known[: at + 1] or at >= len(known)]
    return Mistake(document.path.name, document.line(place), ".".join(str(step) for step in named), text)


def read_pack(path: Path) -> tuple[Pack | None, Document, list[Mistake]]:
    """A pack with its lines, or None with everything that its schema refuses. Errors: KithError for no YAML."""
    document = read_document(path)
    try:
        pack = Pack.model_validate(document.content)
    except ValidationError as error:
        return None, document, [_from_schema(document, each["loc"], each["msg"]) for each in error.errors()]
    expected = (pack.facet, pack.id)
    if (path.parent.name, path.stem) != expected:
        text = f"{pack.reference} belongs into the file {pack.facet}/{pack.id}.yaml"
        return pack, document, [mistake(document, ("id",), text)]
    return pack, document, []


def _from_schema(document: Document, place: tuple[int | str, ...], text: str) -> Mistake:
    text = text.removeprefix("Value error, ")
    if text == "Field required":
        text = "is missing"
    elif text == "Extra inputs are not permitted":
        text = "there is no such field"
    known = document.known(place)
    missing = place[-1:] if place and text == "is missing" else ()
    return mistake(document, (*known, *missing), text[:1].lower() + text[1:])


class Packs(Mapping[str, Pack]):
    """The packs of a folder by reference (region:japan). Errors on reading one: KithError with file, line, field."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._paths = {
            f"{facet}:{path.stem}": path for facet in Facet for path in sorted((folder / facet).glob("*.yaml"))
        }
        self._read: dict[str, Pack] = {}

    def path(self, reference: str) -> Path:
        """The file of a pack. Raises KeyError."""
        return self._paths[reference]

    def __getitem__(self, reference: str) -> Pack:
        if reference not in self._read:
            pack, _, mistakes = read_pack(self._paths[reference])
            if pack is None or mistakes:
                raise KithError(str(mistakes[0]))
            self._read[reference] = pack
        return self._read[reference]

    def __contains__(self, reference: object) -> bool:
        return reference in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@cache
def packs() -> Packs:
    """The packs that ship with Kith."""
    return Packs()
