"""One way to the residents, whether their home runs or not."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from culture_profiles.store import ProfileStore, StoreInUseError
from kith import home as homes
from kith.keeping.owner import as_owner
from nodes.profiles.register import Register, store_path

_WAIT_FOR_WRITER_S = 2.0
_LOOK_AGAIN_S = 0.05


class NoResidentsError(KithError):
    """The home has no store yet. Looking at a home must not make one."""


class Residents(Protocol):
    """What the command line does with residents. All raise KithError for an unknown one."""

    def names(self) -> dict[str, str]:
        """Each resident's id and display name, by id."""

    def snapshot(self, resident_id: str) -> Profile:
        """What is known of a resident."""

    def history(self, resident_id: str, key: str = "") -> list[Fact]:
        """Every fact ever kept, oldest first, of one key or all."""

    def write(self, fact: Fact) -> Fact:
        """Store a fact; it is on the disk when this returns."""

    def erase(self, resident_id: str, key: str, by: str) -> str:
        """Erase a resident, or one key of theirs, from the store; returns the receipt's id."""

    def set_legal_hold(self, resident_id: str, reason_code: str, by: str) -> None:
        """Place a legal hold, or with an empty reason code end all."""

    def report_copies(self, holder: str, held: Mapping[str, int]) -> list[str]:
        """Say which copies a holder still has; returns those that it must remove."""


class _Stored:
    """The residents of a home that does not run."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self.names = register.names
        self.snapshot = register.snapshot
        self.history = register.history

    def write(self, fact: Fact) -> Fact:
        return self._register.write(fact).fact

    def erase(self, resident_id: str, key: str, by: str) -> str:
        return self._register.erase(resident_id, key, by, datetime.now(UTC)).id

    def set_legal_hold(self, resident_id: str, reason_code: str, by: str) -> None:
        store, now = self._register.store, datetime.now(UTC)
        if reason_code:
            store.place_hold(resident_id, reason_code, by, now)
        else:
            store.release_holds(resident_id, by, now)

    def report_copies(self, holder: str, held: Mapping[str, int]) -> list[str]:
        return self._register.store.report_copies(holder, held)


@contextmanager
def residents(home: Path, *, may_begin: bool = False) -> Iterator[Residents]:
    """The residents of `home`. `may_begin`: make the store where there is none.

    While the home runs, everything goes through its profiles node. Errors: KithError in one line; NoResidentsError
    for a home without a store that may not begin one.
    """
    if not may_begin and not _has_store(home):
        raise NoResidentsError("this home has no residents yet: add one with `kith profiles import FILE`")
    store = _store_unless_in_use(home)
    if store is None:
        from kith.profiles.remote import remote_residents  # rclpy only where it is needed: it takes a while to load

        running = homes.running(home)
        with remote_residents(running.ros_domain_id if running else homes.ros_domain_id(home)) as found:
            yield found
    else:
        with as_owner(home), store:
            yield _Stored(Register(store, home))


def _has_store(home: Path) -> bool:
    # A write-ahead log without its database is damage, which opening the store tells.
    path = store_path(home)
    with as_owner(home):
        return path.exists() or path.with_name(path.name + "-wal").exists() or homes.running(home) is not None


def _store_unless_in_use(home: Path) -> ProfileStore | None:
    path = store_path(home)
    deadline = time.monotonic() + _WAIT_FOR_WRITER_S
    while homes.running(home) is None:
        with as_owner(home):
            homes.create(home)
            try:
                return ProfileStore(path)
            except StoreInUseError:
                # Another command is about to end, or a node runs that `kith up` did not start.
                if time.monotonic() > deadline:
                    return None
        time.sleep(_LOOK_AGAIN_S)
    return None
