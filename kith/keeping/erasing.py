"""Erasing from backups what was erased from the home: each is rewritten without it, and verified."""

import shutil
from pathlib import Path

from culture_profiles.errors import KithError
from culture_profiles.store import ProfileStore, Records, records_in
from kith.keeping import backup
from kith.keeping.backup import PROFILES, Backup

_WORK = "erasing"


def clean_backups(home: Path) -> int:
    """Remove from every backup what the home's store has erased; returns how many backups were rewritten.

    A backup is exchanged for its cleaned copy at once, when that has been verified. Copies of damaged stores cannot be
    cleaned: they are removed. Errors: KithError that names a backup which could not be cleaned.
    """
    live = home / PROFILES
    records = records_in(live)
    done = 0
    for taken in backup.backups(home):
        if PROFILES in taken.files and (taken.folder / PROFILES).is_file():
            done += _clean(taken, records, live)
    for aside in (home / backup.FOLDER).glob("damaged-*/profiles"):
        shutil.rmtree(aside)
    return done


def _clean(taken: Backup, records: Records, live: Path) -> bool:
    path = taken.folder / PROFILES
    held = records_in(path, live)
    if {row[0] for row in records.erasures} <= {row[0] for row in held.erasures}:
        # Cleaned before; the power may have gone before the manifest was written.
        backup.rewritten(taken, PROFILES)
        return False
    work = taken.folder / _WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        shutil.copyfile(path, work / "profiles.db")
        with ProfileStore(work / "profiles.db", key_of=live) as store:
            store.take_over(records)
            store.backup(work / "clean.db")
        (work / "clean.db").replace(path)
        backup.rewritten(taken, PROFILES)
        backup.verify(taken := backup.find(live.parent.parent, taken.name))
    except OSError as problem:
        raise KithError(
            f"backup {taken.name} could not be cleaned: {problem.strerror}; it still holds the data"
        ) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return True
