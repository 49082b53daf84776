"""Installing the units on this machine, asking systemd about them, taking them away."""

import compileall
import grp
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from culture_profiles.errors import KithError
from kith.service import units

_CHECKOUT = Path(__file__).resolve().parents[2]
_FOLDERS = ("behaviours", "culture_profiles", "kith", "nodes", "sim")


@dataclass(frozen=True)
class Unit:
    """What systemd says of one unit."""

    name: str
    active: str
    """active · activating · inactive · failed"""
    enabled: str
    """enabled · disabled · … ; empty when it is not installed."""
    restarts: int = 0
    since: str = ""
    next_run: str = ""


@dataclass(frozen=True)
class Machine:
    """A machine's system manager. `root` is where its files are."""

    root: Path = Path("/")
    systemctl: str = "systemctl"
    sysusers: str = "systemd-sysusers"
    uid: int = -1

    @property
    def has_systemd(self) -> bool:
        """Whether systemd runs this machine (a container often has none)."""
        return (self.root / "run/systemd/system").is_dir()

    def require(self) -> None:
        """Errors: KithError when there is no systemd, or we are not root (with the command to run)."""
        if not self.has_systemd:
            raise KithError("this machine does not run systemd, so Kith cannot be its service: run `kith up` instead")
        if (os.geteuid() if self.uid < 0 else self.uid) != 0:
            again = shlex.join([*units.program(), *sys.argv[1:]])
            raise KithError(f"this needs the administrator: run `sudo {again}`")

    def call(self, *command: str) -> str:
        """Run one of systemd's programs. Errors: KithError with its own first words."""
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise KithError(f"`{shlex.join(command)}` did not run: {problem}") from None
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
            raise KithError(f"`{shlex.join(command)}` failed: {said[0]}")
        return done.stdout

    def install(self, service: units.Service) -> list[str]:
        """Write the units, make the user, enable at boot and start. Returns the files written."""
        self.require()
        written = write(units.render(service), self.root)
        self.call(self.sysusers)
        self.call(self.systemctl, "daemon-reload")
        self.call(self.systemctl, "enable", "--now", units.TIMER)
        self.call(self.systemctl, "enable", units.SERVICE)
        self.call(self.systemctl, "restart", units.SERVICE)
        return written

    def uninstall(self) -> list[str]:
        """Stop, disable, remove the units. The data and the user that owns it stay. Returns the files removed."""
        self.require()
        files = [self.root / path for path in units.render(units.Service())]
        there = [path for path in files if path.exists()]
        if not there:
            return []
        for name in (units.TIMER, units.MAINTENANCE, units.SERVICE):
            if (self.root / "etc/systemd/system" / name).exists():
                self.call(self.systemctl, "disable", "--now", name)
        for path in there:
            path.unlink()
        self.call(self.systemctl, "daemon-reload")
        return [str(path) for path in there]

    def unit(self, name: str) -> Unit:
        """What systemd says of a unit."""
        names = "ActiveState,UnitFileState,NRestarts,ActiveEnterTimestamp,NextElapseUSecRealtime"
        answer = self.call(self.systemctl, "show", name, f"--property={names}")
        said = dict(line.split("=", 1) for line in answer.splitlines() if "=" in line)
        return Unit(
            name=name,
            active=said.get("ActiveState", "unknown"),
            enabled=said.get("UnitFileState", ""),
            restarts=int(said.get("NRestarts") or 0),
            since=said.get("ActiveEnterTimestamp", ""),
            next_run=said.get("NextElapseUSecRealtime", ""),
        )


def write(files: dict[str, str], root: Path) -> list[str]:
    """Write rendered files below `root`. Errors: KithError when that is not possible."""
    written = []
    try:
        for path, text in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            target.chmod(0o644)
            written.append(str(target))
    except OSError as problem:
        raise KithError(f"{root / path} cannot be written: {problem.strerror}") from None
    return written


def describe(user: str, arguments: Sequence[str]) -> units.Service:
    """The service as this machine and this installation need it."""
    try:
        grp.getgrnam("audio")
        groups = ["audio"]
    except KeyError:
        groups = []
    return units.Service(user=user, arguments=list(arguments), groups=groups, environment=units.passed_on())


def readable_problems() -> list[str]:
    """Why the service could not read this installation, one line each; empty when it can."""
    return units.unreadable([_CHECKOUT, Path(sys.prefix), Path(sys.executable)])


def compile_sources() -> None:
    """Compile our own sources once: the service may not write beside them, and would compile at every start."""
    for folder in _FOLDERS:
        compileall.compile_dir(_CHECKOUT / folder, quiet=2)
