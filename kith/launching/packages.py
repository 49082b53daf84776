"""Where ROS packages are: the ament index under AMENT_PREFIX_PATH, read without any ROS module."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


class PackageError(ValueError):
    """A package or executable that is not there; the message says what to do, in one line."""


def prefix(package: str, environment: Mapping[str, str]) -> Path:
    """The prefix that `package` is installed in. Errors: PackageError."""
    for place in environment.get("AMENT_PREFIX_PATH", "").split(os.pathsep):
        if place and package and (Path(place) / "share/ament_index/resource_index/packages" / package).is_file():
            return Path(place)
    raise PackageError(f"the ROS package {package!r} is not installed: build robot_ws or source the package's set-up")


def share(package: str, environment: Mapping[str, str]) -> Path:
    """The package's `share` directory. Errors: PackageError."""
    return prefix(package, environment) / "share" / package


def executable(package: str, name: str, environment: Mapping[str, str]) -> Path:
    """One executable of a package. Errors: PackageError."""
    directory = prefix(package, environment) / "lib" / package
    found = shutil.which(name, path=str(directory)) if name else None
    if found is None:
        raise PackageError(f"the ROS package {package!r} has no executable {name!r} in {directory}")
    return Path(found)
