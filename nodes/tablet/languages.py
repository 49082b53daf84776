"""The languages of the pages: Babel catalogues, one .po file each in locale/, read as they are; nothing to compile.

`python -m nodes.tablet.languages` brings the files up to date with what the pages say, and names what is missing.
"""

import sys
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from culture_profiles.keys import keys
from culture_profiles.purposes import purposes
from nodes.tablet.golive import demands
from nodes.tablet.questions import FACETS, sections
from nodes.tablet.roles import roles

HERE = Path(__file__).parent
FOLDER = HERE / "locale"
ENGLISH = "en"
LANGUAGES = {
    ENGLISH: "English",
    "cy": "Cymraeg",
    "pl": "Polski",
    "pt": "Português",
    "hi": "हिन्दी",
    "fil": "Tagalog",
    "ja": "日本語",
}
"""By code, each as its readers write it."""

current: ContextVar[str] = ContextVar("language", default=ENGLISH)
"""In which language the request at hand is answered."""

_SAID = {"say": (1,), "KithError": (1,), "TooManyTriesError": (1,), "forbidden": (2,), "N_": (1,), "_": None}
_METHODS = [
    ("site/**.py", "python"),
    ("acts/**.py", "python"),
    ("*.py", "python"),
    ("templates/site/**.html", "jinja2"),
]


def chosen(wish: str, accepted: str) -> str:
    """A language that there is: the person's own wish, else one that their device accepts (an HTTP header)."""
    if wish in LANGUAGES:
        return wish
    for part in accepted.split(",")[:20]:
        code = part.split(";")[0].strip().replace("-", "_").split("_")[0].lower()
        code = "fil" if code == "tl" else code
        if code in LANGUAGES:
            return code
    return ENGLISH


@cache
def translations(language: str) -> NullTranslations:
    """The words of a language; English is what the pages are written in."""
    if language == ENGLISH or language not in LANGUAGES:
        return NullTranslations()
    made = BytesIO()
    write_mo(made, read(language))
    made.seek(0)
    return GNUTranslations(made)


def translated(text: str, language: str = "") -> str:
    """A sentence in the language of the request; as it is where it has no translation."""
    return translations(language or current.get()).gettext(text) if text else ""


@cache
def locale_of(language: str) -> Locale:
    """For dates, times and names of languages."""
    return Locale.parse({"en": "en_GB", "pt": "pt_PT"}.get(language, language))


def read(language: str) -> Catalog:
    """The file of a language."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def said() -> list[str]:
    """Everything that the pages say, in English, in the order of first use."""
    found: dict[str, None] = {}
    for name, _, message, _, _ in extract_from_dir(
        str(HERE), _METHODS, options_map={"**.html": {"newstyle_gettext": "true"}}, keywords=_SAID
    ):
        if isinstance(message, str) and message and not name.startswith("languages"):
            found[message] = None
    return list(dict.fromkeys([*found, *_of_data()]))


def _of_data() -> Iterator[str]:
    """What comes from data: questions of a profile, sides of a background, choices of an answer, who may do what."""
    for section in sections().values():
        yield section.title
        yield from section.ask.values()
        for key in section.ask:
            yield from (choice.replace("_", " ") for choice in keys()[key].choices)
    yield from FACETS.values()
    for demand in demands().values():
        yield from (demand.title, demand.ask)
    for purpose in purposes().values():
        yield from (purpose.title, purpose.why)
    for action in roles().values():
        yield action.about


def missing(language: str, wanted: Iterable[str] | None = None) -> list[str]:
    """What has no words in a language, or words that lose a placeholder."""
    catalogue: Any = read(language)
    lacking = []
    for text in said() if wanted is None else wanted:
        found = catalogue.get(text)
        if found is None or not found.string or found.fuzzy or _fields(text) != _fields(found.string):
            lacking.append(text)
    return lacking


def _fields(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]}


def renew(language: str) -> None:
    """Give a language's file an entry for everything said, keep its words, and drop what is said no more."""
    old: Any = read(language) if (FOLDER / f"{language}.po").exists() else Catalog(locale=language)
    made = Catalog(locale=language, fuzzy=False)
    for text in said():
        kept = old.get(text)
        made.add(text, kept.string if kept is not None else "")
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / f"{language}.po").open("wb") as file:
        file.write(f"# {LANGUAGES[language]}: the words of the pages; see docs/tablet-tasks.md\n\n".encode())
        write_po(file, made, width=120, omit_header=True)


def main() -> int:
    """Renew every file; name what is missing."""
    lacking = 0
    for language in LANGUAGES:
        if language != ENGLISH:
            renew(language)
            for text in missing(language):
                sys.stdout.write(f"{language}.po: {text!r} has no words\n")
                lacking += 1
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
