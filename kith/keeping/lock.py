"""Whether a home runs: `kith up` holds a lock on `home.lock` for as long as it does."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from culture_profiles.errors import KithError

LOCK = "home.lock"


def _holder(path: Path) -> int | None:
    try:
        pid = json.loads(path.read_text())["pid"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pid if isinstance(pid, int) else None


def running(home: Path) -> int | None:
    """The process id of what runs this home, 0 where it does not say, None when nothing does."""
    path = home / LOCK
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(path) or 0
    finally:
        os.close(descriptor)
    return None


@contextmanager
def stopped(home: Path) -> Iterator[None]:
    """Keep the home from running meanwhile. Errors: KithError when it already does."""
    path = home / LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _holder(path)
            who = f" as process {pid}" if pid else ""
            raise KithError(
                f"the home in {home} is running{who}: stop it first (Ctrl-C where it runs, or systemctl stop kith)"
            ) from None
        yield
    finally:
        os.close(descriptor)
