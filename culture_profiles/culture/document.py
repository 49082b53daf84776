"""A YAML file as plain values, with the line of every field.

Scalars stay the text that their author wrote: `words: [1947]`, `clock: 12:30` and `yes: 7` mean what they look like,
and the schema says what is a number.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from culture_profiles.errors import KithError
from culture_profiles.yaml_file import entries, line_of, read_mapping

Place = tuple[str | int, ...]
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class Document:
    """The content of a file; `lines` gives the line, from 1, of each field by its path."""

    path: Path
    content: dict[str, Any]
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of a field, or of the nearest one around it."""
        return self.lines[self.known(place)]

    def known(self, place: Place) -> Place:
        """`place` without steps that are not in the file, such as the kind of a `when` or a missing field."""
        found: Place = ()
        for step in place:
            if (*found, step) in self.lines:
                found = (*found, step)
        return found


def read_document(path: Path) -> Document:
    """Read a file. Errors: KithError with file and line for what is no YAML of mappings, lists and plain values."""
    root = read_mapping(path)
    lines: dict[Place, int] = {(): 1}
    return Document(path, _mapping(root, (), path, lines, set()), lines)


def _mapping(
    node: yaml.MappingNode, place: Place, path: Path, lines: dict[Place, int], seen: set[int]
) -> dict[str, Any]:
    content = {}
    for name, value, line in entries(node, path):
        lines[(*place, name)] = line
        content[name] = _plain(value, (*place, name), path, lines, seen)
    return content


def _plain(node: yaml.Node, place: Place, path: Path, lines: dict[Place, int], seen: set[int]) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == _NULL else node.value
    if id(node) in seen:  # an alias: it may even hold itself
        raise KithError(f"{path.name}, line {line_of(node)}: write it out where it is used, without & and *")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, path, lines, seen)
    items = []
    for number, value in enumerate(node.value):
        lines[(*place, number)] = line_of(value)
        items.append(_plain(value, (*place, number), path, lines, seen))
    return items
