"""What an upgrade notes down before it changes anything, so that the way back is known even after a power cut."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

State = Literal["under way", "done"]


@dataclass(frozen=True)
class Record:
    """One upgrade. Commits are full git hashes; times ISO 8601 in UTC."""

    state: State
    started: str
    from_commit: str
    from_branch: str
    lock_sha256: str
    """Over the lock files of the version left."""
    to_commit: str
    home: str
    backup: str
    """Name of the backup made before; empty when there was no home yet."""


def read(path: Path) -> Record | None:
    """The record, None when there is none or it cannot be read."""
    try:
        return Record(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write(path: Path, record: Record) -> None:
    """Write it so that a power cut leaves the old record or the new, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("w") as file:
        json.dump(asdict(record), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
