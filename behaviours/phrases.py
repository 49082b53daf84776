"""What the robot says, as data: the language packs of `culture_profiles`, each checked against the English one.

`[ … ]` in a phrase is left out when a `{value}` in it is not known. A phrase says nothing that its values don't. A
language is read when it is first spoken.
"""

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

import culture_profiles
from culture_profiles.errors import KithError
from culture_profiles.yaml_file import entries, line_of, read_mapping

FOLDER = Path(culture_profiles.__file__).parent / "packs" / "language"
DEFAULT_LOCALE = "en_GB"
GRAMMARS = ("yes", "no", "later", "stop", "help")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Phrase:
    """One rendered phrase: its text, the locale it is in, and which template it was ("en_GB/time/0")."""

    text: str
    locale: str
    template: str


@dataclass(frozen=True)
class Book:
    """One language: `phrases` by key, `grammar` (what people say for yes, no …) and forms of `address` by manner."""

    phrases: Mapping[str, tuple[str, ...]]
    grammar: Mapping[str, tuple[str, ...]]
    address: Mapping[str, tuple[str, ...]]


class Books(Mapping[str, Book]):
    """The language packs of a folder by locale, English first. Errors on reading one: KithError with file and line."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(folder.glob("*.yaml"), key=lambda path: (path.stem != DEFAULT_LOCALE, path.stem))
        self._paths = {path.stem: path for path in paths}
        self._read: dict[str, Book] = {}

    def __getitem__(self, locale: str) -> Book:
        if locale not in self._read:
            path = self._paths[locale]
            english = self[DEFAULT_LOCALE].phrases if locale != DEFAULT_LOCALE else {}
            self._read[locale] = _read_book(path, english)
        return self._read[locale]

    def __contains__(self, locale: object) -> bool:
        return locale in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class Phrasebook:
    """Phrases by locale and key. Chooses what has not been said yet."""

    def __init__(self, books: Mapping[str, Book]) -> None:
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
        return locale in self._books and key in self._books[locale].phrases

    def fitting(self, key: str, manner: str, locale: str) -> str:
        """The form of a key for a manner (formal, warm, plain), where this locale has one; else the key itself."""
        special = f"{key}.{manner}"
        return special if manner and self.has(special, locale) else key

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
        for place, template in enumerate(self._books[locale].phrases[key]):
            text = render(template, values)
            if text is not None:
                made.append(Phrase(text, locale, f"{locale}/{key}/{place}"))
        return made

    def grammar(self, kind: str, locale: str) -> tuple[str, ...]:
        """Short forms in which people of this locale say `kind` (one of GRAMMARS); none for an unknown locale."""
        return self._books[locale].grammar.get(kind, ()) if locale in self._books else ()

    def address(self, manner: str, locale: str, values: Mapping[str, str]) -> list[str]:
        """Forms of address for a manner (formal, warm, plain) that the known names (family, given) can fill."""
        templates = self._books[locale].address.get(manner, ()) if locale in self._books else ()
        given = [each for each in templates if all(values.get(name) for name in _FIELD.findall(each))]
        return [_FIELD.sub(lambda field: values[field[1]], each) for each in given]

    def templates(self) -> Iterable[tuple[str, str, str]]:
        """(locale, key, template) of everything that can ever be said."""
        for locale, book in self._books.items():
            for key, options in book.phrases.items():
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


def _read_book(path: Path, english: Mapping[str, tuple[str, ...]]) -> Book:
    sections: dict[str, Mapping[str, tuple[str, ...]]] = {"phrases": {}, "grammar": {}, "address": {}}
    header: dict[str, str] = {}
    for name, node, line in entries(read_mapping(path), path):
        if isinstance(node, yaml.ScalarNode):
            header[name] = node.value
        if name not in sections:
            continue  # the header, which whoever loads packs checks
        if not isinstance(node, yaml.MappingNode):
            raise KithError(f"{path.name}, line {line}: {name}: must be a list of `name: value` lines")
        sections[name] = {key: _texts(path, key, each, line) for key, each, line in entries(node, path)}
    if header.get("facet") != "language" or header.get("id") != path.stem:
        raise KithError(f"{path.name}, line 1: must begin with `facet: language` and `id: {path.stem}`")
    for key, options in sections["phrases"].items():
        if english and key not in english:
            raise KithError(f"{path.name}: phrases: {key}: is not among the phrases of {DEFAULT_LOCALE}.yaml")
        _check_fields(path, key, options, english.get(key, options))
    for kind in sections["grammar"]:
        if kind not in GRAMMARS:
            raise KithError(f"{path.name}: grammar: {kind}: must be one of {', '.join(GRAMMARS)}")
    return Book(sections["phrases"], sections["grammar"], sections["address"])


def _texts(path: Path, key: str, node: yaml.Node, line: int) -> tuple[str, ...]:
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    if not items or not all(isinstance(each, yaml.ScalarNode) and each.tag.endswith(":str") for each in items):
        place = next((line_of(each) for each in items if not isinstance(each, yaml.ScalarNode)), line)
        raise KithError(f"{path.name}, line {place}: {key}: must be a list of sentences")
    return tuple(each.value for each in items)


def _check_fields(path: Path, key: str, options: tuple[str, ...], english: tuple[str, ...]) -> None:
    known = {name.lower() for each in english for name in _FIELD.findall(each)}
    for each in options:
        for name in _FIELD.findall(each):
            if name.lower() not in known:
                raise KithError(f"{path.name}: phrases: {key}: {{{name}}} is not a value of this phrase")


@cache
def phrasebook(folder: Path = FOLDER) -> Phrasebook:
    """The phrases that ship with Kith. Errors, when a language is first needed: KithError."""
    return Phrasebook(Books(folder))
