"""The bridge's file: which topic of ROS is which of Gazebo. The format is ros_gz_bridge's."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from culture_profiles.errors import KithError

_NEEDED = ("ros_topic_name", "gz_topic_name", "ros_type_name", "gz_type_name", "direction")
_KNOWN = {*_NEEDED, "lazy", "publisher_queue", "subscriber_queue"}
_DIRECTIONS = ("GZ_TO_ROS", "ROS_TO_GZ", "BIDIRECTIONAL")


@dataclass(frozen=True)
class Entry:
    """One line of the bridge. `lazy`: heard in Gazebo only while somebody listens in ROS."""

    ros_topic: str
    gz_topic: str
    ros_type: str
    gz_type: str
    direction: str
    lazy: bool = False

    @property
    def to_ros(self) -> bool:
        """Whether what Gazebo says reaches ROS."""
        return self.direction != "ROS_TO_GZ"

    @property
    def to_gazebo(self) -> bool:
        """Whether what ROS says reaches Gazebo."""
        return self.direction != "GZ_TO_ROS"


def read(path: Path) -> tuple[Entry, ...]:
    """Errors: KithError that names file, entry and field."""
    try:
        content = yaml.safe_load(path.read_text())
    except (OSError, UnicodeDecodeError) as problem:
        raise KithError(f"{path}: the bridge's file cannot be read: {problem}") from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise KithError(f"{path}{where}: is not YAML") from None
    if not isinstance(content, list) or not content:
        raise KithError(f"{path}: must be a list of topics")
    return tuple(_entry(path, number, each) for number, each in enumerate(content, 1))


def _entry(path: Path, number: int, given: Any) -> Entry:
    where = f"{path}, entry {number}"
    if not isinstance(given, dict):
        raise KithError(f"{where}: must have {', '.join(_NEEDED)}")
    for field in _NEEDED:
        if not isinstance(given.get(field), str) or not given[field]:
            raise KithError(f"{where}: {field} is missing")
    if unknown := set(given) - _KNOWN:
        raise KithError(f"{where}: {sorted(unknown)[0]} is not known; there are {', '.join(sorted(_KNOWN))}")
    if given["direction"] not in _DIRECTIONS:
        raise KithError(f"{where}: direction is {given['direction']!r}: use one of {', '.join(_DIRECTIONS)}")
    return Entry(
        given["ros_topic_name"],
        given["gz_topic_name"],
        given["ros_type_name"],
        given["gz_type_name"],
        given["direction"],
        bool(given.get("lazy", False)),
    )
