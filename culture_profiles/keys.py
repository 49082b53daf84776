"""The vocabulary of facts: which keys exist, what their values look like, who may write them."""

import difflib
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, time
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Self

import yaml
from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from culture_profiles.errors import KithError
from culture_profiles.fact import first_problem
from culture_profiles.purposes import purposes
from culture_profiles.yaml_file import entries, read_mapping

KEYS_FILE = Path(__file__).with_name("keys.yaml")
PREFERENCES_FILE = Path(__file__).with_name("preferences.yaml")
PACKS = Path(__file__).with_name("packs")
MATTERS = ("a_lot", "a_little", "not_me", "ask_me")
"""How much a part of somebody's background matters to them: what the tablet asks (care rule 24)."""
_SENSITIVE_FACETS = frozenset({"faith", "nation"})
_PURPOSE_OF_TASTES, _PURPOSE_OF_PACKS = "tastes", "culture"
_ANY_OF = re.compile(r"\(([a-z0-9_|]+)\)")
_PAIR = re.compile(r"\s*=\s*")
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]\w*)*", re.ASCII)
_TRUE_WORDS = frozenset({"true", "yes", "1"})
_FALSE_WORDS = frozenset({"false", "no", "0"})


class ValueType(StrEnum):
    """What the canonical text of a value is."""

    TEXT = "text"
    CHOICE = "choice"
    LOCALE = "locale"
    DATE = "date"
    TIME = "time"
    BOOLEAN = "boolean"
    NUMBER = "number"
    PAIR = "pair"


class Sensitivity(StrEnum):
    """How carefully a key is handled. Safety keys are staff's; sensitive ones are never assumed."""

    NONE = "none"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    SAFETY = "safety"


class KeySpec(BaseModel):
    """One key of keys.yaml; the comment at that file's top says what each field means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=f"^{_NAME.pattern}$", max_length=100)
    type: ValueType
    choices: tuple[str, ...] = ()
    many: bool
    sensitivity: Sensitivity
    purpose: str = Field(min_length=1)
    ask: str = Field(default="", pattern=r"^(ask\.[a-z_]+)?$")
    right: ValueType | None = None
    staff: bool = False
    consent: bool = False
    hearsay: bool = False
    guessed: bool = True
    opposite: str = ""
    description: str = Field(min_length=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if (self.type is ValueType.CHOICE) != bool(self.choices):
            raise ValueError("choices: needed by type choice and by no other")
        if self.consent and self.choices != ("yes", "no"):
            raise ValueError('consent: needs type choice with choices ["yes", "no"]')
        if (self.right is not None) != (self.type is ValueType.PAIR) or self.right not in (None, *_RIGHT_SIDES):
            raise ValueError("right: needed by type pair and by no other; text or locale")
        if self.type is ValueType.PAIR and not self.many:
            raise ValueError("many: must be true for type pair")
        if self.ask and self.for_staff_only:
            raise ValueError("ask: the robot does not ask the person what is for staff to say")
        if self.opposite and not self.many:
            raise ValueError("opposite: only for keys with many: true")
        return self

    @model_validator(mode="before")
    @classmethod
    def _right_is_text(cls, fields: dict[str, object]) -> dict[str, object]:
        return {"right": ValueType.TEXT, **fields} if fields.get("type") == ValueType.PAIR else fields

    @property
    def for_staff_only(self) -> bool:
        """Whether only staff may write it."""
        return self.staff or self.sensitivity is Sensitivity.SAFETY

    @property
    def may_be_assumed(self) -> bool:
        """Whether a culture prior or an observation may be kept under it at all."""
        sensitive = self.sensitivity is Sensitivity.SENSITIVE
        return self.guessed and not self.for_staff_only and not self.consent and not sensitive

    def canonical(self, value: str) -> str:
        """`value` as it is stored. Raises KithError with one line naming the key and what it needs, not the value."""
        match self.type:
            case ValueType.TEXT:
                return value
            case ValueType.CHOICE:
                if value.strip().lower() in self.choices:
                    return value.strip().lower()
                raise KithError(f"{self.name} must be one of: {', '.join(self.choices)}")
            case ValueType.LOCALE:
                return self._locale(value)
            case ValueType.DATE:
                try:
                    return date.fromisoformat(value.strip()).isoformat()
                except ValueError:
                    raise KithError(f"{self.name} must be a date such as 2026-11-23") from None
            case ValueType.TIME:
                try:
                    return time.fromisoformat(value.strip()).replace(second=0, microsecond=0).isoformat("minutes")
                except ValueError:
                    raise KithError(f"{self.name} must be a time of day such as 07:30") from None
            case ValueType.PAIR:
                return self._pair(value)
            case ValueType.BOOLEAN:
                word = value.strip().lower()
                if word in _TRUE_WORDS or word in _FALSE_WORDS:
                    return "true" if word in _TRUE_WORDS else "false"
                raise KithError(f"{self.name} must be true or false")
            case ValueType.NUMBER:
                return self._number(value)

    def subject(self, value: str) -> str:
        """What a value is about, however it is cased: the left side of a pair, otherwise all of it."""
        if self.type is ValueType.PAIR:
            value = _PAIR.split(value, maxsplit=1)[0]
        if not value.isascii():
            value = unicodedata.normalize("NFC", value)
        return " ".join(value.casefold().split())

    def _pair(self, value: str) -> str:
        left, *rest = _PAIR.split(value.strip(), maxsplit=1)
        if not left or not rest or not rest[0]:
            raise KithError(f"{self.name} must have two sides, such as left = right")
        right = self._locale(rest[0]) if self.right is ValueType.LOCALE else rest[0]
        return f"{left} = {right}"

    def _locale(self, value: str) -> str:
        try:
            return str(Locale.parse(value.strip().replace("-", "_")))
        except (UnknownLocaleError, ValueError, TypeError):
            raise KithError(f"{self.name} must be a language such as pl_PL or en_GB") from None

    def _number(self, value: str) -> str:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise KithError(f"{self.name} must be a number")
        return str(int(number)) if number.is_integer() else repr(number)


_RIGHT_SIDES = (ValueType.TEXT, ValueType.LOCALE)


def load_keys(path: Path = KEYS_FILE) -> Mapping[str, KeySpec]:
    """The vocabulary in `path`, by name. Raises KithError naming file, line and field of the first mistake."""
    specs: dict[str, KeySpec] = {}
    lines: dict[str, int] = {}
    constructor = yaml.SafeLoader("")
    for family, node, line in entries(read_mapping(path), path):
        where = f"{path.name}, line {line}: {family[:100]}"
        if not isinstance(node, yaml.MappingNode):
            raise KithError(f"{where}: must be a mapping with type, many, sensitivity, purpose and description")
        fields = {str(key): value for key, value in constructor.construct_document(node).items()}
        if fields.get("purpose", "") not in (*purposes(), ""):
            raise KithError(f"{where}: purpose: must be one of {', '.join(purposes())}")
        for name, which in _members(family):
            if name in specs:
                raise KithError(f"{where}: {name} is there already, in line {lines[name]}")
            described = str(fields.get("description", "")).replace("{}", which.replace("_", " "))
            try:
                specs[name] = KeySpec.model_validate({**fields, "name": name, "description": described})
            except ValidationError as error:
                raise KithError(f"{where}: {first_problem(error)}") from None
            lines[name] = line
    for name, spec in specs.items():
        other = specs.get(spec.opposite)
        if spec.opposite and (other is None or other.opposite != name):
            raise KithError(f"{path.name}, line {lines[name]}: {name}: opposite: the other key must name this one")
    return MappingProxyType(specs)


def written_families(path: Path = KEYS_FILE) -> Iterator[tuple[str, str]]:
    """(name as written, key) of every key in `path`, in its order: `a.(b|c)` comes with a.b and with a.c."""
    for family, _, _ in entries(read_mapping(path), path):
        for name, _ in _members(family):
            yield family, name


def _members(family: str) -> Iterator[tuple[str, str]]:
    """The names that `a.(b|c).d` stands for, each with its own part (b, c); a plain name stands for itself."""
    found = _ANY_OF.search(family)
    if found is None:
        yield family, ""
        return
    for part in found[1].split("|"):
        yield f"{family[: found.start()]}{part}{family[found.end() :]}", part


def preference_keys(path: Path = PREFERENCES_FILE) -> Iterator[KeySpec]:
    """A key for each taste in `path`: does the person like it? Errors: KithError with file and line."""
    for name, _, line in entries(read_mapping(path), path):
        yield _made(
            path,
            line,
            name=name,
            type=ValueType.CHOICE,
            choices=("yes", "no"),
            many=False,
            sensitivity=Sensitivity.NONE,
            purpose=_PURPOSE_OF_TASTES,
            description=f"A taste: {name.replace('.', ', ').replace('_', ' ')}",
        )


def culture_keys(packs: Path = PACKS) -> Iterator[KeySpec]:
    """A key for each culture pack in the folders of `packs`: how much that background matters to the person."""
    for path in sorted(packs.glob("*/*.yaml")):
        facet = path.parent.name
        yield _made(
            path,
            1,
            name=f"culture.{facet}.{path.stem}",
            type=ValueType.CHOICE,
            choices=MATTERS,
            many=False,
            sensitivity=Sensitivity.SENSITIVE if facet in _SENSITIVE_FACETS else Sensitivity.PERSONAL,
            purpose=_PURPOSE_OF_PACKS,
            guessed=False,
            description=f"How much it matters to the person ({facet}): {path.stem.replace('_', ' ')}",
        )


def _made(path: Path, line: int, **fields: object) -> KeySpec:
    try:
        return KeySpec.model_validate(fields)
    except ValidationError as error:
        raise KithError(f"{path.name}, line {line}: {first_problem(error)}") from None


@cache
def keys() -> Mapping[str, KeySpec]:
    """The vocabulary that ships with Kith, read once: keys.yaml, a key for each preference and one for each pack."""
    known = dict(load_keys())
    for made in (*preference_keys(), *culture_keys()):
        if made.name in known:
            raise KithError(f"keys.yaml: {made.name}: is a preference or a pack already: choose another name")
        known[made.name] = made
    return MappingProxyType(known)


@cache
def spec(key: str) -> KeySpec:
    """The key's specification. Raises KithError for an unknown key, with the nearest known one."""
    known = keys().get(key)
    if known is not None:
        return known
    near = difflib.get_close_matches(key[:100], list(keys()), n=1)
    hint = f"did you mean {near[0]}?" if near else "see culture_profiles/keys.yaml for those there are"
    raise KithError(f"no such key; {hint}")
