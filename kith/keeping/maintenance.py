"""The one maintenance routine: verified backup, retention, log size, disk space. A timer runs it every night."""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from culture_profiles.errors import KithError
from kith.keeping import backup, retention
from kith.keeping.disk import space
from kith.profiles import erasing

_RECORD = "maintenance.json"


@dataclass
class Report:
    """What one run did."""

    when: str
    """ISO 8601, UTC."""
    backup: str = ""
    """Name of the verified backup; empty when none could be made."""
    stores: int = 0
    removed: dict[str, int] = field(default_factory=dict)
    """Files (or backups) removed, per kind of data."""
    packed_logs: list[str] = field(default_factory=list)
    disk_free_bytes: int = 0
    disk_low: bool = False
    problems: list[str] = field(default_factory=list)
    """One line each, with what to do."""


def maintain(home: Path, now: datetime) -> Report:
    """Run every part, also when one fails; the report lists what went wrong, and is kept in `maintenance.json`.

    Old backups go only after tonight's has been verified. Errors: KithError when there is no home, or the retention
    file cannot be used.
    """
    rules = retention.load()
    report = Report(when=now.astimezone(UTC).isoformat())
    if not home.is_dir():
        raise KithError(f"there is no home in {home}: start one with `kith up`, or give --home")
    try:
        taken = backup.make(home, now, "nightly")
        report.backup, report.stores = taken.name, len(taken.files)
    except KithError as problem:
        report.problems.append(str(problem))
    try:
        if report.backup:
            erasing.finish(home)
    except KithError as problem:
        report.problems.append(str(problem))
    try:
        report.packed_logs = retention.pack_large_logs(home, rules, now)
        if report.backup:
            report.removed = retention.apply(home, rules, now)
    except OSError as problem:
        report.problems.append(f"old data could not be removed in {home}: {problem.strerror}; check who owns it")
    left = space(home)
    report.disk_free_bytes, report.disk_low = left.free, left.low
    if left.low:
        report.problems.append(f"the disk is nearly full ({left}): make room, or the home will stop saving")
    _record(home, report)
    return report


def _record(home: Path, report: Report) -> None:
    path = home / _RECORD
    fresh = path.with_suffix(".new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(report), file, indent=1)
        fresh.replace(path)
    except OSError as problem:
        report.problems.append(f"{path} could not be written: {problem.strerror}")


def last(home: Path) -> Report | None:
    """What the latest run reported, None before the first or when the record cannot be read."""
    try:
        return Report(**json.loads((home / _RECORD).read_text()))
    except (OSError, ValueError, TypeError):
        return None
