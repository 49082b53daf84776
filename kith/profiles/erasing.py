"""Erasing a resident wherever this machine reaches: the store, every backup, reminders and alerts.

Robots follow by themselves.
"""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from culture_profiles.errors import KithError
from culture_profiles.store import BACKUPS, RECORDS, Receipt, receipts_in
from kith import home as homes
from kith.keeping.erasing import clean_backups
from kith.keeping.erasing_elsewhere import ALERTS as ALERT_FILE
from kith.keeping.erasing_elsewhere import REMINDERS as REMINDER_FILE
from kith.keeping.owner import as_owner
from kith.profiles.access import Residents, residents
from nodes.alerts.store import AlertStore
from nodes.base.durable import FileInUseError
from nodes.profiles.register import ALERTS, REMINDERS, store_path
from nodes.reminders.store import ReminderStore


def erase(home: Path, resident_id: str, key: str, by: str) -> tuple[Receipt, list[str]]:
    """Erase a resident, or one key of theirs: the receipt, which says who still holds a copy, and why in plain words.

    Errors: KithError, as of a legal hold; then nothing was erased.
    """
    with residents(home) as found:
        receipt = found.erase(resident_id, key, by)
        _finish_backups(home, found)
    problems = _finish_elsewhere(home)
    return next(made for made in receipts(home) if made.id == receipt), problems


def finish(home: Path) -> list[str]:
    """Do what an erasure left to do; returns what is still in the way. Errors: KithError."""
    if any(BACKUPS in receipt.pending for receipt in receipts(home)):
        with residents(home) as found:
            _finish_backups(home, found)
    return _finish_elsewhere(home)


def receipts(home: Path) -> list[Receipt]:
    """All erasures of a home, oldest first. Errors: KithError."""
    path = store_path(home)
    with as_owner(home):
        return receipts_in(path) if path.exists() else []


def _finish_backups(home: Path, found: Residents) -> None:
    with as_owner(home):
        clean_backups(home)
    found.report_copies(BACKUPS, {})


def _finish_elsewhere(home: Path) -> list[str]:
    problems = []
    for holder in (REMINDERS, ALERTS):
        left, waiting = set(), _waiting(home, holder)
        for resident_id in waiting:
            try:
                _erase_from(home, holder, resident_id)
            except KithError as problem:
                left.add(resident_id)
                problems.append(str(problem))
        if waiting:
            with residents(home) as found:
                found.report_copies(holder, dict.fromkeys(left, RECORDS))
    return problems


def _waiting(home: Path, holder: str) -> set[str]:
    return {receipt.resident_id for receipt in receipts(home) if holder in receipt.pending}


def _erase_from(home: Path, holder: str, resident_id: str) -> None:
    """Errors: KithError that says what is in the way."""
    running = homes.running(home)
    if running is None:
        try:
            with as_owner(home):
                _erase_in_file(home, holder, resident_id)
            return
        except FileInUseError:  # a node runs that `kith up` did not start
            pass
    from kith_msgs import srv  # rclpy takes a while to load

    from kith.remote import remote
    from nodes.base import graph

    service = graph.ERASE_REMINDERS if holder == REMINDERS else graph.ERASE_ALERTS
    with remote(running.ros_domain_id if running else homes.ros_domain_id(home), holder) as node:
        node.ask(service, srv.EraseProfile.Request(resident_id=resident_id), attempts=2)


def _erase_in_file(home: Path, holder: str, resident_id: str) -> None:
    path = home / (REMINDER_FILE if holder == REMINDERS else ALERT_FILE)
    if not path.exists():
        return
    if holder == REMINDERS:
        with closing(ReminderStore(path)) as reminders:
            reminders.erase(resident_id)
    else:
        minute = timedelta(minutes=1)
        with closing(AlertStore(path, again_after=minute, same_call_for=minute)) as alerts:
            alerts.erase(resident_id)
