"""The plain questions of a profile's pages, read from questions.yaml and checked against the vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from culture_profiles.errors import KithError
from culture_profiles.keys import KeySpec, Sensitivity, keys
from culture_profiles.yaml_file import entries, read_mapping

FILE = Path(__file__).with_name("questions.yaml")
FACETS = {
    "region": "Where they come from",
    "nation": "People or minority they belong to",
    "language": "Language as a home",
    "faith": "Faith, or none",
    "generation": "Their generation",
    "migration": "Having moved",
    "work": "Work",
}
CULTURE = "culture"
# fmt: off
_NAMES = frozenset({
    "africa", "ainu", "ashkenazi", "bengali", "brazil", "brazilian", "britain", "british", "chinese", "cypriot",
    "east", "english", "germany", "greek", "gujarati", "hakka", "hong", "india", "ireland", "irish", "italian",
    "italy", "jamaica", "jamaican", "japan", "japanese", "jewish", "kingdom", "kong", "korea", "korean", "koreans",
    "mirpuri", "nikkei", "northern", "okinawan", "pakistan", "poland", "polish", "portugal", "punjab", "punjabi",
    "roma", "scotland", "sylhet", "sylheti", "turkish", "ukraine", "united", "wales", "welsh", "west", "zainichi",
    "catholic", "anglican", "methodist", "orthodox", "pentecostal", "presbyterian", "quaker", "shia", "sunni",
})
# fmt: on
"""Words of a pack's name that are written with a capital letter."""


@dataclass(frozen=True)
class Section:
    """One page of a profile: its questions by key."""

    name: str
    title: str
    ask: Mapping[str, str]


def read_questions(path: Path = FILE) -> Mapping[str, Section]:
    """The sections by name. Errors: KithError naming file, line and field of the first mistake."""
    found: dict[str, Section] = {}
    constructor = yaml.SafeLoader("")
    for name, node, line in entries(read_mapping(path), path):
        where = f"{path.name}, line {line}: {name[:100]}"
        fields = constructor.construct_document(node) if isinstance(node, yaml.MappingNode) else {}
        if set(fields) != {"title", "ask"} or not isinstance(fields["ask"], dict):
            raise KithError(f"{where}: must have title and ask")
        if unknown := [key for key in fields["ask"] if key not in keys()]:
            raise KithError(f"{where}: {unknown[0]}: no such key in culture_profiles/keys.yaml")
        found[name] = Section(name, str(fields["title"]), {key: str(ask) for key, ask in fields["ask"].items()})
    return found


@cache
def sections() -> Mapping[str, Section]:
    """The pages of a profile."""
    return read_questions()


def label(key: str) -> str:
    """A key as it is asked on the page."""
    for section in sections().values():
        if key in section.ask:
            return section.ask[key]
    return keys()[key].description if key in keys() else key


def brief(key: str) -> str:
    """The same without the example in brackets."""
    return label(key).split(" (", 1)[0]


def is_sensitive(spec: KeySpec) -> bool:
    """Whether reading it is recorded, and needs the right to see what is sensitive."""
    return spec.sensitivity in (Sensitivity.SENSITIVE, Sensitivity.SAFETY)


def packs_of(facet: str) -> list[tuple[str, str]]:
    """(key, name) of every culture that can be chosen for one side of a background."""
    begins = f"{CULTURE}.{facet}."
    return [(key, pack_name(key)) for key in keys() if key.startswith(begins)]


def pack_name(key: str) -> str:
    """A culture's key in words."""
    words = key.rsplit(".", 1)[-1].split("_")
    made = " ".join(word.capitalize() if word in _NAMES else word for word in words)
    return made[:1].upper() + made[1:]
