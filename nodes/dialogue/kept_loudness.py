"""Remembers over a restart how loud staff want this robot. Plain Python, no ROS."""

import os
from pathlib import Path

from culture_profiles.errors import KithError


class KeptLoudness:
    """A file with one number beside the robot's other ones."""

    def __init__(self, path: Path, softest: float, loudest: float) -> None:
        self._path, self._softest, self._loudest = path, softest, loudest

    def read(self) -> float:
        """Times the usual loudness; the usual one where nothing is kept, or nothing that can be."""
        try:
            kept = float(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 1.0
        return kept if self._softest <= kept <= self._loudest else 1.0

    def write(self, loudness: float) -> None:
        """Remember. Errors: KithError when it cannot be written; what was kept before stays."""
        fresh = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(f"{loudness:.2f}\n")
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as problem:
            raise KithError(f"the loudness cannot be kept over a restart: {problem.strerror}") from None
