"""How each language is read aloud, from the files in `languages/`; a mistake in one is told as file, line and field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from culture_profiles.errors import KithError
from culture_profiles.yaml_file import entries, line_of, read_mapping

FOLDER = Path(__file__).with_name("languages")
FORMS = frozenset(
    {"digits", "signs", "cardinal", "ordinal", "year", "genitive", "feminine", "feminine_oblique", "clock"}
)
"""How a number is said. `digits`: the engine reads it. `signs`: digit by digit. `clock`: as the table has it."""

_ORDERS = frozenset({"dmy", "mdy", "ymd"})
_TIMES = frozenset({"whole", "early", "other"})


@dataclass(frozen=True, kw_only=True)
class Language:
    """`date` has the places {day} {month} {year}, those of `time` {hour} {minute}; `early` is for minutes 1 to 9."""

    order: str = "dmy"
    date: str
    day: str = "digits"
    year: str = "digits"
    time: Mapping[str, str]
    hour: str = "digits"
    minute: str = "digits"
    after: tuple[str, ...] = ()
    """Words after which the hour takes the form `hour_after`."""
    hour_after: str = "digits"
    absorbs: tuple[str, ...] = ()
    """Words behind a date or time that its reading says already."""
    hours: Mapping[str, str] = field(default_factory=dict)
    minutes: Mapping[str, str] = field(default_factory=dict)
    minute_tens: Mapping[str, str] = field(default_factory=dict)
    months: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)
    counters: Mapping[str, str] = field(default_factory=dict)
    """A character behind a number: the table that both are read with, or what it is read as."""
    money: Mapping[str, str] = field(default_factory=dict)
    """What a currency (INR) is called behind a whole number, where that is not its full name."""
    half_days: Mapping[str, str] = field(default_factory=dict)
    twelve_hours: bool = False
    spell_numbers: bool = False
    range: str = ""
    dot: str = ""
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    before_name: Mapping[str, str] = field(default_factory=dict)
    """Abbreviations that mean something else before a capital letter."""
    sounds: Mapping[str, str] = field(default_factory=dict)
    """Words that are not said as they are written."""
    symbols: Mapping[str, str] = field(default_factory=dict)


@cache
def language(code: str) -> Language | None:
    """How a language (`en`, `pl`) is read, or None where there is no file for it."""
    path = FOLDER / f"{code}.yaml"
    return read(path) if code.isalpha() and path.is_file() else None


def of_locale(locale: str) -> Language | None:
    """The same for a locale (en_GB); Tagalog is read as Filipino."""
    code = locale.replace("-", "_").split("_")[0].lower()
    return language("fil" if code == "tl" else code)


def read(path: Path) -> Language:
    """One file. Errors: KithError with file, line and field."""
    root = read_mapping(path)
    values: dict[str, Any] = {}
    for name, node, line in entries(root, path):
        reader = _FIELDS.get(name)
        if reader is None:
            raise KithError(f"{path.name}, line {line}: there is no field {name!r}: use one of {', '.join(_FIELDS)}")
        try:
            values[name] = reader(node, path)
        except ValueError as problem:
            raise KithError(f"{path.name}, line {line_of(node)}, {name}: {problem}") from None
    for name in ("date", "time"):
        if name not in values:
            raise KithError(f"{path.name}, line 1, {name}: is missing")
    return Language(**values)


def _text(node: yaml.Node, _: Path) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise ValueError("must be text")
    return str(node.value)


def _one_of(choices: frozenset[str]) -> Callable[[yaml.Node, Path], str]:
    def read_choice(node: yaml.Node, path: Path) -> str:
        value = _text(node, path)
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(sorted(choices))}")
        return value

    return read_choice


def _pattern(*places: str) -> Callable[[yaml.Node, Path], str]:
    def read_pattern(node: yaml.Node, path: Path) -> str:
        value = _text(node, path)
        try:
            value.format(**dict.fromkeys(places, ""))
        except (KeyError, IndexError, ValueError):
            raise ValueError(f"may have the places {', '.join(f'{{{place}}}' for place in places)} only") from None
        return value

    return read_pattern


def _flag(node: yaml.Node, path: Path) -> bool:
    value = _text(node, path)
    if value not in ("yes", "no"):
        raise ValueError("must be yes or no")
    return value == "yes"


def _list(node: yaml.Node, path: Path) -> tuple[str, ...]:
    if not isinstance(node, yaml.SequenceNode):
        raise ValueError("must be a list")
    return tuple(_text(each, path) for each in node.value)


def _table(node: yaml.Node, path: Path) -> dict[str, str]:
    if not isinstance(node, yaml.MappingNode):
        raise ValueError("must be a list of `written: spoken`")
    return {name: _text(value, path) for name, value, _ in entries(node, path)}


def _numbers(node: yaml.Node, path: Path) -> dict[str, str]:
    table = _table(node, path)
    if wrong := [name for name in table if not name.isdecimal()]:
        raise ValueError(f"{wrong[0]!r} is no number")
    return table


def _times(node: yaml.Node, path: Path) -> dict[str, str]:
    table = _table(node, path)
    if set(table) != _TIMES:
        raise ValueError(f"must have {', '.join(sorted(_TIMES))}")
    assert isinstance(node, yaml.MappingNode)
    for _, value, _ in entries(node, path):
        _pattern("hour", "minute")(value, path)
    return table


_form = _one_of(FORMS)
_FIELDS: dict[str, Callable[[yaml.Node, Path], Any]] = {
    "order": _one_of(_ORDERS),
    "date": _pattern("day", "month", "year"),
    "day": _form,
    "year": _form,
    "time": _times,
    "hour": _form,
    "minute": _form,
    "after": _list,
    "hour_after": _form,
    "absorbs": _list,
    "hours": _numbers,
    "minutes": _numbers,
    "minute_tens": _numbers,
    "months": _numbers,
    "days": _numbers,
    "counters": _table,
    "money": _table,
    "half_days": _table,
    "twelve_hours": _flag,
    "spell_numbers": _flag,
    "range": _text,
    "dot": _text,
    "abbreviations": _table,
    "before_name": _table,
    "sounds": _table,
    "symbols": _table,
}
