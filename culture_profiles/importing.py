"""Residents as YAML files: what a home brings along, and what the simulated homes are made of.

    format: 1                # of the file; may be left out
    id: room12-a
    source: carer            # of all facts that do not say otherwise (default: carer)
    facts:
      name.full: Hanna Kowalska
      food.disliked: [eggs, liver]
      address.form: {value: pani Hanno, source: resident, status: stated, who: hanna, note: at her arrival}

Values are taken as written: `no` is the word no, 1938 the text 1938. A section `simulation` is for the simulator and
passed over here.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import yaml
from pydantic import ValidationError

from culture_profiles import precedence
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, first_problem, resident_id
from culture_profiles.keys import spec
from culture_profiles.yaml_file import entries, line_of, read_mapping

FORMAT = 1
_SECTIONS = ("format", "id", "source", "facts", "simulation")
_FIELDS = frozenset({"value", "source", "status", "confidence", "who", "note"})


def read_resident(path: Path, when: datetime, who: str = "") -> list[Fact]:
    """The facts in a resident's file, as known at `when` (aware), written by `who` unless a fact says otherwise.

    Names come first, so that the resident exists before anything else is said of them. Errors: KithError that names
    file, line and field of the first mistake; nothing of the file's content beyond the field's name.
    """
    sections: dict[str, tuple[yaml.Node, int]] = {}
    found_sections = list(entries(read_mapping(path), path))
    for name, node, line in found_sections:
        if name == "format":
            _refuse_newer(path, node, line)
    for name, node, line in found_sections:
        if name not in _SECTIONS:
            raise KithError(f"{path.name}, line {line}: no such section: use {', '.join(_SECTIONS)}")
        sections[name] = (node, line)
    for needed in ("id", "facts"):
        if needed not in sections:
            raise KithError(f"{path.name}: needs the section {needed}")
    resident = _resident(path, *sections["id"])
    source = _text(path, "source", *sections["source"]) if "source" in sections else "carer"
    node, line = sections["facts"]
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise KithError(f"{path.name}, line {line}: facts: must be a list of `key: value` lines")
    found = [
        _fact(path, key, line, {"resident_id": resident, "source": source, "who": who, "when": when, **fields})
        for key, line, fields in _facts(path, node)
    ]
    return sorted(found, key=lambda fact: not fact.key.startswith("name."))


def _refuse_newer(path: Path, node: yaml.Node, line: int) -> None:
    text = _text(path, "format", node, line)
    if not text.isdigit() or not 1 <= int(text) <= FORMAT:
        newer = text.isdigit() and int(text) > FORMAT
        what = "was written by a newer version of Kith: upgrade first" if newer else f"must be a number up to {FORMAT}"
        raise KithError(f"{path.name}, line {line}: format: {what}")


def _resident(path: Path, node: yaml.Node, line: int) -> str:
    try:
        return resident_id(_text(path, "id", node, line))
    except ValueError as problem:
        raise KithError(f"{path.name}, line {line}: id: {problem}") from None


def _facts(path: Path, node: yaml.MappingNode) -> Iterator[tuple[str, int, dict[str, str]]]:
    for key, value, line in entries(node, path):
        try:
            many = spec(key).many
        except KithError as problem:
            raise KithError(f"{path.name}, line {line}: {problem}") from None
        if isinstance(value, yaml.SequenceNode):
            if not many:
                raise KithError(f"{path.name}, line {line}: {key}: holds one value, not a list")
            for item in value.value:
                yield key, line_of(item), _fields(path, key, item)
        else:
            yield key, line, _fields(path, key, value)


def _fields(path: Path, key: str, node: yaml.Node) -> dict[str, str]:
    if not isinstance(node, yaml.MappingNode):
        return {"value": _text(path, key, node, line_of(node))}
    fields = {}
    for name, value, line in entries(node, path):
        if name not in _FIELDS:
            raise KithError(f"{path.name}, line {line}: {key}: no such field: use {', '.join(sorted(_FIELDS))}")
        fields[name] = _text(path, f"{key}.{name}", value, line)
    return fields


def _text(path: Path, field: str, node: yaml.Node, line: int) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise KithError(f"{path.name}, line {line}: {field}: must be one line of text")
    return str(node.value)


def _fact(path: Path, key: str, line: int, fields: dict[str, object]) -> Fact:
    where = f"{path.name}, line {line}: {key}"
    try:
        fact = Fact.model_validate({"status": "stated", **fields, "key": key})
    except ValidationError as problem:
        raise KithError(f"{where}: {first_problem(problem)}") from None
    try:
        fact = canonical(fact)
    except KithError as problem:
        raise KithError(f"{path.name}, line {line}: {problem}") from None
    if not precedence.allowed(fact):
        raise KithError(f"{where}: source: {fact.source} may not write this key")
    return fact


def canonical(fact: Fact) -> Fact:
    """The fact with its value as it is stored. Errors: KithError for an unknown key or a value that does not fit."""
    if not fact.value:
        spec(fact.key)
        return fact
    value = spec(fact.key).canonical(fact.value)
    return fact if value == fact.value else fact.model_copy(update={"value": value})
