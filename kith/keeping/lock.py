"""Keeping a home from running while its data is put back."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from culture_profiles.errors import KithError
from kith import home as homes


@contextmanager
def stopped(home: Path) -> Iterator[None]:
    """Keep the home from running meanwhile. Errors: KithError when it already does."""
    path = home / homes.LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            runs = homes.running(home)
            who = f" as process {runs.pid}" if runs and runs.pid else ""
            raise KithError(
                f"the home in {home} is running{who}: stop it first (Ctrl-C where it runs, or systemctl stop kith)"
            ) from None
        yield
    finally:
        os.close(descriptor)
