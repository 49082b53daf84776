"""One step of set-up: what it needs, whether it is done, and a run that shows progress and can be resumed."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class SetupError(Exception):
    """Set-up cannot go on. The text is one line that says what to do."""


@dataclass(frozen=True)
class Step:
    """A named piece of set-up. `do` returns only when it is done; `is_done` is quick."""

    name: str
    is_done: Callable[[], bool]
    do: Callable[[], None]

    def run(self, label: str) -> bool:
        """Do it unless it is done. Returns whether anything was done."""
        if self.is_done():
            return False
        print(f"{label} {self.name} …", flush=True)
        started = time.monotonic()
        self.do()
        print(f"{label} {self.name}: done in {time.monotonic() - started:.0f} s", flush=True)
        return True


def fingerprint(paths: Iterable[Path], *extra: str) -> str:
    """A hash over the content of files and some words; a missing file counts as empty."""
    digest = hashlib.sha256("\0".join(extra).encode())
    for path in sorted(paths):
        digest.update(str(path).encode() + b"\0")
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


@dataclass(frozen=True)
class Stamp:
    """Remembers, inside the virtual environment, for which inputs a step was finished."""

    path: Path

    def matches(self, value: str) -> bool:
        """Whether the step was finished for exactly these inputs."""
        return self.path.is_file() and self.path.read_text() == value

    def write(self, value: str) -> None:
        """Remember; atomically, so that an interruption leaves the old or the new."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        draft.write_text(value)
        draft.replace(self.path)


_HEARTBEAT_S = 15.0
_TAIL_LINES = 15


def run(command: Sequence[str | Path], log: Path, *, hint: str, env: Mapping[str, str] | None = None) -> None:
    """Run a command with its output in `log`, showing its last line (or a sign of life where there is no terminal).

    Errors: SetupError with `hint`, after the end of the output.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    on_terminal = sys.stdout.isatty()
    tail: list[str] = []
    finished = threading.Event()

    def heartbeat() -> None:
        started = time.monotonic()
        while not finished.wait(_HEARTBEAT_S):
            last = tail[-1][:80] if tail else ""
            print(f"      … {time.monotonic() - started:.0f} s  {last}", flush=True)

    if not on_terminal:
        threading.Thread(target=heartbeat, daemon=True).start()
    try:
        with (
            log.open("a", encoding="utf-8") as file,
            subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env=dict(env) if env is not None else None,
            ) as process,
        ):
            assert process.stdout is not None
            for line in process.stdout:
                file.write(line)
                if line.strip():
                    tail = [*tail, line.rstrip()][-_TAIL_LINES:]
                    if on_terminal:
                        width = os.get_terminal_size().columns - 8
                        print(f"\r\033[K      {line.strip()[:width]}", end="", flush=True)
    except FileNotFoundError as problem:
        raise SetupError(hint) from problem
    finally:
        finished.set()
        if on_terminal:
            print("\r\033[K", end="", flush=True)
    if process.returncode:
        print("\n".join(tail), file=sys.stderr)
        raise SetupError(f"{hint} (all of its output: {log})")
