"""Everything a launch file may say, but for the processes themselves: see executables.py."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from culture_profiles.errors import KithError
from kith.launching import document, parameters, substitutions
from kith.launching.document import Entity
from kith.launching.evaluation import Action, Condition, Evaluation, Timer, condition_of
from kith.launching.executables import Executable, Node, absolute, join
from kith.launching.grammar import Template, unescape

_DEEPEST_INCLUDE = 50


@dataclass(frozen=True)
class _Said:
    """Where an action stands, and when it counts."""

    where: str
    condition: Condition | None


@dataclass(frozen=True)
class Argument(_Said):
    """`arg`: something that may, or without a default must, be given from outside."""

    name: str
    default: Template | None
    description: str
    choices: tuple[str, ...]

    def execute(self, evaluation: Evaluation) -> None:
        """Set the default, if nothing was given, and check the choices."""
        if self.name not in evaluation.configurations:
            if self.default is None:
                raise KithError(f"{self.where}: the launch argument {self.name!r} is needed: add {self.name}:=VALUE")
            evaluation.configurations[self.name] = evaluation.text(self.default)
        value = evaluation.configurations[self.name]
        if self.choices and value not in self.choices:
            raise KithError(f"the launch argument {self.name} is {value!r}: use one of {', '.join(self.choices)}")


@dataclass(frozen=True)
class Include(_Said):
    """`include`: another file, in the same scope, with its arguments set first."""

    file: Template
    arguments: tuple[tuple[Template, Template], ...]

    def execute(self, evaluation: Evaluation) -> None:
        """Read and execute the file."""
        path = Path(evaluation.text(self.file)).absolute()
        if evaluation.include_depth >= _DEEPEST_INCLUDE:
            raise KithError(f"{self.where}: the launch files include each other without end")
        actions = read(path)
        # The including file's $(dirname) and $(filename) stay those of the included one: so it is in Jazzy.
        evaluation.around.file = path
        for name, value in self.arguments:
            evaluation.configurations[evaluation.text(name)] = evaluation.text(value)
        evaluation.include_depth += 1
        evaluation.run(actions)
        evaluation.include_depth -= 1


@dataclass(frozen=True)
class Group(_Said):
    """`group`: actions with a scope of their own."""

    actions: tuple[Action, ...]
    scoped: bool
    forwarding: bool
    keep: tuple[tuple[Template, Template], ...]

    def execute(self, evaluation: Evaluation) -> None:
        """Execute what is inside."""
        kept = {evaluation.text(name): evaluation.text(value) for name, value in self.keep}
        if not self.scoped:
            evaluation.configurations.update(kept)
            evaluation.run(self.actions)
            return
        with evaluation.scope(forwarding=self.forwarding, keep=kept):
            evaluation.run(self.actions)


@dataclass(frozen=True)
class Delay(_Said):
    """`timer`: actions after some seconds."""

    period: Template | float
    actions: tuple[Action, ...]
    cancel_on_shutdown: Template | bool

    def execute(self, evaluation: Evaluation) -> None:
        """Set the timer."""
        seconds = self.period if isinstance(self.period, float) else float(evaluation.text(self.period))
        cancel = self.cancel_on_shutdown
        if not isinstance(cancel, bool):
            cancel = substitutions.truth(evaluation.text(cancel))
        evaluation.timers.append(Timer(seconds, self.actions, evaluation.around.file, cancel))


@dataclass(frozen=True)
class _Simple(_Said):
    """An action that is a name for a few lines of Python over templates."""

    templates: tuple[Template | None, ...]
    effect: Callable[..., None]

    def execute(self, evaluation: Evaluation) -> None:
        """Do it."""
        self.effect(evaluation, *self.templates)


def _let(evaluation: Evaluation, name: Template, value: Template) -> None:
    evaluation.configurations[evaluation.text(name)] = evaluation.text(value)


def _set_env(evaluation: Evaluation, name: Template, value: Template) -> None:
    evaluation.environment[evaluation.text(name)] = evaluation.text(value)


def _unset_env(evaluation: Evaluation, name: Template) -> None:
    evaluation.environment.pop(evaluation.text(name), None)


def _reset_env(evaluation: Evaluation) -> None:
    evaluation.reset_environment()


def _push_namespace(evaluation: Evaluation, namespace: Template) -> None:
    before = evaluation.configurations.get("ros_namespace")
    evaluation.configurations["ros_namespace"] = absolute(join(before, evaluation.text(namespace)))


def _set_parameter(evaluation: Evaluation, name: Template, value: Template) -> None:
    entry = (evaluation.text(name), parameters.global_value(value, evaluation.around))
    evaluation.configurations.setdefault("global_params", []).append(entry)


def _set_parameters_from_file(evaluation: Evaluation, filename: Template) -> None:
    path = evaluation.text(filename)
    if not Path(path).is_file():
        raise ValueError(f"the parameter file {path} is not there")
    evaluation.configurations.setdefault("global_params", []).append(path)


def _set_remap(evaluation: Evaluation, old: Template, new: Template) -> None:
    evaluation.configurations.setdefault("ros_remaps", []).append((evaluation.text(old), evaluation.text(new)))


def _set_ros_log_dir(evaluation: Evaluation, directory: Template) -> None:
    before = Path(evaluation.environment.get("ROS_LOG_DIR", "~/.ros/log")).expanduser()
    evaluation.environment["ROS_LOG_DIR"] = str(before / evaluation.text(directory))


def _log(evaluation: Evaluation, message: Template) -> None:
    evaluation.messages.append(evaluation.text(message))


def _shutdown(evaluation: Evaluation, reason: Template | None) -> None:
    evaluation.shutdown = evaluation.text(reason) if reason is not None else "the launch file says so"


def _simple(effect: Callable[..., None], *keys: str, optional: bool = False) -> Callable[[Entity], Action]:
    def make(entity: Entity) -> Action:
        read_key = entity.template if optional else entity.needed_template
        return _Simple(entity.where, condition_of(entity), tuple(read_key(key) for key in keys), effect)

    return make


def _pairs(entity: Entity, key: str) -> tuple[tuple[Template, Template], ...]:
    items = entity.entities(key) or []
    made = tuple((item.needed_template("name"), item.needed_template("value")) for item in items)
    for item in items:
        item.finish()
    return made


def _argument(entity: Entity) -> Action:
    choices = tuple(unescape(choice.needed_text("value")) for choice in entity.entities("choice") or [])
    return Argument(
        entity.where,
        condition_of(entity),
        unescape(entity.needed_text("name")),
        entity.template("default"),
        unescape(entity.text("description") or ""),
        choices,
    )


def _include(entity: Entity) -> Action:
    return Include(entity.where, condition_of(entity), entity.needed_template("file"), _pairs(entity, "arg"))


def _group(entity: Entity) -> Action:
    scoped, forwarding = entity.typed("scoped", bool), entity.typed("forwarding", bool)
    return Group(
        entity.where,
        condition_of(entity),
        tuple(action_of(child) for child in entity.children() if child.kind != "keep"),
        True if scoped is None else scoped,
        True if forwarding is None else forwarding,
        _pairs(entity, "keep"),
    )


def _timer(entity: Entity) -> Action:
    def template_or(key: str, kind: type[Any]) -> Any:
        raw = entity.value(key)
        return entity.parse(raw, key) if isinstance(raw, str) else entity.typed(key, kind)

    period, cancel = template_or("period", float), template_or("cancel_on_shutdown", bool)
    if period is None:
        raise entity.error("the key 'period' is missing")
    actions = tuple(action_of(child) for child in entity.children())
    return Delay(entity.where, condition_of(entity), period, actions, True if cancel is None else cancel)


def _append_env(entity: Entity) -> Action:
    raw = entity.value("prepend")
    front = entity.parse(raw, "prepend") if isinstance(raw, str) else bool(entity.typed("prepend", bool))

    def append(evaluation: Evaluation, name: Template, value: Template, separator: Template | None) -> None:
        key, added = evaluation.text(name), evaluation.text(value)
        between = evaluation.text(separator) if separator is not None else ":"
        first = front if isinstance(front, bool) else substitutions.truth(evaluation.text(front))
        before = evaluation.environment.get(key)
        if before is not None:
            added = f"{added}{between}{before}" if first else f"{before}{between}{added}"
        evaluation.environment[key] = added

    templates = (entity.needed_template("name"), entity.needed_template("value"), entity.template("separator"))
    return _Simple(entity.where, condition_of(entity), templates, append)


def _reset(entity: Entity) -> Action:
    keep = _pairs(entity, "keep")

    def reset(evaluation: Evaluation) -> None:
        kept = {evaluation.text(name): evaluation.text(value) for name, value in keep}
        evaluation.configurations.clear()
        evaluation.configurations.update(kept)

    return _Simple(entity.where, condition_of(entity), (), reset)


_KINDS: dict[str, Callable[[Entity], Action]] = {
    "arg": _argument,
    "include": _include,
    "group": _group,
    "node": Node.read,
    "executable": Executable.read,
    "let": _simple(_let, "name", "value"),
    "set_env": _simple(_set_env, "name", "value"),
    "unset_env": _simple(_unset_env, "name"),
    "append_env": _append_env,
    "reset_env": _simple(_reset_env),
    "reset": _reset,
    "push_ros_namespace": _simple(_push_namespace, "namespace"),
    "push-ros-namespace": _simple(_push_namespace, "namespace"),
    "set_parameter": _simple(_set_parameter, "name", "value"),
    "set_parameters_from_file": _simple(_set_parameters_from_file, "filename"),
    "set_remap": _simple(_set_remap, "from", "to"),
    "set_ros_log_dir": _simple(_set_ros_log_dir, "new_log_dir"),
    "timer": _timer,
    "log": _simple(_log, "message"),
    "shutdown": _simple(_shutdown, "reason", optional=True),
}


def action_of(entity: Entity) -> Action:
    """The action that an entity describes. Errors: KithError for an unknown kind or key."""
    if entity.kind not in _KINDS:
        raise KithError(f"{entity.where}: {entity.kind!r} is no action; known are {', '.join(_KINDS)}")
    action = _KINDS[entity.kind](entity)
    entity.finish()
    return action


def read(path: Path) -> tuple[Action, ...]:
    """The actions of a launch file. Errors: KithError with file and line."""
    return tuple(action_of(entity) for entity in document.load(path))


def arguments(path: Path) -> dict[str, Argument]:
    """Every argument that a launch file declares, itself or in files it includes, as far as their paths are known.

    Errors: KithError.
    """
    found: dict[str, Argument] = {}
    _collect(path, {}, found, set())
    return found


def _collect(path: Path, values: dict[str, Any], found: dict[str, Argument], seen: set[Path]) -> None:
    if path in seen:
        return
    seen.add(path)

    def visit(actions: tuple[Action, ...]) -> None:
        for action in actions:
            if isinstance(action, Argument):
                found.setdefault(action.name, action)
            elif isinstance(action, Group | Delay):
                visit(action.actions)
            elif isinstance(action, Include):
                for included in _possible(action.file, path, found):
                    _collect(included, values, found, seen)

    visit(read(path))


def _possible(file: Template, including: Path, found: dict[str, Argument]) -> list[Path]:
    """The files that an include can mean, whatever the arguments with choices are."""
    import os

    around = substitutions.Surroundings({}, dict(os.environ), including)
    paths: list[Path] = []
    choices = {name: argument.choices for name, argument in found.items() if argument.choices}
    for name, values in choices.items() or {"": ("",)}.items():
        for value in values:
            around.configurations = {name: value}
            try:
                paths.append(Path(substitutions.text(file, around)).absolute())
            except ValueError:
                continue
    return list(dict.fromkeys(path for path in paths if path.is_file()))
