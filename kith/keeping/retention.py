"""Retention: how long each kind of data stays, from `retention.yaml`, and its application."""

import gzip
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from culture_profiles.errors import KithError
from kith.keeping import backup

_FILE = Path(__file__).with_name("retention.yaml")
_CHECKOUT = Path(__file__).resolve().parents[2]

Days = Annotated[int, Field(ge=1, le=3650)]


class BackupPolicy(BaseModel):
    """How many backups are kept: the newest of each day, the newest of each week."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    daily: Annotated[int, Field(ge=1, le=60)]
    weekly: Annotated[int, Field(ge=0, le=60)]


class Retention(BaseModel):
    """Days per kind of data."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    logs: Days
    demo_recordings: Days
    damaged_stores: Days
    backups: BackupPolicy
    log_file_mb: Annotated[int, Field(ge=1, le=1000)]


def load(path: Path = _FILE) -> Retention:
    """The periods in force. Errors: KithError that says what is wrong with the file."""
    try:
        return Retention.model_validate(yaml.safe_load(path.read_text()))
    except (OSError, yaml.YAMLError, ValidationError) as problem:
        reason = " ".join(str(problem).split())
        raise KithError(
            f"{path} cannot be used ({reason}): correct it, or restore the one that came with Kith"
        ) from None


def _files(folder: Path) -> Iterator[Path]:
    # Under the service, a developer's folder beside the sources is read-only: not ours to clear.
    if folder.is_symlink() or not os.access(folder, os.W_OK):
        return
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path


def _remove_older(folder: Path, days: int, now: datetime) -> int:
    """Remove files not written for `days`, then folders left empty. Returns the number of files."""
    limit = (now - timedelta(days=days)).timestamp()
    removed = 0
    for path in list(_files(folder)):
        if path.stat().st_mtime < limit:
            path.unlink()
            removed += 1
    if removed:
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
                path.rmdir()
    return removed


def apply(
    home: Path, retention: Retention, now: datetime, *, recordings: Path = _CHECKOUT / "demo-output"
) -> dict[str, int]:
    """Remove what is kept no longer. Returns how many files (or backups) went, per kind.

    Only the named kinds are touched: never a store, never a file that a link leads to.
    """
    gone = {
        "logs": _remove_older(home / "logs", retention.logs, now),
        "demo_recordings": sum(
            _remove_older(folder, retention.demo_recordings, now) for folder in (home / "demo-output", recordings)
        ),
        "damaged_stores": sum(
            _remove_older(folder, retention.damaged_stores, now) for folder in (home / backup.FOLDER).glob("damaged-*")
        ),
    }
    for folder in (home / backup.FOLDER).glob("*.partial"):
        # Left by a power cut; a backup under way is minutes old at most.
        if folder.stat().st_mtime < (now - timedelta(days=1)).timestamp():
            shutil.rmtree(folder)
    old = backup.superfluous(backup.backups(home), now, retention.backups.daily, retention.backups.weekly)
    for taken in old:
        shutil.rmtree(taken.folder)
    gone["backups"] = len(old)
    return gone


def pack_large_logs(home: Path, retention: Retention, now: datetime) -> list[str]:
    """Pack each log beyond the limit beside itself and begin it anew. Returns their paths below the home.

    The file is emptied in place: writers append (`O_APPEND`), so they go on in the emptied file. What is written in
    the instant between copying and emptying is lost; it is a log.
    """
    packed = []
    for path in list(_files(home / "logs")):
        if path.suffix == ".gz" or path.stat().st_size <= retention.log_file_mb * 1_000_000:
            continue
        target = path.with_name(f"{path.name}.{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.gz")
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(descriptor, "wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb") as zipped,
            path.open("rb") as log,
        ):
            shutil.copyfileobj(log, zipped)
        os.truncate(path, 0)
        packed.append(str(path.relative_to(home)))
    return sorted(packed)
