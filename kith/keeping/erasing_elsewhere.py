"""Erasing residents from copies of the reminder and alert files: in backups, and in what a restore brings back."""

import shutil
from collections.abc import Callable, Collection
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from culture_profiles.errors import KithError
from culture_profiles.store import Records, sealing
from nodes.alerts.store import AlertStore
from nodes.base.durable import told_clearly
from nodes.reminders.store import ReminderStore

REMINDERS, ALERTS = "reminders/reminders.db", "alerts/alerts.db"
_WORK = "erasing"


def _from_reminders(path: Path, live: Path, residents: Collection[str]) -> None:
    with closing(ReminderStore(path, key_of=live)) as store:
        for resident_id in residents:
            store.erase(resident_id)
        store.stand_alone()


def _from_alerts(path: Path, live: Path, residents: Collection[str]) -> None:
    minute = timedelta(minutes=1)
    with closing(AlertStore(path, again_after=minute, same_call_for=minute, key_of=live)) as store:
        for resident_id in residents:
            store.erase(resident_id, open_too=True)
        store.stand_alone()


_STORES: dict[str, tuple[str, Callable[[Path, Path, Collection[str]], None]]] = {
    REMINDERS: ("SELECT DISTINCT resident_id FROM routines", _from_reminders),
    ALERTS: ("SELECT DISTINCT resident_id FROM alerts", _from_alerts),
}


def gone(records: Records, taken_at: datetime) -> set[str]:
    """The residents of whom everything was erased after that time."""
    return {row[1] for row in records.erasures if not row[2] and datetime.fromisoformat(row[4]) >= taken_at}


def copy_without(source: Path, to: Path, name: str, residents: set[str], live: Path) -> bool:
    """Copy such a file to the new file `to` without these residents; False, and no `to`, where it holds none of them.

    `name`: its path in a home; `live`: the home's own, whose key it has. Errors: KithError.
    """
    listing, erase = _STORES[name]
    with told_clearly(source), closing(sealing.reader(source, live)) as db:
        if residents.isdisjoint(row[0] for row in db.execute(listing)):
            return False
    work = to.parent / _WORK
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        shutil.copyfile(source, work / source.name)
        erase(work / source.name, live, residents)
        (work / source.name).replace(to)
    except OSError as problem:
        raise KithError(f"{to}: cannot be written: {problem.strerror}") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return True
