"""What the robot says, as data: one YAML file per locale, checked against the English one.

`[ … ]` in a phrase is left out when a `{value}` in it is not known. A phrase says nothing that its values don't.
"""

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from culture_profiles.errors import KithError

FOLDER = Path(__file__).parent
DEFAULT_LOCALE = "en_GB"
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Phrase:
    """One rendered phrase: its text, the locale it is in, and which template it was ("en_GB/time/0")."""

    text: str
    locale: str
    template: str


class Phrasebook:
    """Phrases by locale and key. Chooses what has not been said yet."""

    def __init__(self, books: Mapping[str, Mapping[str, tuple[str, ...]]]) -> None:
        self._books = books

    @property
    def locales(self) -> tuple[str, ...]:
        """The locales there are phrases for."""
        return tuple(self._books)

    def locale_for(self, language: str) -> str:
        """The locale of phrases for a language code or locale; English where there is none."""
        if language in self._books:
            return language
        code = language.replace("-", "_").split("_")[0]
        return next((locale for locale in self._books if locale.split("_")[0] == code), DEFAULT_LOCALE)

    def has(self, key: str, locale: str = DEFAULT_LOCALE) -> bool:
        """Whether a key can be said in this locale itself."""
        return key in self._books.get(locale, {})

    def pick(
        self, key: str, locale: str, values: Mapping[str, str], said: Iterable[str], rng: random.Random
    ) -> Phrase | None:
        """A phrase whose template is not in `said`; None when all have been said or nothing can be filled in."""
        fresh = [each for each in self.all(key, locale, values) if each.template not in set(said)]
        return rng.choice(fresh) if fresh else None

    def all(self, key: str, locale: str, values: Mapping[str, str]) -> list[Phrase]:
        """Every phrase of a key that can be filled in, in this locale or else in English."""
        locale = locale if self.has(key, locale) else DEFAULT_LOCALE
        made = []
        for place, template in enumerate(self._books[locale][key]):
            text = render(template, values)
            if text is not None:
                made.append(Phrase(text, locale, f"{locale}/{key}/{place}"))
        return made

    def templates(self) -> Iterable[tuple[str, str, str]]:
        """(locale, key, template) of everything that can ever be said."""
        for locale, book in self._books.items():
            for key, options in book.items():
                for option in options:
                    yield locale, key, option


def render(template: str, values: Mapping[str, str]) -> str | None:
    """A template with its values; parts in brackets only when all their values are known. None: a value is missing."""

    def optional(part: re.Match[str]) -> str:
        return part[1] if all(values.get(name.lower()) for name in _FIELD.findall(part[1])) else ""

    def field(part: re.Match[str]) -> str:
        name = part[1]
        value = values[name.lower()]
        return value[:1].upper() + value[1:] if name[0].isupper() else value

    text = _OPTIONAL.sub(optional, template)
    if not all(values.get(name.lower()) for name in _FIELD.findall(text)):
        return None
    text = _FIELD.sub(field, text)
    return text[:1].upper() + text[1:]


def load(folder: Path = FOLDER) -> Phrasebook:
    """All phrase files of a folder. Errors: KithError naming file and key of the first mistake."""
    books: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in sorted(folder.glob("*.yaml"), key=lambda path: (path.stem != DEFAULT_LOCALE, path.stem)):
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as problem:
            raise KithError(f"{path.name}: {str(problem).splitlines()[0]}") from None
        if not isinstance(content, dict) or content.pop("locale", None) != path.stem:
            raise KithError(f"{path.name}: must begin with `locale: {path.stem}`")
        english = books.get(DEFAULT_LOCALE, {})
        book: dict[str, tuple[str, ...]] = {}
        for key, options in content.items():
            if not isinstance(options, list) or not options or not all(isinstance(each, str) for each in options):
                raise KithError(f"{path.name}: {key}: must be a list of sentences")
            if english and key not in english:
                raise KithError(f"{path.name}: {key}: is not among the phrases of {DEFAULT_LOCALE}.yaml")
            known = {name.lower() for each in english.get(key, options) for name in _FIELD.findall(each)}
            for each in options:
                for name in _FIELD.findall(each):
                    if name.lower() not in known:
                        raise KithError(f"{path.name}: {key}: {{{name}}} is not a value of this phrase")
            book[key] = tuple(options)
        books[path.stem] = book
    return Phrasebook(books)


@cache
def phrasebook() -> Phrasebook:
    """The phrases that ship with Kith, read once."""
    return load()
