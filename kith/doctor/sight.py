"""Sight: which face detector there is, and what it sees less well."""

from collections.abc import Iterator
from pathlib import Path

from culture_profiles.errors import KithError
from kith.doctor.check import Check
from nodes.vision import faces

_BETTER = "run `kith models install yunet`: faces farther away, turned, and dark are found more often"


def checks(models_dir: Path) -> Iterator[Check]:
    """Whether faces can be found, and how well. Sight is off unless asked for, so that nothing else needs it."""
    try:
        name = faces.load(models_dir).name
    except KithError as problem:
        yield Check("engine", "faces", False, False, "nobody can be seen", str(problem))
        return
    limits = (
        "dark skin is seen less well than light; `kith bench vision` measures it; no pose model: who waves is not seen"
    )
    if name == "yunet":
        yield Check("engine", "faces", True, False, f"found by YuNet; {limits}")
    else:
        yield Check("engine", "faces", True, False, f"found by OpenCV's cascades, to about 3 m; {limits}", _BETTER)
