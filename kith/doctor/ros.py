"""ROS 2, the message packages, and who could listen to them."""

import importlib
import os
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec

from culture_profiles.errors import KithError
from kith.doctor.check import Check
from kith.launching import launch_file, middleware
from kith.launching.packages import PackageError, share

_INTERFACES = ("kith_msgs", "hri_msgs", "std_skills", "communication_skills")
_SET_UP = "run `make setup` in Kith's folder"


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "?"


def checks() -> Iterator[Check]:
    """ROS itself, the interface packages, the nodes' programs, the launch files, and middleware security."""
    spec = find_spec("rclpy")
    if spec is None or spec.origin is None:
        yield Check("ros", "ROS 2 Jazzy", False, True, "ROS 2 is not installed for this Python", _SET_UP)
        return
    wheels = not spec.origin.startswith("/opt/ros/")
    origin = f"wheels in this virtual environment ({_version('ros-jazzy-rclpy')})" if wheels else spec.origin
    yield Check("ros", "ROS 2 Jazzy", True, True, f"from {origin}")
    for name in _INTERFACES:
        try:
            importlib.import_module(
                f"{name}.msg" if name in ("kith_msgs", "hri_msgs", "std_skills") else f"{name}.action"
            )
            yield Check("ros", name, True, True, "can be imported")
        except ImportError:
            yield Check("ros", name, False, True, "the message types are not built", _SET_UP)
    try:
        launch_file("up")
        programs = share("kith", os.environ).parents[1] / "lib" / "kith"
        missing = [name for name in ("profiles", "asr", "tts", "dialogue") if not os.access(programs / name, os.X_OK)]
        if missing:
            raise KithError(f"the programs {', '.join(missing)} are not there")
        yield Check("ros", "nodes", True, True, f"programs in {programs}")
    except (KithError, PackageError) as problem:
        yield Check("ros", "nodes", False, True, str(problem), _SET_UP)
    yield _security(wheels=wheels)


def _security(*, wheels: bool) -> Check:
    if middleware.secured(os.environ):
        return Check("ros", "SROS2", True, False, "ROS security is enforced")
    why = "the ROS wheels are built without it" if wheels else "it is not switched on"
    return Check(
        "ros",
        "SROS2",
        False,
        False,
        f"no ROS security ({why}): nodes talk on this machine only",
        "nothing while everything runs on this machine; to leave it, use the distribution's ROS with a keystore",
    )
