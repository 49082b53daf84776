"""The state that a launch description is executed in, and what comes out: processes, timers, messages, shutdown.

Executing goes depth first and in the file's order, so that what a `let` or `set_env` changes holds for everything
after it in the same scope, as under `ros2 launch`.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from culture_profiles.errors import KithError
from kith.launching import substitutions
from kith.launching.document import Entity
from kith.launching.grammar import Template


@dataclass(frozen=True)
class Process:
    """A process to run, with everything resolved."""

    label: str
    """Short and for people; several processes may share one."""
    command: tuple[str, ...]
    environment: Mapping[str, str]
    package: str = ""
    """The ROS package that the executable is from; empty for a plain executable."""
    node: str = ""
    """The node's full name (`/robot1/asr`); empty for a plain executable and for a node that names itself."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What the launch file itself gives the node by `param`, without the content of parameter files."""
    directory: str | None = None
    shell: bool = False
    output: str = "log"
    respawn: bool = False
    respawn_delay_s: float = 0.0
    respawn_retries: int = -1
    """How often at most; below zero: without end."""
    required: bool = False
    """Its end ends everything (`on_exit: shutdown`)."""
    sigterm_after_s: float | None = None
    sigkill_after_s: float | None = None


class Action(Protocol):
    """One thing that a launch file says."""

    @property
    def where(self) -> str:
        """`file:line`."""

    @property
    def condition(self) -> "Condition | None":
        """When it counts; None: always."""

    def execute(self, evaluation: "Evaluation") -> None:
        """Do it. Errors: KithError, or ValueError for a substitution, which is then given file and line."""


@dataclass(frozen=True)
class Condition:
    """`if` or `unless`."""

    expression: Template
    wanted: bool


@dataclass(frozen=True)
class Timer:
    """Actions that wait."""

    seconds: float
    actions: tuple[Action, ...]
    file: Path | None
    cancel_on_shutdown: bool = True


class Evaluation:
    """Executes actions. What they produce gathers in the lists until somebody takes it."""

    def __init__(self, environment: Mapping[str, str], parameter_dir: Path, log_dir: str = "") -> None:
        """`parameter_dir`: an existing directory for the parameter files that nodes will read."""
        self.around = substitutions.Surroundings({}, dict(environment), None, log_dir)
        self.parameter_dir = parameter_dir
        self.processes: list[Process] = []
        self.timers: list[Timer] = []
        self.messages: list[str] = []
        self.shutdown: str | None = None
        self.include_depth = 0
        self._first_environment = dict(environment)

    @property
    def configurations(self) -> dict[str, Any]:
        """Launch configurations: arguments, what `let` sets, and the pushed namespace, parameters and remaps."""
        return self.around.configurations

    @property
    def environment(self) -> dict[str, str]:
        """What processes started from here on inherit."""
        return self.around.environment

    def text(self, template: Template) -> str:
        """`template` with its substitutions replaced. Errors: ValueError."""
        return substitutions.text(template, self.around)

    def run(self, actions: Iterable[Action]) -> None:
        """Execute actions in order. Errors: KithError with file and line."""
        for action in actions:
            try:
                if action.condition is not None:
                    holds = substitutions.condition(self.text(action.condition.expression))
                    if holds is not action.condition.wanted:
                        continue
                action.execute(self)
            except ValueError as problem:
                raise KithError(f"{action.where}: {problem}") from None

    def fire(self, timer: Timer) -> None:
        """Execute what a timer held back, in the state of now and with the launch file of then."""
        self.around.file = timer.file
        self.run(timer.actions)

    @contextmanager
    def scope(self, *, forwarding: bool, keep: Mapping[str, str]) -> Iterator[None]:
        """Changes to configurations and environment inside end with it; without forwarding it begins empty."""
        # A shallow copy, as in launch: a list of parameters begun outside is also lengthened by the inside.
        configurations, environment = dict(self.configurations), dict(self.environment)
        if not forwarding:
            self.configurations.clear()
            self.reset_environment()
        self.configurations.update(keep)
        try:
            yield
        finally:
            self.around.configurations = configurations
            self.around.environment = environment

    def reset_environment(self) -> None:
        """The environment as it was at the beginning."""
        self.around.environment = dict(self._first_environment)


def condition_of(entity: Entity) -> Condition | None:
    """The entity's `if` or `unless`. Errors: KithError when it has both."""
    when, unless = entity.template("if"), entity.template("unless")
    if when is not None and unless is not None:
        raise entity.error("has either 'if' or 'unless', not both")
    if when is not None:
        return Condition(when, True)
    return Condition(unless, False) if unless is not None else None
