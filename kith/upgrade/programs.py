"""Running other programs during an upgrade, as whoever owns what they work on."""

import os
import pwd
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from culture_profiles.errors import KithError

# What `kith.ros_environment` set for this process must not reach another version's set-up.
_OURS = ("_ROS_WHEELS_BOOTSTRAP_COMPLETE", "PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")
_SEARCHED = ("AMENT_PREFIX_PATH", "LD_LIBRARY_PATH", "CMAKE_PREFIX_PATH")


def clean_environment(checkout: Path) -> dict[str, str]:
    """Our environment without what this checkout put there; a sourced ROS distribution stays."""
    made = {name: value for name, value in os.environ.items() if name not in _OURS}
    if "/opt/ros/" in os.environ.get("AMENT_PREFIX_PATH", "") and (kept := os.environ.get("PYTHONPATH")):
        made["PYTHONPATH"] = kept
    for name in _SEARCHED:
        parts = [part for part in made.get(name, "").split(os.pathsep) if part and not part.startswith(str(checkout))]
        made.pop(name, None)
        if parts:
            made[name] = os.pathsep.join(parts)
    return made


def run(
    command: Sequence[str], *, checkout: Path, owned: Path, timeout_s: float, log: Path | None = None, what: str = ""
) -> str:
    """Run a program in the checkout, as the owner of `owned` when we are root. Returns its output.

    Its output goes to `log` as well. Errors: KithError with `what` failed and the last line it said.
    """
    what = what or f"`{shlex.join(command)}`"
    environment = clean_environment(checkout) | {"GIT_TERMINAL_PROMPT": "0"}
    status = owned.stat()
    somebody: dict[str, int] = {}
    if os.geteuid() == 0 and status.st_uid != 0:
        somebody = {"user": status.st_uid, "group": status.st_gid}
        try:
            environment["HOME"] = pwd.getpwuid(status.st_uid).pw_dir
        except KeyError:
            environment.pop("HOME", None)
    try:
        done = subprocess.run(
            list(command),
            cwd=checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout_s,
            extra_groups=[] if somebody else None,
            user=somebody.get("user"),
            group=somebody.get("group"),
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        why = f"took longer than {timeout_s:.0f} s" if isinstance(problem, subprocess.TimeoutExpired) else str(problem)
        raise KithError(f"{what} did not work: {why}") from None
    if log is not None:
        with log.open("a") as file:
            file.write(f"$ {shlex.join(command)}\n{done.stdout}{done.stderr}\n")
    if done.returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise KithError(f"{what} did not work: {lines[-1] if lines else f'exit code {done.returncode}'}")
    return done.stdout


def base_python() -> str:
    """The interpreter that this virtual environment was made with."""
    return str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")
