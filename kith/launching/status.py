"""What is known of each process of a running home, and the events that tell of changes."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a process stands."""

    STARTING = "starting"
    READY = "ready"
    WAITING = "waiting"
    """It runs and waits for a peer or thing that the detail names."""
    TROUBLED = "troubled"
    """It runs and says what does not work."""
    RESTARTING = "restarting"
    FINISHED = "finished"
    """It ended by itself, as it should."""
    FAILED = "failed"
    """It ended with an error, and is not started again."""
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Status:
    """One process: its state, a detail for people, and its process id while it runs."""

    state: State
    detail: str = ""
    pid: int | None = None
    restarts: int = 0

    @property
    def settled(self) -> bool:
        """Whether nothing more has to happen before the home counts as ready."""
        return self.state in (State.READY, State.FINISHED)


@dataclass(frozen=True)
class StateChanged:
    """A process has a new status. `at_s`: seconds since the launch began."""

    at_s: float
    node: str
    status: Status


@dataclass(frozen=True)
class Said:
    """A line that people should see: an error that a process wrote, or a `log` of the launch file (no node)."""

    at_s: float
    node: str
    line: str


Event = StateChanged | Said

_WARN = 1


def from_diagnostics(level: int, message: str, before: Status) -> Status:
    """The status of a running process after what it said on /diagnostics (levels of DiagnosticStatus)."""
    if level > _WARN:
        state, detail = State.TROUBLED, message
    elif "waiting for " in message:
        state, detail = State.WAITING, message
    elif message == "starting":
        state, detail = State.STARTING, ""
    else:
        state, detail = State.READY, "" if message == "ready" else message
    return Status(state, detail, before.pid, before.restarts)
