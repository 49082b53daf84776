"""Keeping a home from running while its data is put back."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from culture_profiles.errors import KithError
from kith import home as homes


@contextmanager
def stopped(home: Path) -> Iterator[None]:
    """Keep the home from running, and every command from writing its stores, meanwhile.

    Errors: KithError when it already runs, or a store is being written.
    """
    with ExitStack() as held:
        if not _take(home / homes.LOCK, held):
            runs = homes.running(home)
            who = f" as process {runs.pid}" if runs and runs.pid else ""
            raise KithError(
                f"the home in {home} is running{who}: stop it first (Ctrl-C where it runs, or systemctl stop kith)"
            )
        for lock in sorted(home.glob("*/*.db.lock")):
            if not _take(lock, held):
                raise KithError(f"{lock.with_suffix('')} is being written by another command: wait for it to end")
        yield


def _take(path: Path, held: ExitStack) -> bool:
    """Lock a file until `held` ends; False when somebody else has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    held.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
