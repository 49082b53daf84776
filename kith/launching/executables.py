"""`executable` and `node`: from a launch file's entry to a process with its command line."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kith.launching import packages, parameters, substitutions
from kith.launching.document import Entity
from kith.launching.evaluation import Condition, Evaluation, Process, condition_of
from kith.launching.grammar import Template, Text
from kith.launching.parameters import FileParameters, NamedParameters

_NODE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")
_NAMESPACE = re.compile(r"/|(?:/[A-Za-z_][A-Za-z0-9_]*)+")
_OUTPUTS = ("screen", "log", "both", "own_log", "full")


@dataclass(frozen=True)
class _Running:
    """What `executable` and `node` have in common."""

    where: str
    condition: Condition | None
    environment: tuple[tuple[Template, Template], ...]
    directory: Template | None
    prefix: Template | None
    output: Template | None
    respawn: Template | None
    respawn_delay_s: float
    respawn_retries: int
    required: bool
    shell: bool
    sigterm_after_s: float | None
    sigkill_after_s: float | None

    @classmethod
    def read(cls, entity: Entity) -> "_Running":
        on_exit = entity.text("on_exit")
        if on_exit not in (None, "shutdown"):
            raise entity.error("can only be shutdown", "on_exit")
        entity.typed("emulate_tty", bool)  # output goes to a file here, with or without
        seconds = {}
        for key in ("respawn_delay", "sigterm_timeout", "sigkill_timeout"):
            seconds[key] = entity.typed(key, float)
            if seconds[key] is not None and seconds[key] < 0:
                raise entity.error("must not be below zero", key)
        retries = entity.typed("respawn_max_retries", int)
        variables = entity.entities("env") or []
        environment = tuple((e.needed_template("name"), e.needed_template("value")) for e in variables)
        for variable in variables:
            variable.finish()
        return cls(
            where=entity.where,
            condition=condition_of(entity),
            environment=environment,
            directory=entity.template("cwd"),
            prefix=entity.template("launch-prefix"),
            output=entity.template("output"),
            respawn=entity.template("respawn"),
            respawn_delay_s=seconds["respawn_delay"] or 0.0,
            respawn_retries=-1 if retries is None else retries,
            required=on_exit is not None,
            shell=bool(entity.typed("shell", bool)),
            sigterm_after_s=seconds["sigterm_timeout"],
            sigkill_after_s=seconds["sigkill_timeout"],
        )

    def process(self, evaluation: Evaluation, label: str, command: list[str], **more: Any) -> Process:
        output = evaluation.text(self.output) if self.output is not None else "log"
        if output not in _OUTPUTS:
            raise ValueError(f"output is {output!r}: use one of {', '.join(_OUTPUTS)}")
        environment = dict(evaluation.environment)
        environment.update((evaluation.text(name), evaluation.text(value)) for name, value in self.environment)
        return Process(
            label=label,
            command=(*self._before(evaluation, command), *command),
            environment=environment,
            directory=evaluation.text(self.directory) if self.directory is not None else None,
            shell=self.shell,
            output=output,
            respawn=self.respawn is not None and substitutions.truth(evaluation.text(self.respawn)),
            respawn_delay_s=self.respawn_delay_s,
            respawn_retries=self.respawn_retries,
            required=self.required,
            sigterm_after_s=self.sigterm_after_s,
            sigkill_after_s=self.sigkill_after_s,
            **more,
        )

    def _before(self, evaluation: Evaluation, command: list[str]) -> list[str]:
        if self.prefix is not None:
            return shlex.split(evaluation.text(self.prefix))
        wanted = str(evaluation.configurations.get("launch-prefix-filter", ""))
        if not re.match(wanted, Path(command[0]).name):
            return []
        return shlex.split(str(evaluation.configurations.get("launch-prefix", "")))


@dataclass(frozen=True)
class Executable:
    """Any program."""

    running: _Running
    command: tuple[Template, ...]
    name: Template | None

    @classmethod
    def read(cls, entity: Entity) -> "Executable":
        """Errors: KithError."""
        command = _words(entity, "cmd")
        if not command:
            raise entity.error("the key 'cmd' is missing")
        return cls(_Running.read(entity), command, entity.template("name"))

    @property
    def where(self) -> str:
        """File and line."""
        return self.running.where

    @property
    def condition(self) -> Condition | None:
        """When it counts."""
        return self.running.condition

    def execute(self, evaluation: Evaluation) -> None:
        """Add the process."""
        command = [evaluation.text(word) for word in self.command]
        label = evaluation.text(self.name) if self.name is not None else Path(command[0]).name
        evaluation.processes.append(self.running.process(evaluation, label, command))


@dataclass(frozen=True)
class Node:
    """A ROS node."""

    running: _Running
    package: Template | None
    program: Template
    name: Template | None
    namespace: Template | None
    label: Template | None
    arguments: tuple[Template, ...]
    ros_arguments: tuple[Template, ...]
    parameters: tuple[FileParameters | NamedParameters, ...]
    remaps: tuple[tuple[Template, Template], ...]

    @classmethod
    def read(cls, entity: Entity) -> "Node":
        """Errors: KithError."""
        remaps = entity.entities("remap") or []
        pairs = tuple((remap.needed_template("from"), remap.needed_template("to")) for remap in remaps)
        for remap in remaps:
            remap.finish()
        return cls(
            running=_Running.read(entity),
            package=entity.template("pkg"),
            program=entity.needed_template("exec"),
            name=entity.template("name"),
            namespace=entity.template("namespace"),
            label=entity.template("exec_name"),
            arguments=_words(entity, "args"),
            ros_arguments=_words(entity, "ros_args"),
            parameters=tuple(parameters.parse(item) for item in entity.entities("param") or []),
            remaps=pairs,
        )

    @property
    def where(self) -> str:
        """File and line."""
        return self.running.where

    @property
    def condition(self) -> Condition | None:
        """When it counts."""
        return self.running.condition

    def execute(self, evaluation: Evaluation) -> None:
        """Add the process. Its arguments come in launch's order: a later one wins over an earlier one."""
        name = evaluation.text(self.name) if self.name is not None else None
        if name is not None and not _NODE_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no valid node name: letters, digits and _ only, no digit first")
        namespace = absolute(join(evaluation.configurations.get("ros_namespace"), self._own_namespace(evaluation)))
        full = join(namespace, name) if name is not None and namespace is not None else None
        package = evaluation.text(self.package) if self.package is not None else ""
        program = evaluation.text(self.program)
        if package:
            program = str(packages.executable(package, program, evaluation.environment))
        command = [program, *(evaluation.text(word) for word in self.arguments)]
        if self.ros_arguments:
            command += ["--ros-args", *(evaluation.text(word) for word in self.ros_arguments)]
        command.append("--ros-args")
        if name is not None:
            command += ["-r", f"__node:={name}"]
        if namespace is not None:
            command += ["-r", f"__ns:={namespace}"]
        given, arguments = self._parameters(evaluation, full or "/**")
        command += arguments
        remaps = [*evaluation.configurations.get("ros_remaps", [])]
        remaps += [(evaluation.text(old), evaluation.text(new)) for old, new in self.remaps]
        for old, new in remaps:
            command += ["-r", f"{old}:={new}"]
        label = evaluation.text(self.label) if self.label is not None else name or Path(program).name
        known_as = full or (f"/{name}" if name is not None else "")
        evaluation.processes.append(
            self.running.process(evaluation, label, command, package=package, node=known_as, parameters=given)
        )

    def _own_namespace(self, evaluation: Evaluation) -> str | None:
        return evaluation.text(self.namespace) if self.namespace is not None else None

    def _parameters(self, evaluation: Evaluation, rule: str) -> tuple[Mapping[str, Any], list[str]]:
        arguments: list[str] = []
        for entry in evaluation.configurations.get("global_params", []):
            if isinstance(entry, tuple):
                arguments += ["-p", f"{entry[0]}:={entry[1]}"]
            else:
                arguments += ["--params-file", str(Path(entry).absolute())]
        given: dict[str, Any] = {}
        for item in self.parameters:
            if isinstance(item, FileParameters):
                path = parameters.from_file(item, evaluation.around, evaluation.parameter_dir)
                if not path.is_file():
                    # Launch warns and goes on; so must this.
                    evaluation.messages.append(f"{self.where}: the parameter file {path} is not there")
                    continue
            else:
                values = {evaluation.text(n): parameters.evaluate(v, evaluation.around) for n, v in item.entries}
                given.update(values)
                path = parameters.to_file(rule, values, evaluation.parameter_dir)
            arguments += ["--params-file", str(path)]
        return given, arguments


def join(base: str | None, namespace: str | None) -> str | None:
    """A relative namespace or name behind `base`; an absolute one stands alone; None where neither is given."""
    if base is None and namespace is None:
        return None
    if namespace is None:
        made = base or ""
    elif not base or namespace.startswith("/"):
        made = namespace
    else:
        made = f"{base.rstrip('/')}/{namespace}"
    return made if made == "/" else made.rstrip("/")


def absolute(namespace: str | None) -> str | None:
    """With a leading slash. Errors: ValueError for what ROS does not accept as a namespace."""
    if namespace is None:
        return None
    made = namespace if namespace.startswith("/") else f"/{namespace}"
    if not _NAMESPACE.fullmatch(made):
        raise ValueError(f"{made!r} is no valid namespace: letters, digits and _ between slashes, no digit first")
    return made


def parameter_text(value: Any) -> str:
    """A parameter's value as YAML on one line, for people."""
    return yaml.safe_dump(value, default_flow_style=True, width=10_000).removesuffix("\n...\n").strip()


def _words(entity: Entity, key: str) -> tuple[Template, ...]:
    """A command line split as a shell would, where substitutions stay whole."""
    template = entity.template(key)
    if template is None:
        return ()
    words: list[Template] = []
    word: list[Any] = []

    def end() -> None:
        if word:
            words.append(tuple(word))
            word.clear()

    for part in template:
        if not isinstance(part, Text):
            word.append(part)
            continue
        try:
            tokens = shlex.split(part.value)
        except ValueError:
            raise entity.error("a quotation is not closed", key) from None
        if part.value[:1].isspace():
            end()
        for number, token in enumerate(tokens):
            if number:
                end()
            word.append(Text(token))
        if part.value[-1:].isspace():
            end()
    end()
    return tuple(words)
