"""Room on the disk that holds the home."""

import shutil
from dataclasses import dataclass
from pathlib import Path

LOW_SHARE = 0.10
LOW_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Space:
    """Bytes in all and bytes free."""

    total: int
    free: int

    @property
    def low(self) -> bool:
        """Under a tenth or under 2 GB: somebody should make room before writing fails."""
        return self.free < LOW_BYTES or self.free < self.total * LOW_SHARE

    def __str__(self) -> str:
        return f"{self.free / 1e9:.1f} GB free of {self.total / 1e9:.0f} GB"


def space(folder: Path) -> Space:
    """The room where `folder` is, or will be made."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return Space(total=usage.total, free=usage.free)
