"""YAML files that people write, read so that every mistake can be told with its line."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from culture_profiles.errors import KithError

_LARGEST_FILE = 1_000_000
_DEEPEST = 50
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there


def read_mapping(path: Path) -> yaml.MappingNode:
    """The mapping that a file holds, as nodes that know their lines.

    Errors: KithError with file and line for what is not there, too large, not UTF-8, not YAML or not a mapping.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise KithError(f"{path.name}: is larger than {_LARGEST_FILE // 1_000_000} MB: not a file of Kith")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise KithError(f"{path.name}: is not UTF-8 text: save it as UTF-8") from None
    except OSError as problem:
        raise KithError(f"{path.name}: cannot be read: {problem.strerror}") from None
    try:
        _check_depth(text)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise KithError(f"{path.name}, line {line}: {problem.problem}") from None
    except yaml.reader.ReaderError as problem:
        line = text.count("\n", 0, int(problem.position)) + 1
        raise KithError(f"{path.name}, line {line}: holds a control character") from None
    except RecursionError:
        raise KithError(f"{path.name}: is nested too deeply") from None
    if not isinstance(root, yaml.MappingNode):
        raise KithError(f"{path.name}, line 1: must be a list of `name: value` lines")
    return root


def _check_depth(text: str) -> None:
    """Raises RecursionError early: the C loader would end the process instead."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise RecursionError


def line_of(node: yaml.Node) -> int:
    """The line on which a node begins, from 1."""
    return int(node.start_mark.line) + 1


def entries(node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, yaml.Node, int]]:
    """(name, node, line) of each entry. Errors: KithError for a name that is there twice or is no plain word."""
    seen: dict[str, int] = {}
    for name_node, value in node.value:
        line = line_of(name_node)
        if not isinstance(name_node, yaml.ScalarNode):
            raise KithError(f"{path.name}, line {line}: a name must be a plain word")
        name = str(name_node.value)
        if name in seen:
            raise KithError(f"{path.name}, line {line}: {name[:60]!r} is there twice, first in line {seen[name]}")
        seen[name] = line
        yield name, value, line
