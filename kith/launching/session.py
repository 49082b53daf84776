"""A launch file running in a home: from a name and arguments to processes that are ready, and back to nothing."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from culture_profiles.errors import KithError
from kith import home as homes
from kith.launching import actions, middleware, packages
from kith.launching.evaluation import Evaluation, Process
from kith.launching.status import Event, State, Status
from kith.launching.supervisor import Supervisor

STOPPED_WITHIN_S = 5.0
_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Running:
    """A running launch file."""

    supervisor: Supervisor
    home: Path
    ros_domain_id: int
    processes: tuple[Process, ...]
    """What the launch file gave at first; timers may have added to it."""
    began_at: float
    """Steady clock (time.monotonic), seconds."""

    def statuses(self) -> dict[str, Status]:
        """Each process's status by name: `asr`, or `robot1/asr` in a namespace."""
        return self.supervisor.statuses()

    def pids(self) -> dict[str, int]:
        """The process id of each node that runs at this moment."""
        return {name: status.pid for name, status in self.statuses().items() if status.pid is not None}

    def wait_ready(self, timeout_s: float) -> None:
        """Wait until all are ready. Errors: KithError that names those which are not, and why."""

        def settled(statuses: dict[str, Status]) -> bool:
            return all(status.settled for status in statuses.values())

        if not self.supervisor.wait_for(settled, timeout_s):
            missing = [
                f"{name} ({status.detail or status.state})"
                for name, status in self.statuses().items()
                if not status.settled
            ]
            raise KithError(f"not ready after {timeout_s:.0f} s: {', '.join(missing) or 'the launch file ended'}")

    def wait_for(self, name: str, state: State, timeout_s: float) -> Status:
        """Wait until one process is in a state. Errors: KithError that says where it stands instead."""

        def there(statuses: dict[str, Status]) -> bool:
            return name in statuses and statuses[name].state is state

        if not self.supervisor.wait_for(there, timeout_s):
            status = self.statuses().get(name)
            instead = status.state if status else "absent"
            raise KithError(f"{name} is not {state} after {timeout_s:.0f} s, but {instead}")
        return self.statuses()[name]

    def stop(self) -> bool:
        """Stop everything; whether that took at most five seconds. Harmless when repeated."""
        self.supervisor.stop()
        return self.supervisor.join(STOPPED_WITHIN_S)


def launch_file(name: str | Path) -> Path:
    """A launch file by path, or by name among Kith's own (`up`, `demo`, `robot`). Errors: KithError without one."""
    path = Path(name)
    if path.is_file():
        return path.absolute()
    directory = launch_directory()
    for candidate in (directory / path, directory / f"{name}.launch.yaml"):
        if candidate.is_file():
            return candidate
    own = ", ".join(sorted(file.name.removesuffix(".launch.yaml") for file in directory.glob("*.launch.yaml")))
    raise KithError(f"{name}: there is no such launch file; Kith's own are {own}")


def launch_directory() -> Path:
    """Where Kith's own launch files are: beside the source, or installed by colcon. Errors: KithError."""
    if (_ROOT / "launch" / "up.launch.yaml").is_file():
        return _ROOT / "launch"
    try:
        return packages.share("kith", os.environ) / "launch"
    except packages.PackageError as problem:
        raise KithError(str(problem)) from None


def check_arguments(file: Path, given: Mapping[str, str]) -> None:
    """Refuse arguments that the launch file does not declare. Errors: KithError with those there are."""
    declared = actions.arguments(file)
    for name in given:
        if name not in declared:
            known = ", ".join(sorted(declared)) or "none"
            raise KithError(f"unknown launch argument {name!r}: {file.name} has {known}")


@contextmanager
def run(
    file: str | Path,
    arguments: Mapping[str, str] = MappingProxyType({}),
    *,
    home: Path,
    ready_within_s: float | None = 30.0,
    on_event: Callable[[Event], None] | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
    network: bool = False,
    without_ros_security: bool = False,
    check: Callable[[tuple[Process, ...]], None] | None = None,
) -> Iterator[Running]:
    """Run a launch file in a home, and stop all of it at the end of the `with` block.

    `arguments`: launch arguments (`home_dir` and `network` come from the parameters below). `ready_within_s`: wait so
    long for all to be ready; None: do not wait. `on_event` is called in another thread. `environment`: variables added
    to this process's own. `check` may refuse what would be started, by KithError.
    Errors: KithError, among them: unknown argument, bad launch file, home in use or unwritable, not ready in time.
    """
    path = launch_file(file)
    check_arguments(path, arguments)
    leaves = middleware.leaves_machine(
        {**os.environ, **environment}, asked=network, without_security=without_ros_security
    )
    with ExitStack() as stack:
        domain = stack.enter_context(homes.lock(home))
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kith-")))
        begin = {**middleware.environment_of(domain, network=leaves), **environment}
        evaluation = Evaluation(begin, directory, str(home / "logs"))
        declared = actions.arguments(path)
        own: dict[str, Any] = {"home_dir": str(home), "network": str(leaves).lower()}
        evaluation.configurations.update({**{k: v for k, v in own.items() if k in declared}, **arguments})
        evaluation.around.file = path
        evaluation.run(actions.read(path))
        processes = tuple(evaluation.processes)
        if check is not None:
            check(processes)
        supervisor = Supervisor(evaluation, home / "logs", on_event or (lambda _: None))
        running = Running(supervisor, home, domain, processes, time.monotonic())
        supervisor.start()
        stack.callback(_end, supervisor)
        if ready_within_s is not None:
            running.wait_ready(ready_within_s)
        yield running
        if supervisor.problem is not None:
            raise supervisor.problem


def _end(supervisor: Supervisor) -> None:
    """Stop, and leave only when all is gone: the home stays locked until then."""
    while True:
        supervisor.stop()
        with suppress(KeyboardInterrupt):
            supervisor.join()
            return
