"""One way to a home's reminders: through its running nodes, or on its file when none runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from behaviours.routines.occurrence import Occurrence
from behaviours.routines.routine import Routine
from kith import home as homes
from kith.keeping.owner import as_owner
from kith.profiles.access import residents
from nodes.base.durable import FileInUseError
from nodes.reminders.store import ReminderStore, read_routines


class Reminders(Protocol):
    """What the command line does with reminders. All raise KithError, one line."""

    def add(self, routine: Routine) -> str:
        """Keep a routine; returns its id."""

    def listed(self, after: datetime, before: datetime, resident_id: str) -> list[Occurrence]:
        """What is due in that time, of one resident or (empty) everybody."""

    def close(self, occurrence_id: str, closed_by: str, note: str) -> None:
        """A named person closes an occurrence."""


class _Stored:
    def __init__(self, home: Path, store: ReminderStore) -> None:
        self._home = home
        self._store = store

    def add(self, routine: Routine) -> str:
        routine.check(datetime.now(UTC))
        with residents(self._home) as found:
            found.snapshot(routine.resident_id)
        return self._store.add_routine(routine, datetime.now(UTC))[0].id

    def listed(self, after: datetime, before: datetime, resident_id: str) -> list[Occurrence]:
        self._store.expand(datetime.now(UTC))
        return self._store.listed(after, before, resident_id)

    def close(self, occurrence_id: str, closed_by: str, note: str) -> None:
        self._store.close_occurrence(occurrence_id, closed_by, note, datetime.now(UTC))


def routines(home: Path, resident_id: str) -> list[Routine]:
    """A resident's routines that may be due again, whether the home runs or not. Errors: KithError."""
    with residents(home) as found:
        found.snapshot(resident_id)
    if homes.running(home) is None:
        with reminders(home):
            pass  # brings a file that an older version left up to date
    return read_routines(home / "reminders" / "reminders.db", resident_id)


@contextmanager
def reminders(home: Path) -> Iterator[Reminders]:
    """The reminders of `home`. Errors: KithError in one line."""
    store = _store_unless_in_use(home)
    if store is None:
        from kith.reminders.remote import remote_reminders  # rclpy takes a while to load

        running = homes.running(home)
        with remote_reminders(running.ros_domain_id if running else homes.ros_domain_id(home)) as found:
            yield found
        return
    try:
        with as_owner(home):
            yield _Stored(home, store)
    finally:
        store.close()


def _store_unless_in_use(home: Path) -> ReminderStore | None:
    if homes.running(home) is not None:
        return None
    with as_owner(home):
        homes.create(home)
        try:
            return ReminderStore(home / "reminders" / "reminders.db")
        except FileInUseError:
            return None  # a node runs that `kith up` did not start
