"""Erasing a resident wherever this machine reaches: the store, then every backup. Robots follow by themselves."""

from pathlib import Path

from culture_profiles.store import BACKUPS, Receipt, receipts_in
from kith.keeping.erasing import clean_backups
from kith.keeping.owner import as_owner
from kith.profiles.access import Residents, residents
from nodes.profiles.register import store_path


def erase(home: Path, resident_id: str, key: str, by: str) -> Receipt:
    """Erase a resident, or one key of theirs; the receipt says who still holds a copy. Errors: KithError."""
    with residents(home) as found:
        receipt = found.erase(resident_id, key, by)
        _finish(home, found)
    return next(made for made in receipts(home) if made.id == receipt)


def finish(home: Path) -> None:
    """Do what an interrupted erasure left to do in the backups. Errors: KithError."""
    if any(BACKUPS in receipt.pending for receipt in receipts(home)):
        with residents(home) as found:
            _finish(home, found)


def receipts(home: Path) -> list[Receipt]:
    """All erasures of a home, oldest first. Errors: KithError."""
    path = store_path(home)
    with as_owner(home):
        return receipts_in(path) if path.exists() else []


def _finish(home: Path, found: Residents) -> None:
    with as_owner(home):
        clean_backups(home)
    found.report_copies(BACKUPS, {})
