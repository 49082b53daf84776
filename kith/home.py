"""The home directory: created private, used by one `kith up` at a time, with a ROS domain of its own.

Data of residents lies here, so the directory is 0700 and files made by Kith are 0600.
"""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TextIO
from zoneinfo import available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from culture_profiles.errors import KithError
from nodes.base.time_zone import machine_time_zone

LOCK = "home.lock"
SETTINGS = "home.yaml"
_GLANCE_S = 1.0
_DOMAINS = range(1, 101)  # their ports lie below those that Linux gives to outgoing connections


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; use one such as Europe/London")
    return name


class HomeSettings(BaseModel):
    """`home.yaml`: what holds for the whole home."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    locale: Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")] = "en_GB"
    robots: tuple[str, ...] = ("",)
    """Names (ROS namespaces) of the home's robots; an empty one is the robot without a namespace."""
    ros_domain_id: Annotated[int | None, Field(ge=0, le=232)] = None


@dataclass(frozen=True)
class RunningHome:
    """A home that `kith up` runs at this moment."""

    pid: int
    ros_domain_id: int


def create(home: Path) -> Path:
    """Make the directory and its folders, or check what is there. Errors: KithError if it cannot be written."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in ("logs",):
            (home / folder).mkdir(mode=0o700, exist_ok=True)
        if home.stat().st_uid == os.geteuid():
            home.chmod(0o700)
    except (FileExistsError, NotADirectoryError):
        raise KithError(f"the home {home} is a file, not a directory: give another with --home DIR") from None
    except OSError as problem:
        raise _unwritable(home, problem) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise _unwritable(home, PermissionError(13, "Permission denied"))
    return home


def settings(home: Path) -> HomeSettings:
    """What `home.yaml` says; without the file, the machine's time zone and defaults. Errors: KithError with the key."""
    path = home / SETTINGS
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        if not isinstance(content, dict):
            raise KithError(f"{path}: must hold keys and values, such as time_zone: Europe/London")
        return HomeSettings(**{"time_zone": machine_time_zone(), **content})
    except FileNotFoundError:
        return HomeSettings(time_zone=machine_time_zone())
    except OSError as problem:
        raise KithError(f"{path}: cannot be read ({problem.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        mark = getattr(problem, "problem_mark", None)
        raise KithError(f"{path}:{mark.line + 1 if mark else 1}: is not valid YAML; mend or remove it") from None
    except ValidationError as problem:
        first = problem.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise KithError(f"{path}: {key}: {first['msg'].removeprefix('Value error, ')}") from None


def ros_domain_id(home: Path) -> int:
    """The ROS domain of this home: the environment's, else that in `home.yaml`, else one derived from the path.

    Errors: KithError for a ROS_DOMAIN_ID that is no domain.
    """
    given = os.environ.get("ROS_DOMAIN_ID", "")
    if given:
        if not given.isdigit() or int(given) > 232:
            raise KithError(f"ROS_DOMAIN_ID is {given!r}: use a number from 0 to 232, or unset it")
        return int(given)
    written = settings(home).ros_domain_id
    if written is not None:
        return written
    digest = hashlib.sha256(os.fsencode(home.resolve())).digest()
    return _DOMAINS[int.from_bytes(digest[:4], "big") % len(_DOMAINS)]


@contextmanager
def lock(home: Path) -> Iterator[int]:
    """Hold the home as its only `kith up`; gives its ROS domain. Errors: KithError when another holds it."""
    create(home)
    path = home / LOCK
    domain = ros_domain_id(home)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise _unwritable(home, problem) from None
    with os.fdopen(descriptor, "r+") as file:
        holder = _hold(file)
        if holder is not None:
            raise KithError(
                f"the home {home} is already run by process {holder}: stop that one, "
                "or give another directory with --home DIR"
            )
        file.seek(0)
        file.truncate()
        file.write(json.dumps({"pid": os.getpid(), "ros_domain_id": domain}))
        file.flush()
        try:
            yield domain
        finally:
            # An empty file, not a removed one: a second process may wait on this very inode.
            file.truncate(0)


def _hold(file: TextIO) -> int | None:
    """Take the lock; or the process id of the one who holds it."""
    deadline = time.monotonic() + _GLANCE_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return None
        except BlockingIOError:
            file.seek(0)
            holder = _read(file.read()).pid
            # Nobody's name is in it while somebody only looks whether it is held, or has just taken it.
            if holder or time.monotonic() > deadline:
                return holder
            time.sleep(0.01)


def running(home: Path) -> RunningHome | None:
    """Who runs this home now, or None."""
    try:
        with (home / LOCK).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _read(file.read())
    except OSError:
        return None
    return None


def _read(content: str) -> RunningHome:
    try:
        made = json.loads(content)
        return RunningHome(int(made["pid"]), int(made["ros_domain_id"]))
    except (ValueError, KeyError, TypeError):
        return RunningHome(0, 0)


def _unwritable(home: Path, problem: OSError) -> KithError:
    return KithError(f"the home {home} cannot be written ({problem.strerror}): give another with --home DIR")
