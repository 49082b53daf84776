"""What set-up builds in a checkout, kept aside so that going back needs neither network nor time."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from culture_profiles.errors import KithError
from kith.keeping.disk import LOW_BYTES, space
from kith.upgrade.programs import run

PARTS = (".venv", "robot_ws/install", "robot_ws/build")
_COPY_S = 1800.0


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


@dataclass(frozen=True)
class Built:
    """The built parts of `checkout`, and `store`, the folder that keeps a copy of them."""

    checkout: Path
    store: Path

    @property
    def _list(self) -> Path:
        return self.store / "parts"

    @property
    def saved(self) -> bool:
        """Whether a whole copy is there."""
        return self._list.is_file()

    def save(self) -> None:
        """Copy every built part aside, replacing an earlier copy. Errors: KithError when there is no room."""
        shutil.rmtree(self.store, ignore_errors=True)
        parts = [part for part in PARTS if (self.checkout / part).is_dir()]
        needed = sum(_size(self.checkout / part) for part in parts)
        left = space(self.checkout)
        if left.free < needed + LOW_BYTES:
            raise KithError(
                f"an upgrade needs {(needed + LOW_BYTES) / 1e9:.1f} GB for the way back, there are {left}: make room"
            )
        for part in parts:
            target = self.store / part
            run(["mkdir", "-p", str(target.parent)], checkout=self.checkout, owned=self.checkout, timeout_s=60)
            # Blocks are shared where the file system can; nothing is, once either side changes.
            run(
                ["cp", "--archive", "--reflink=auto", str(self.checkout / part), str(target)],
                checkout=self.checkout,
                owned=self.checkout,
                timeout_s=_COPY_S,
                what=f"keeping a copy of {part}",
            )
        self.store.mkdir(parents=True, exist_ok=True)
        self._list.write_text("\n".join(parts))

    def put_back(self) -> None:
        """Move the copies back into place; parts that were not there before go. Can be repeated when cut short."""
        there_before = self._list.read_text().splitlines()
        for part in PARTS:
            place, saved = self.checkout / part, self.store / part
            if part in there_before and not saved.is_dir():
                continue  # moved back already
            doomed = place.with_name(place.name + ".failed")
            shutil.rmtree(doomed, ignore_errors=True)
            if place.is_dir():
                place.rename(doomed)
            if saved.is_dir():
                place.parent.mkdir(parents=True, exist_ok=True)
                saved.rename(place)
            shutil.rmtree(doomed, ignore_errors=True)
        self.forget()

    def forget(self) -> None:
        """Remove the copies."""
        shutil.rmtree(self.store, ignore_errors=True)
