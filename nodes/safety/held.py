"""Remembers a stop by hand over a restart: what a person has stopped stays stopped until a person lets it go."""

import os
from pathlib import Path

from culture_profiles.errors import KithError


class HeldStop:
    """A file that is there while the robot is stopped by hand."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> bool:
        """Whether the robot was stopped. What cannot be read counts as stopped."""
        try:
            return self._path.exists()
        except OSError:
            return True

    def write(self, stopped: bool) -> None:
        """Remember. Errors: KithError when it cannot be written."""
        try:
            if not stopped:
                self._path.unlink(missing_ok=True)
                return
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as problem:
            raise KithError(f"{self._path}: the stop cannot be kept over a restart: {problem.strerror}") from None
