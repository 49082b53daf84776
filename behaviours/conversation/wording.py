"""Sentences of talk that belong to no topic: coming back to a word, to a subject, changing it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from culture_profiles.culture.document import read_document
from culture_profiles.errors import KithError

_FILE = Path(__file__).with_name("wording.yaml")


@cache
def wording(path: Path = _FILE) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Sentences by language and kind. Errors: KithError with file, line and field."""
    document = read_document(path)
    kinds = document.content.get("en", {})
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for language, each in document.content.items():
        for kind, lines in each.items():
            where = f"{path.name}, line {document.line((language, kind))}: {language}.{kind}"
            if kind not in kinds:
                raise KithError(f"{where}: there is no such kind in en")
            if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
                raise KithError(f"{where}: must be a list of sentences")
            found.setdefault(language, {})[kind] = tuple(lines)
    return found


def sentences(language: str, kind: str) -> tuple[str, ...]:
    """The sentences of a kind in a language; none where there are none."""
    return wording().get(language, {}).get(kind, ())
