"""The files that make Kith a service, rendered from the templates in `units/`."""

import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

import click
from click.core import ParameterSource

from culture_profiles.errors import KithError
from kith.context import Context

STATE = "kith"
"""The service's home is /var/lib/kith."""
SERVICE, MAINTENANCE, TIMER = "kith.service", "kith-maintenance.service", "kith-maintenance.timer"

_TEMPLATES = Path(__file__).with_name("units")
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
_CLOSED = ("/home", "/root", "/run/user")
# What a sourced ROS distribution sets, and where models are when not in the usual place.
_PASSED_ON = ("KITH_MODELS", "ROS_DISTRO", "AMENT_PREFIX_PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "RMW_IMPLEMENTATION")


def service_home() -> Path:
    """Where the service keeps its data."""
    return Path("/var/lib") / STATE


def home_of(ctx: click.Context) -> Path:
    """The home that was asked for; where none was, the service's if it is installed and we may look into it."""
    context = ctx.find_object(Context)
    assert context is not None
    asked = ctx.find_root().get_parameter_source("home")
    installed = (Path("/etc/systemd/system") / SERVICE).exists()
    if asked is ParameterSource.DEFAULT and installed and os.access(service_home(), os.R_OK | os.X_OK):
        return service_home()
    return context.home


def program() -> list[str]:
    """How this installation of Kith is started."""
    script = Path(sys.prefix) / "bin" / "kith"
    return [str(script)] if script.is_file() else [sys.executable, "-m", "kith.main"]


@dataclass(frozen=True)
class Service:
    """What the units need to know."""

    user: str = "kith"
    program: Sequence[str] = field(default_factory=program)
    arguments: Sequence[str] = ()
    """Passed on to `kith up`."""
    groups: Sequence[str] = ()
    """Further groups of the process, such as audio."""
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _USER.fullmatch(self.user) or self.user == "root":
            raise KithError(
                f"{self.user!r} cannot be the service's user: use a name like kith (a-z, 0-9, - and _; not root)"
            )


def passed_on(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that the service needs as this shell has them."""
    found = {name: environment[name] for name in _PASSED_ON if environment.get(name)}
    if "/opt/ros/" not in found.get("AMENT_PREFIX_PATH", ""):
        # ROS comes from the virtual environment, which finds it by itself.
        return {name: value for name, value in found.items() if name == "KITH_MODELS"}
    return found


def _quoted(words: Sequence[str]) -> str:
    """Words for a unit file: quoted, and neither `%` nor `$` means anything."""
    return " ".join(shlex.quote(word).replace("%", "%%").replace("$", "$$") for word in words)


def _setting(name: str, value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'Environment="{name}={escaped}"'


def render(service: Service) -> dict[str, str]:
    """Path below `/` → content of every file."""
    home = str(service_home())
    environment = {"HOME": home, "PYTHONUNBUFFERED": "1", "ROS_LOG_DIR": f"{home}/logs", **service.environment}
    words = {"user": service.user, "state": STATE}
    words |= {
        "command": _quoted(service.program),
        "arguments": "".join(f" {_quoted([word])}" for word in service.arguments),
        "groups": f"SupplementaryGroups={' '.join(service.groups)}" if service.groups else "",
        "environment": "\n".join(_setting(name, value) for name, value in environment.items()),
        "hardening": Template((_TEMPLATES / "hardening.conf").read_text()).substitute(words).strip(),
    }
    files = {f"etc/systemd/system/{name}": (_TEMPLATES / name).read_text() for name in (SERVICE, MAINTENANCE, TIMER)}
    files["etc/sysusers.d/kith.conf"] = (_TEMPLATES / "sysusers.conf").read_text()
    return {path: Template(text).substitute(words) for path, text in files.items()}


def unreadable(paths: Sequence[Path]) -> list[str]:
    """Which of the places Kith runs from the service could not read, one line each with what to do."""
    problems = []
    for path in paths:
        for place in dict.fromkeys((path.absolute(), path.resolve())):
            closed = next((top for top in _CLOSED if place.is_relative_to(top)), None)
            if closed:
                problems.append(
                    f"{place} lies below {closed}, which is closed to services: put Kith in /opt/kith, "
                    "run `make setup` there with the system's own python3, and install from there"
                )
                break
            shut = next((part for part in (place, *place.parents) if not part.stat().st_mode & 0o001), None)
            if shut:
                problems.append(f"{shut} cannot be read by the service's user: chmod o+x {shlex.quote(str(shut))}")
                break
    return problems
