"""The tastes that may be asked about: culture_profiles/preferences.yaml."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from culture_profiles.culture.document import read_document
from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem

PREFERENCES_FILE = Path(__file__).parents[1] / "preferences.yaml"
QUESTIONS = Path(__file__).parents[1] / "questions"
"""One file for each language beside English, whose questions stand with the preferences."""
_QUESTION = re.compile(r"[?？؟]$|か。$")
NAME = r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*"


class Preference(BaseModel):
    """One taste, as the comment at the top of preferences.yaml explains it. `related` goes both ways."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=f"^{NAME}$", max_length=100)
    question: str = Field(min_length=1, max_length=200, pattern=r"\?$")
    statement: str = Field(min_length=1, max_length=200, pattern=r"\{not\}")
    related: tuple[str, ...] = ()

    @property
    def cluster(self) -> str:
        """The tastes it belongs to, such as music."""
        return self.id.split(".")[0]

    def stated(self, liked: bool) -> str:
        """The statement for staff, affirmed or denied, to follow the person's name."""
        if not liked:
            return self.statement.replace("{not}", "not")
        verb, _, rest = self.statement.removeprefix("does {not} ").partition(" ")
        return f"{verb}s {rest}" if self.statement.startswith("does {not} ") else self.statement.replace("{not} ", "")


def load_preferences(path: Path = PREFERENCES_FILE) -> Mapping[str, Preference]:
    """The preferences by id. Errors: KithError naming file, line and field of the first mistake."""
    document = read_document(path)
    found: dict[str, Preference] = {}
    for name, fields in document.content.items():
        where = f"{path.name}, line {document.line((name,))}: {name[:100]}"
        if not isinstance(fields, dict):
            raise KithError(f"{where}: must be a mapping with question, statement and related")
        try:
            found[name] = Preference.model_validate({**fields, "id": name})
        except ValidationError as error:
            raise KithError(f"{where}: {first_problem(error)}") from None
    for name, preference in found.items():
        for other in preference.related:
            if other not in found or other == name:
                line = document.line((name, "related"))
                raise KithError(f"{path.name}, line {line}: {name}: related: {other[:100]!r} is no other preference")
    both_ways: dict[str, set[str]] = {name: set(preference.related) for name, preference in found.items()}
    for name, preference in found.items():
        for other in preference.related:
            both_ways[other].add(name)
    return MappingProxyType(
        {name: each.model_copy(update={"related": tuple(sorted(both_ways[name]))}) for name, each in found.items()}
    )


@cache
def preferences() -> Mapping[str, Preference]:
    """The preferences that ship with Kith, read once."""
    return load_preferences()


def load_questions(path: Path) -> Mapping[str, str]:
    """Questions of one language by preference. Errors: KithError naming file, line and the first mistake."""
    document, known = read_document(path), preferences()
    for name, text in document.content.items():
        if name not in known or not isinstance(text, str) or not _QUESTION.search(text):
            raise KithError(f"{path.name}, line {document.line((name,))}: {name[:100]}: is no question about a taste")
    return MappingProxyType(dict(document.content))


@cache
def questions(language: str) -> Mapping[str, str]:
    """What is asked in a language (`pl`), by preference; empty where nothing is."""
    if language == "en":
        return MappingProxyType({name: each.question for name, each in preferences().items()})
    path = QUESTIONS / f"{language}.yaml"
    return load_questions(path) if path.is_file() else MappingProxyType({})
