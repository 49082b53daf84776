"""The list that is signed before real residents come (care rule 26). Signatures stay in the file; so do withdrawals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml

from culture_profiles.errors import KithError
from culture_profiles.yaml_file import entries, read_mapping
from nodes.base import go_live
from nodes.base.durable import DurableFile
from nodes.tablet.records import stamp

FILE = Path(__file__).with_name("golive.yaml")


@dataclass(frozen=True)
class Demand:
    """One line of the list."""

    name: str
    title: str
    ask: str


def read_demands(path: Path = FILE) -> Mapping[str, Demand]:
    """The list. Errors: KithError naming file, line and field of the first mistake."""
    found = {}
    constructor = yaml.SafeLoader("")
    for name, node, line in entries(read_mapping(path), path):
        fields = constructor.construct_document(node) if isinstance(node, yaml.MappingNode) else {}
        if set(fields) != {"title", "ask"} or not all(isinstance(each, str) for each in fields.values()):
            raise KithError(f"{path.name}, line {line}: {name[:100]}: must have title and ask")
        found[name] = Demand(name, fields["title"], fields["ask"])
    return found


@cache
def demands() -> Mapping[str, Demand]:
    """What must be true."""
    return read_demands()


@dataclass(frozen=True)
class Signed:
    """Who signed a line, when (UTC), and what they noted."""

    who: str
    at: datetime
    note: str


class GoLive:
    """The list of one home, on the file's thread."""

    def __init__(self, file: DurableFile, home: Path) -> None:
        self._file, self._home = file, home

    def standing(self) -> dict[str, Signed]:
        """The lines that are signed now."""
        rows = self._file.db.execute("SELECT item, who, at, note, holds FROM go_live ORDER BY sequence").fetchall()
        latest = {row[0]: row for row in rows}
        return {
            item: Signed(who, datetime.fromisoformat(at), note)
            for item, who, at, note, holds in latest.values()
            if holds and item in demands()
        }

    def complete(self) -> bool:
        """Whether every line is."""
        return set(self.standing()) == set(demands())

    def sign(self, item: str, who: str, at: datetime, note: str, *, holds: bool = True) -> None:
        """Sign a line, or take the signature back. Errors: KithError."""
        if item not in demands():
            raise KithError("There is no such line on the list.")
        note = " ".join(note.split())
        if len(note) > 500:
            raise KithError("The note has up to 500 characters.")
        with self._file.change() as db:
            db.execute(
                "INSERT INTO go_live (at, item, who, holds, note) VALUES (?, ?, ?, ?, ?)",
                [stamp(at), item, who, int(holds), note],
            )
        self.tell()

    def tell(self) -> None:
        """Note for the rest of the home whether it waits; from the first manager on."""
        go_live.note(self._home, signed=self.complete())

    def check_may_begin(self, resident_id: str) -> None:
        """Errors: KithError where this resident may not be taken in yet."""
        if not go_live.may_begin(self._home, resident_id):
            raise KithError(f"{go_live.WAITING[0].upper()}{go_live.WAITING[1:]}.")

    def waits(self) -> bool:
        """Whether real residents must wait."""
        return go_live.waits(self._home)
