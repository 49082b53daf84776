"""What the reminder ladder does, by kind: read from policies.yaml, so that it can be read and changed as data."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from behaviours.routines.occurrence import Occurrence
from behaviours.routines.routine import KINDS
from culture_profiles.errors import KithError
from culture_profiles.yaml_file import entries, read_mapping


class Tell(StrEnum):
    """How staff learn of something."""

    NONE = "none"
    INFORM = "inform"
    ATTEND = "attend"


class Telling(BaseModel):
    """How staff learn of each ending."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    due: Tell
    accepted: Tell
    declined: Tell
    no_answer: Tell
    missed: Tell
    not_here: Tell


class Policy(BaseModel):
    """One kind's policy; times in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompts: int = Field(ge=1, le=10)
    again_after_s: int = Field(ge=30, le=7200)
    later_s: int = Field(ge=60, le=7200)
    interrupted_after_s: int = Field(ge=5, le=600)
    late_after_s: int = Field(ge=10, le=3600)
    no_robot_after_s: int = Field(ge=30, le=7200)
    urgency: int = Field(ge=0, le=9)
    closed_by: Literal["resident", "staff"]
    tell: Telling

    @property
    def again_after(self) -> timedelta:
        """Between prompts without an answer."""
        return timedelta(seconds=self.again_after_s)


class Policies:
    """What holds for each kind, and for each resident where the home says so."""

    def __init__(
        self, kinds: Mapping[str, Any] | None = None, residents: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        """From what a home says beside the defaults. Errors: pydantic's ValidationError."""
        self._kinds = {kind: _merged(data, (kinds or {}).get(kind, {})) for kind, data in _defaults().items()}
        self._made = {kind: Policy.model_validate(data) for kind, data in self._kinds.items()}
        self._own = {
            (resident_id, kind): Policy.model_validate(_merged(self._kinds[kind], own))
            for resident_id, kinds_of in (residents or {}).items()
            for kind, own in kinds_of.items()
        }

    def of(self, occurrence: Occurrence) -> Policy:
        """The policy of an occurrence; an unknown kind is treated as custom."""
        own = self._own.get((occurrence.resident_id, occurrence.kind))
        return own or self._made.get(occurrence.kind) or self._made["custom"]

    @classmethod
    def read(cls, path: Path) -> "Policies":
        """From a home's own file; without one the defaults. Errors: KithError with file, line and field."""
        return _read(path) if path.exists() else cls()


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    return {**base, **own, "tell": {**base["tell"], **own.get("tell", {})}}


@cache
def _defaults() -> dict[str, dict[str, Any]]:
    text = (resources.files(__package__) / "policies.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    base = data.pop("default")
    return {kind: _merged(base, data[kind]) for kind in KINDS}


@cache
def policies() -> dict[str, Policy]:
    """The default policy of every kind."""
    return {kind: Policy.model_validate(data) for kind, data in _defaults().items()}


def policy(kind: str) -> Policy:
    """The default policy of a kind; an unknown kind is treated as custom."""
    known = policies()
    return known.get(kind, known["custom"])


def _read(path: Path) -> Policies:
    # Field by field, so that a mistake is told with its line.
    kinds: dict[str, Any] = {}
    residents: dict[str, dict[str, Any]] = {}
    for name, node, line in entries(read_mapping(path), path):
        if name == "kinds":
            kinds = _kinds(node, path, line, _defaults())
        elif name == "residents":
            base = Policies(kinds)._kinds
            for resident, own, at in entries(_mapping(node, path, line), path):
                residents[resident] = _kinds(own, path, at, base)
        else:
            raise KithError(f"{path.name}, line {line}: {name[:60]!r} is not known here: use kinds or residents")
    return Policies(kinds, residents)


def _kinds(node: yaml.Node, path: Path, line: int, base: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind, own, at in entries(_mapping(node, path, line), path):
        if kind not in KINDS:
            raise KithError(f"{path.name}, line {at}: the kind must be one of {', '.join(KINDS)}")
        found[kind] = {}
        for field, value, where in entries(_mapping(own, path, at), path):
            plain = _plain(value)
            try:
                Policy.model_validate(_merged(base[kind], {field: plain}))
            except (ValidationError, TypeError):
                known = ", ".join(Policy.model_fields)
                why = "a value it cannot take" if field in Policy.model_fields else f"not a field: use {known}"
                raise KithError(f"{path.name}, line {where}: {field[:60]}: {why}") from None
            found[kind][field] = plain
    return found


def _mapping(node: yaml.Node, path: Path, line: int) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode):
        raise KithError(f"{path.name}, line {line}: must be a list of `name: value` lines")
    return node


def _plain(node: yaml.Node) -> Any:
    return yaml.safe_load(yaml.serialize(node))
