"""What is on in the home today: `day.yaml` of its folder, read at start and again whenever it has changed."""

from pathlib import Path
from typing import Any

from behaviours.home_day import FILE, read_day
from behaviours.mind import Mind
from culture_profiles.errors import KithError
from nodes.base.node import KithNode

_LOOK_EVERY_S = 2.0


class Day:
    """Tells the mind; without the file, or with one that cannot be read, nothing is known of the day."""

    def __init__(self, node: KithNode[Any], mind: Mind, home_dir: str) -> None:
        self._node, self._mind = node, mind
        self._seen: tuple[int, int] | None = None  # when it was changed (ns) and its size (bytes)
        if home_dir:
            self._path = Path(home_dir) / FILE
            self._look()
            node.every(_LOOK_EVERY_S, self._look, steady=True)

    def _look(self) -> None:
        try:
            found = self._path.stat()
            seen = (found.st_mtime_ns, found.st_size)
        except OSError:
            seen = None
        if seen == self._seen:
            return
        self._seen = seen
        self._node.health.clear("day")
        try:
            self._mind.day_is(read_day(self._path) if seen is not None else None)
        except KithError as problem:
            self._mind.day_is(None)
            self._node.health.warn("day", str(problem))
