"""Erasing from backups what was erased from the home: each is rewritten without it, and verified."""

import shutil
from pathlib import Path

from culture_profiles.errors import KithError
from culture_profiles.store import Records, records_in
from kith.keeping import backup, erasing_elsewhere
from kith.keeping.backup import PROFILES, Backup


def clean_backups(home: Path) -> int:
    """Remove from every backup what the home's store has erased; returns how many backups were rewritten.

    A backup is exchanged for its cleaned copy at once, when that has been verified. Copies of damaged stores cannot be
    cleaned: they are removed. Errors: KithError that names a backup which could not be cleaned.
    """
    live = home / PROFILES
    records = records_in(live)
    done = 0
    for taken in backup.backups(home):
        shutil.rmtree(taken.folder / backup.ROBOTS, ignore_errors=True)
        if PROFILES in taken.files and (taken.folder / PROFILES).is_file():
            done += _clean(taken, records, live)
        for name in (erasing_elsewhere.REMINDERS, erasing_elsewhere.ALERTS):
            if name in taken.files and (taken.folder / name).is_file():
                _clean_other(taken, name, records, home / name)
    for aside in (home / backup.FOLDER).glob("damaged-*"):
        for part in ("profiles", "reminders", "alerts") if records.erasures else ("profiles",):
            shutil.rmtree(aside / part, ignore_errors=True)
    return done


def _clean(taken: Backup, records: Records, live: Path) -> bool:
    path = taken.folder / PROFILES
    held = records_in(path, live)
    if {row[0] for row in records.erasures} <= {row[0] for row in held.erasures}:
        # Cleaned before; the power may have gone before the manifest was written.
        backup.rewritten(taken, PROFILES)
        return False
    clean = path.with_name("clean.db")
    try:
        clean.unlink(missing_ok=True)
        backup.copy_without_erased(path, clean, records, live)
        clean.replace(path)
        backup.verify(backup.rewritten(taken, PROFILES))
    except OSError as problem:
        raise KithError(
            f"backup {taken.name} could not be cleaned and still holds the data: {problem.strerror}"
        ) from None
    return True


def _clean_other(taken: Backup, name: str, records: Records, live: Path) -> None:
    path, clean = taken.folder / name, (taken.folder / name).with_name("clean.db")
    gone = erasing_elsewhere.gone(records, taken.when)
    if gone and erasing_elsewhere.copy_without(path, clean, name, gone, live):
        clean.replace(path)
        backup.verify(backup.rewritten(taken, name))
