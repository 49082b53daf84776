"""Working on a home as its owner, so that root leaves no file behind that the service cannot write."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def owner_of(home: Path) -> tuple[int, int]:
    """(user id, group id) of the home, or of the nearest folder above that exists."""
    for folder in (home, *home.parents):
        try:
            status = folder.stat()
        except OSError:
            continue
        return status.st_uid, status.st_gid
    return os.geteuid(), os.getegid()


@contextmanager
def as_owner(home: Path) -> Iterator[None]:
    """When root works on somebody's home, be that somebody meanwhile. Anyone else stays who they are."""
    user, group = owner_of(home)
    if os.geteuid() != 0 or user == 0:
        yield
        return
    before = os.getegid()
    os.setegid(group)
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(before)
