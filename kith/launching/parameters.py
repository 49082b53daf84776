"""Parameters of nodes in launch files: parsed, given their types by launch's rules, written as ROS parameter files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kith.launching import grammar
from kith.launching.document import Entity, Scalar
from kith.launching.grammar import Template, Text
from kith.launching.substitutions import SubstitutionError, Surroundings, text

_TYPES: dict[str, tuple[type[Any], bool] | None] = {
    "str": (str, False),
    "bool": (bool, False),
    "float": (float, False),
    "int": (int, False),
    "list_of_str": (str, True),
    "list_of_bool": (bool, True),
    "list_of_float": (float, True),
    "list_of_int": (int, True),
    "yaml": None,
}


@dataclass(frozen=True)
class FileParameters:
    """`param: {from: FILE, allow_substs: true}`."""

    path: Template
    substitute: bool


@dataclass(frozen=True)
class Value:
    """One value as the launch file writes it: a plain scalar, a template, or a list of these; and its wanted type."""

    content: "Scalar | Template | list[Scalar | Template]"
    type: tuple[type[Any], bool] | None


@dataclass(frozen=True)
class NamedParameters:
    """`param: {name: …, value: …}`, flattened: full dotted names and values."""

    entries: tuple[tuple[Template, Value], ...]


def parse(entity: Entity) -> FileParameters | NamedParameters:
    """One entry of a node's `param` list. Errors: KithError."""
    source, name = entity.text("from"), entity.text("name")
    substitute = entity.typed("allow_substs", bool)
    if source is not None and name is not None:
        raise entity.error("has either 'from' or 'name', not both")
    if source is not None:
        entity.finish()
        return FileParameters(entity.parse(source, "from"), bool(substitute))
    if name is None:
        raise entity.error("needs 'name' with 'value', or 'from'")
    if substitute is not None:
        raise entity.error("goes only with 'from'", "allow_substs")
    return NamedParameters(tuple(_named(entity, ())))


def _named(entity: Entity, before: Template) -> list[tuple[Template, Value]]:
    name = before + ((Text("."),) if before else ()) + entity.needed_template("name")
    kind_name = entity.value("type")
    if kind_name is not None and kind_name not in _TYPES:
        raise entity.error(f"must be one of {', '.join(_TYPES)}", "type")
    kind = _TYPES[str(kind_name)] if kind_name is not None else None
    raw, nested = entity.value("value"), entity.entities("param")
    entity.finish()
    if raw is not None and nested:
        raise entity.error("has either 'value' or nested 'param', not both")
    if raw is not None:
        return [(name, _value(entity, raw, kind))]
    if not nested or kind is not None:
        raise entity.error("needs a 'value', or nested 'param' without a 'type'")
    return [item for inner in nested for item in _named(inner, name)]


def _value(entity: Entity, raw: Scalar | list[Scalar], kind: tuple[type[Any], bool] | None) -> Value:
    def one(item: Scalar) -> Scalar | Template:
        if not isinstance(item, str):
            return item
        template = entity.parse(item, "value")
        return template[0].value if len(template) == 1 and isinstance(template[0], Text) else template

    content = [one(item) for item in raw] if isinstance(raw, list) else one(raw)
    items = content if isinstance(content, list) else [content]
    plain = {type(item) for item in items if not isinstance(item, tuple)}
    if len(plain) > 1:
        raise entity.error("the list mixes types", "value")
    if kind is not None:
        if isinstance(content, list) is not kind[1]:
            raise entity.error(f"must {'be' if kind[1] else 'not be'} a list, as 'type' says", "value")
        if plain - {kind[0]}:
            raise entity.error(f"is not of the type that 'type' names: {raw!r}", "value")
    return Value(content, kind)


def evaluate(value: Value, around: Surroundings) -> Scalar | list[Any]:
    """The value with its type. Errors: SubstitutionError where the text does not fit the type."""
    content, kind = value.content, value.type
    if isinstance(content, tuple):
        made: Scalar | list[Any] = typed(text(content, around), kind)
        return made
    if not isinstance(content, list):
        return content
    scalar = (kind[0], False) if kind else None
    items = [typed(text(item, around), scalar) if isinstance(item, tuple) else item for item in content]
    if len({type(item) for item in items}) > 1:
        raise SubstitutionError(f"the list {items!r} mixes types")
    return items


def typed(written: str, kind: tuple[type[Any], bool] | None) -> Any:
    """Text as a value: by YAML's rules without a type, else of exactly that type. Errors: SubstitutionError."""
    if kind is None:
        return _any_type(written)
    scalar, is_list = kind
    if scalar is str and not is_list:
        return written
    wanted = f"a list of {scalar.__name__}" if is_list else scalar.__name__
    try:
        if not is_list and scalar in (int, float):
            return scalar(written)
        if not is_list:
            written = {"1": "true", "0": "false"}.get(written, written)
        made = yaml.safe_load(written)
    except (ValueError, yaml.YAMLError):
        raise SubstitutionError(f"{written!r} is not {wanted}") from None
    fits = all(isinstance(item, scalar) for item in made) if isinstance(made, list) else isinstance(made, scalar)
    if isinstance(made, list) is not is_list or not fits:
        raise SubstitutionError(f"{written!r} is not {wanted}")
    return made


def _any_type(written: str) -> Any:
    if not written:
        return written
    try:
        made = yaml.safe_load(written)
    except yaml.YAMLError:
        raise SubstitutionError(f"{written!r} is not valid YAML") from None
    items = made if isinstance(made, list) else [made]
    if not all(isinstance(item, bool | int | float | str) for item in items) or len({type(i) for i in items}) > 1:
        raise SubstitutionError(f"{written!r} is neither text, number, truth value nor a list of one of these")
    return made


def global_value(template: Template, around: Surroundings) -> Any:
    """The value of `set_parameter`: always by YAML's rules; a list comes out as a tuple. Errors: SubstitutionError."""
    made = _any_type(text(template, around))
    if made == []:
        raise SubstitutionError("a parameter's list must not be empty")
    return tuple(made) if isinstance(made, list) else made


def from_file(parameters: FileParameters, around: Surroundings, directory: Path) -> Path:
    """The parameter file to hand to the node; with substitutions replaced, a copy in `directory`.

    Errors: SubstitutionError where substitutions are to be replaced and the file cannot be read or is not YAML then.
    """
    path = Path(text(parameters.path, around))
    if not parameters.substitute:
        return path
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SubstitutionError(f"the parameter file {path} cannot be read") from None
    try:
        content = text(grammar.parse(content), around)
        yaml.safe_load(content)
    except yaml.YAMLError:
        raise SubstitutionError(f"the parameter file {path} is not valid YAML once its $(…) are replaced") from None
    return _write(directory, content)


def to_file(rule: str, values: dict[str, Any], directory: Path) -> Path:
    """A new ROS parameter file in `directory`; `rule` is the node's full name or a wildcard such as /**."""
    return _write(directory, yaml.dump({rule: {"ros__parameters": values}}, default_flow_style=False))


def _write(directory: Path, content: str) -> Path:
    path = directory / f"{len(list(directory.iterdir())):03d}.yaml"
    path.write_text(content, encoding="utf-8")
    return path
