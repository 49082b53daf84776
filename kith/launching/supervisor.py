"""Runs processes and keeps them running, in one thread: starts, reads what they write, starts again, stops.

Each process leads a process group of its own, so that its helpers end with it. A process that dies at once again and
again is started again ever more slowly. If this very process is killed, the kernel ends the others.
"""

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from culture_profiles.errors import KithError
from kith.launching.evaluation import Evaluation, Process, Timer
from kith.launching.output import Lines, OutputFile, error_in, message_of
from kith.launching.status import Event, Said, State, StateChanged, Status, from_diagnostics

_SIGTERM_AFTER_S = 2.0
_SIGKILL_AFTER_S = 1.5
_AT_ONCE_S = 5.0  # a process that lives shorter than this died at once
_SLOWEST_RESTART_S = 30.0
_WATCH_AGAIN_S = 1.0
_ROOT = Path(__file__).resolve().parent.parent.parent
# What one who reads diagnostics runs: the folders' own imports, nothing of the current directory.
_WATCH = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from kith.launching.diagnostics import main; main()"
_KITH_PACKAGE = "kith"


@dataclass
class _Managed:
    """A process and all that is known of it."""

    process: Process
    status: Status = field(default_factory=lambda: Status(State.STARTING))
    popen: "subprocess.Popen[bytes] | None" = None
    pidfd: int = -1
    lines: Lines = field(default_factory=Lines)
    log: OutputFile | None = None
    started_at: float = 0.0
    deaths_at_once: int = 0
    respawns: int = 0
    start_at: float | None = None
    escalate_at: float | None = None
    next_signal: signal.Signals = signal.SIGTERM

    @property
    def tells_health(self) -> bool:
        """Kith's own nodes say on /diagnostics when they are ready; others are ready when they run."""
        return bool(self.process.node) and self.process.package == _KITH_PACKAGE


class Supervisor:
    """Runs what an evaluation of a launch file gives. Methods may be called from any thread."""

    def __init__(
        self, evaluation: Evaluation, log_dir: Path, on_event: Callable[[Event], None], *, watch: bool = True
    ) -> None:
        """`on_event` is called in the supervisor's thread. Without `watch`, no /diagnostics are read."""
        self._evaluation = evaluation
        self._log_dir = log_dir
        self._on_event = on_event
        self._watching = watch
        self._began = time.monotonic()
        self._managed: dict[str, _Managed] = {}
        self._timers: list[tuple[float, Timer]] = []
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._selector.register(self._wake_read, selectors.EVENT_READ, self._woken)
        self._watch: subprocess.Popen[bytes] | None = None
        self._watch_lines = Lines()
        self._watch_at: float | None = None
        self._stop_asked = threading.Event()
        self._stopping = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=False)
        self.problem: KithError | None = None
        """Why it ended by itself, if it did."""

    # For other threads ----------------------------------------------------------------------------------------------
    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask all processes to end; harmless when called again."""
        self._stop_asked.set()
        with suppress(OSError):
            os.write(self._wake_write, b"x")

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until everything has ended; False when the time was too short."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def statuses(self) -> dict[str, Status]:
        """The status of each process by name: `asr`, or `robot1/asr` in a namespace."""
        with self._changed:
            return {name: managed.status for name, managed in self._managed.items()}

    def wait_for(self, condition: Callable[[dict[str, Status]], bool], timeout_s: float) -> bool:
        """Wait until `condition` holds for the statuses, or everything has ended; whether it holds."""
        with self._changed:
            return self._changed.wait_for(
                lambda: (
                    condition({name: managed.status for name, managed in self._managed.items()})
                    or not self._thread.is_alive()
                ),
                timeout_s,
            ) and condition({name: managed.status for name, managed in self._managed.items()})

    # The thread -----------------------------------------------------------------------------------------------------
    def _run(self) -> None:
        try:
            self._take()
            while self._busy():
                for key, _ in self._selector.select(self._seconds_to_next()):
                    key.data()
                if self._stop_asked.is_set() and not self._stopping:
                    self._begin_stop()
                self._do_what_is_due()
        finally:
            self._end_watch()
            for managed in self._managed.values():
                self._kill_group(managed, signal.SIGKILL)
                if managed.log is not None:
                    managed.log.close()
            self._selector.close()
            os.close(self._wake_read)
            with self._changed:
                self._changed.notify_all()

    def _busy(self) -> bool:
        waiting = self._timers or any(managed.start_at is not None for managed in self._managed.values())
        return any(managed.popen is not None for managed in self._managed.values()) or (
            bool(waiting) and not self._stopping
        )

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _woken(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._wake_read, 4096)

    def _seconds_to_next(self) -> float | None:
        times = [due for due, _ in self._timers]
        times += [m.start_at for m in self._managed.values() if m.start_at is not None]
        times += [m.escalate_at for m in self._managed.values() if m.escalate_at is not None]
        times += [self._watch_at] if self._watch_at is not None else []
        return max(0.0, min(times) - self._now()) if times else None

    def _do_what_is_due(self) -> None:
        now = self._now()
        for managed in self._managed.values():
            if managed.start_at is not None and managed.start_at <= now and not self._stopping:
                self._start(managed)
            if managed.escalate_at is not None and managed.escalate_at <= now:
                self._escalate(managed)
        for due, timer in [entry for entry in self._timers if entry[0] <= now]:
            self._timers.remove((due, timer))
            try:
                self._evaluation.fire(timer)
            except KithError as problem:
                self._fail(problem)
            self._take()
        if self._watch_at is not None and self._watch_at <= now and not self._stopping:
            self._begin_watch()

    def _take(self) -> None:
        """Take over what the evaluation has produced."""
        for message in self._evaluation.messages:
            self._on_event(Said(self._now(), "", message))
        self._evaluation.messages.clear()
        self._timers += [(self._now() + timer.seconds, timer) for timer in self._evaluation.timers]
        self._evaluation.timers.clear()
        added = []
        for process in self._evaluation.processes:
            name = wanted = process.node.lstrip("/") or process.label
            number = 1
            while name in self._managed:
                number += 1
                name = f"{wanted}#{number}"
            added.append(_Managed(process))
            with self._changed:
                self._managed[name] = added[-1]
        self._evaluation.processes.clear()
        if self._watching and self._watch is None and not self._stopping:
            # First of all: it must be listening when the nodes begin to tell.
            self._begin_watch()
        for managed in added:
            if not self._stopping:
                self._start(managed)
        if self._evaluation.shutdown is not None and not self._stopping:
            self._begin_stop()

    def _fail(self, problem: KithError) -> None:
        self.problem = self.problem or problem
        if not self._stopping:
            self._begin_stop()

    def _name(self, managed: _Managed) -> str:
        return next(name for name, other in self._managed.items() if other is managed)

    def _set(self, managed: _Managed, status: Status) -> None:
        if status == managed.status and status.state is not State.STARTING:
            return
        with self._changed:
            managed.status = status
            self._changed.notify_all()
        self._on_event(StateChanged(self._now(), self._name(managed), status))

    # Starting -------------------------------------------------------------------------------------------------------
    def _start(self, managed: _Managed) -> None:
        process = managed.process
        managed.start_at = None
        try:
            if managed.log is None:
                file_name = self._name(managed).replace("/", ".")
                managed.log = OutputFile(self._log_dir / f"{file_name}.log")
            managed.popen = subprocess.Popen(
                _command(process),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=process.directory,
                env=dict(process.environment),
                start_new_session=True,
                umask=0o077,
            )
        except OSError as problem:
            self._set(managed, Status(State.FAILED, f"cannot be started: {problem.strerror}: {problem.filename}"))
            if process.required and not self._stopping:
                self._begin_stop()
            return
        assert managed.popen.stdout is not None
        managed.started_at = self._now()
        managed.lines = Lines()
        managed.pidfd = os.pidfd_open(managed.popen.pid)
        os.set_blocking(managed.popen.stdout.fileno(), False)
        self._selector.register(managed.popen.stdout, selectors.EVENT_READ, lambda: self._read(managed))
        self._selector.register(managed.pidfd, selectors.EVENT_READ, lambda: self._ended(managed))
        state = State.STARTING if managed.tells_health and self._watching else State.READY
        self._set(managed, Status(state, "", managed.popen.pid, managed.respawns))

    def _read(self, managed: _Managed) -> bool:
        """Take some of what the process has written; whether there was anything."""
        if managed.popen is None or managed.popen.stdout is None:
            return False
        try:
            data = os.read(managed.popen.stdout.fileno(), 65536)
        except BlockingIOError:
            return False
        if not data:
            self._forget(managed.popen.stdout)
            return False
        if managed.log is not None:
            managed.log.write(data)
        for line in managed.lines.take(data):
            error = error_in(line)
            if error is not None:
                self._on_event(Said(self._now(), self._name(managed), error))
        return True

    def _forget(self, file: object) -> None:
        with suppress(KeyError, ValueError):
            self._selector.unregister(file)  # type: ignore[arg-type]

    # Ending ---------------------------------------------------------------------------------------------------------
    def _ended(self, managed: _Managed) -> None:
        popen = managed.popen
        if popen is None or popen.stdout is None:
            return
        # Before the process is reaped, nobody else can get its id, and so its group's.
        self._kill_group(managed, signal.SIGKILL)
        self._forget(managed.pidfd)
        os.close(managed.pidfd)
        while self._read(managed):
            pass
        self._forget(popen.stdout)
        popen.stdout.close()
        code = popen.wait()
        managed.popen = None
        managed.escalate_at = None
        self._after(managed, code)

    def _after(self, managed: _Managed, code: int) -> None:
        process = managed.process
        restarts = managed.respawns
        why = _why(code, managed.lines.last)
        if self._stopping:
            self._set(managed, Status(State.STOPPED, "", None, restarts))
        elif process.required:
            self._set(managed, Status(State.FINISHED if code == 0 else State.FAILED, why, None, restarts))
            self._begin_stop()
        elif process.respawn and not 0 <= process.respawn_retries <= managed.respawns:
            at_once = self._now() - managed.started_at < _AT_ONCE_S
            managed.deaths_at_once = managed.deaths_at_once + 1 if at_once else 0
            managed.respawns += 1
            delay = _delay(process.respawn_delay_s, managed.deaths_at_once)
            managed.start_at = self._now() + delay
            again = f"{why}; starts again in {delay:.1f} s" if delay >= 1 else why
            self._set(managed, Status(State.RESTARTING, again, None, managed.respawns))
        else:
            self._set(managed, Status(State.FINISHED if code == 0 else State.FAILED, why, None, restarts))

    def _begin_stop(self) -> None:
        self._stopping = True
        self._timers = [entry for entry in self._timers if not entry[1].cancel_on_shutdown]
        for managed in self._managed.values():
            managed.start_at = None
            if managed.popen is None:
                if managed.status.state is State.RESTARTING:
                    self._set(managed, Status(State.STOPPED, "", None, managed.respawns))
                continue
            self._set(managed, replace(managed.status, state=State.STOPPING, detail=""))
            with suppress(ProcessLookupError):
                managed.popen.send_signal(signal.SIGINT)
            after = managed.process.sigterm_after_s
            managed.next_signal = signal.SIGTERM
            managed.escalate_at = self._now() + (_SIGTERM_AFTER_S if after is None else after)

    def _escalate(self, managed: _Managed) -> None:
        number = managed.next_signal
        self._kill_group(managed, number)
        managed.escalate_at = None
        if number is signal.SIGTERM:
            after = managed.process.sigkill_after_s
            managed.next_signal = signal.SIGKILL
            managed.escalate_at = self._now() + (_SIGKILL_AFTER_S if after is None else after)

    def _kill_group(self, managed: _Managed, number: signal.Signals) -> None:
        if managed.popen is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(managed.popen.pid, number)

    # Health ---------------------------------------------------------------------------------------------------------
    def _begin_watch(self) -> None:
        self._end_watch()
        self._watch_at = None
        first = next((m.process for m in self._managed.values() if m.tells_health), None)
        if first is None:
            return
        self._watch = subprocess.Popen(
            [*_dies_with_parent(), sys.executable, "-P", "-c", _WATCH],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(first.environment),
            start_new_session=True,
        )
        assert self._watch.stdout is not None
        self._watch_lines = Lines()
        os.set_blocking(self._watch.stdout.fileno(), False)
        self._selector.register(self._watch.stdout, selectors.EVENT_READ, self._read_watch)

    def _read_watch(self) -> None:
        if self._watch is None or self._watch.stdout is None:
            return
        data = os.read(self._watch.stdout.fileno(), 65536)
        if not data:
            self._end_watch()
            self._watch_at = self._now() + _WATCH_AGAIN_S
            return
        for line in self._watch_lines.take(data):
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                self._heard(str(told["node"]), int(told["level"]), str(told["message"]))

    def _heard(self, node: str, level: int, message: str) -> None:
        managed = self._managed.get(node.lstrip("/"))
        if managed is not None and managed.popen is not None and managed.tells_health and not self._stopping:
            self._set(managed, from_diagnostics(level, message, managed.status))

    def _end_watch(self) -> None:
        if self._watch is None or self._watch.stdout is None:
            return
        self._forget(self._watch.stdout)
        self._watch.kill()
        self._watch.wait()
        self._watch.stdout.close()
        self._watch = None


def _command(process: Process) -> list[str]:
    command = list(process.command)
    if process.shell:
        command = ["/bin/sh", "-c", " ".join(command)]
    if shutil.which(command[0], path=process.environment.get("PATH")) is None:
        raise FileNotFoundError(2, "there is no such program", command[0])
    return [*_dies_with_parent(), *command]


def _dies_with_parent() -> list[str]:
    """What to put before a command so that the kernel ends it when this process is killed (util-linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def _delay(base_s: float, deaths_at_once: int) -> float:
    if deaths_at_once <= 1:
        return base_s
    return min(_SLOWEST_RESTART_S, max(base_s, 0.25) * 2.0 ** (deaths_at_once - 1))


def _why(code: int, last_line: str) -> str:
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    if code == 0:
        return ""
    return f"ended with code {code}" + (f": {message_of(last_line)}" if last_line else "")
