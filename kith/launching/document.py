"""A launch file as a tree of entities that know their file and line, and refuse what nobody reads.

The rules are those of ROS 2's YAML front end: it checks types and never converts, and a key that no action reads is
an error. Attributes that hold text must be text: `"true"`, not `true`.
"""

from pathlib import Path
from typing import Any

import yaml

from culture_profiles.errors import KithError
from kith.launching import grammar

Scalar = bool | int | float | str
_SUFFIXES = (".yaml", ".yml", ".launch")
_WORDS: dict[type[Any], str] = {bool: "true or false", float: "a number with a decimal point", int: "a whole number"}


class Mapping(dict[Any, Any]):
    """A YAML mapping with the line it begins on, and the line of each key."""

    line = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Any, int] = {}


class _Loader(yaml.SafeLoader):
    """Safe, and remembers lines."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Any:
    made = Mapping()
    made.line = node.start_mark.line + 1
    yield made
    loader.flatten_mapping(node)
    made.update(loader.construct_mapping(node, deep=True))
    for key, _ in node.value:
        made.lines[loader.construct_object(key)] = key.start_mark.line + 1


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


class Entity:
    """One item of a launch file, for example `node: {pkg: …}`. Every method raises KithError with file and line."""

    def __init__(self, file: Path, line: int, kind: str, content: Any) -> None:
        self.file = file
        self.line = line
        self.kind = kind
        self._content = content
        self._read: set[str] = set()
        self._children_read = False

    @property
    def where(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"

    def error(self, problem: str, key: str | None = None) -> KithError:
        """The error to raise: file, line, kind, key, and what is wrong."""
        line = self._content.lines.get(key, self.line) if isinstance(self._content, Mapping) else self.line
        return KithError(f"{self.file}:{line}: {self.kind}{f': {key}' if key else ''}: {problem}")

    def _value(self, key: str) -> Any:
        if not isinstance(self._content, Mapping):
            if isinstance(self._content, list):
                return None
            raise self.error("expected keys and values here")
        if key not in self._content:
            return None
        self._read.add(key)
        value = self._content[key]
        if value is None:
            raise self.error("has no value", key)
        return value

    def text(self, key: str) -> str | None:
        """The text under `key` as it stands, or None."""
        value = self._value(key)
        if value is not None and not isinstance(value, str):
            raise self.error(f'must be text: write "{str(value).lower()}" in quotation marks', key)
        return value

    def needed_text(self, key: str) -> str:
        """The text under a key that must be there."""
        value = self.text(key)
        if value is None:
            raise self.error(f"the key {key!r} is missing")
        return value

    def template(self, key: str) -> grammar.Template | None:
        """The text under `key`, parsed, or None."""
        value = self.text(key)
        return None if value is None else self.parse(value, key)

    def needed_template(self, key: str) -> grammar.Template:
        """The parsed text under a key that must be there."""
        return self.parse(self.needed_text(key), key)

    def parse(self, text: str, key: str | None = None) -> grammar.Template:
        """`text` as a template, with this entity's file and line in the error."""
        from kith.launching.substitutions import check  # they need the types of this module

        try:
            template = grammar.parse(text)
            check(template)
        except ValueError as problem:
            raise self.error(str(problem), key) from None
        return template

    def typed(self, key: str, kind: type[Any]) -> Any:
        """The value under `key`, which must be a `bool`, `int` or `float` and is never converted; or None."""
        value = self._value(key)
        if value is not None and (not isinstance(value, kind) or (kind is not bool and isinstance(value, bool))):
            raise self.error(f"must be {_WORDS[kind]}, not {value!r}", key)
        return value

    def value(self, key: str) -> Scalar | list[Scalar] | None:
        """The scalar, or list of scalars of one type (text may stand among them), under `key`; or None."""
        value = self._value(key)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        types = {type(item) for item in items}
        if not types <= {bool, int, float, str} or len(types - {str}) > 1:
            raise self.error("must be a text, a number, true or false, or a list of one of these", key)
        made: Scalar | list[Scalar] = value
        return made

    def entities(self, key: str) -> "list[Entity] | None":
        """The list of entities under `key`, or None."""
        value = self._value(key)
        if value is None:
            return None
        if not isinstance(value, list) or not value or not all(isinstance(item, Mapping) for item in value):
            raise self.error("must be a list of entries with keys and values", key)
        return [Entity(self.file, item.line, key, item) for item in value]

    def children(self) -> "list[Entity]":
        """The entities inside this one: a list, or the list under the key `children`."""
        content = self._content
        if isinstance(content, Mapping):
            if "children" not in content:
                raise self.error("has no entries: give it a list, or the key 'children' with one")
            self._read.add("children")
            content = content["children"]
        self._children_read = True
        if not isinstance(content, list):
            raise self.error("must hold a list of entries")
        children = []
        for child in content:
            if not isinstance(child, Mapping) or len(child) != 1:
                line = child.line if isinstance(child, Mapping) else self.line
                raise KithError(f"{self.file}:{line}: each entry must have exactly one key, such as node or group")
            (kind, inside), line = next(iter(child.items())), child.line
            children.append(Entity(self.file, line, str(kind), inside))
        return children

    def finish(self) -> None:
        """Refuse what was not read."""
        if isinstance(self._content, list):
            if not self._children_read:
                raise self.error("cannot hold entries")
            return
        for key in self._content:
            if key not in self._read:
                raise self.error("is not known here", str(key))


def load(path: Path) -> list[Entity]:
    """The entities of a launch file in order. Errors: KithError for what cannot be read or has no `launch:` list."""
    if not path.name.endswith(_SUFFIXES):
        raise KithError(f"{path}: only launch files in YAML run here; their names end in .launch.yaml")
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - derived from SafeLoader
    except FileNotFoundError:
        raise KithError(f"{path}: there is no such launch file") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise KithError(f"{path}: the launch file cannot be read ({problem})") from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        what = getattr(problem, "problem", None) or "not valid YAML"
        raise KithError(f"{path}:{mark.line + 1 if mark else 1}: {what}") from None
    if not isinstance(content, Mapping) or list(content) != ["launch"]:
        raise KithError(f"{path}:1: a launch file has exactly one root key, 'launch'")
    return Entity(path, content.line, "launch", content["launch"]).children()
