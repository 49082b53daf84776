"""Where ROS 2 and the built workspace are, for every Python of the virtual environment.

Set-up writes a `.pth` file that imports this module, so that `.venv/bin/python`, `kith`, `pytest` and each node find
`rclpy`, `kith_msgs` and their shared libraries without anybody sourcing anything. The loader reads `LD_LIBRARY_PATH`
only when a process starts, hence the one re-execution (about 20 ms); children inherit the result. It does what the
ROS wheels' own bootstrap does, with the workspace added, and sets that bootstrap's guard.
"""

import os
import sys
from pathlib import Path

_DONE = "_ROS_WHEELS_BOOTSTRAP_COMPLETE"
_PREFIX = Path(sys.prefix)
WORKSPACE = Path(__file__).resolve().parent.parent / "robot_ws" / "install"


def _front(variable: str, paths: list[Path]) -> str:
    """`variable` with `paths` before what it holds, each once, in order."""
    known = [part for part in os.environ.get(variable, "").split(os.pathsep) if part]
    return os.pathsep.join(dict.fromkeys([*map(str, paths), *known]))


def environment() -> dict[str, str]:
    """The variables that a ROS process needs here. Sourced distributions keep theirs, behind ours."""
    site = _PREFIX / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    prefixes = [WORKSPACE, _PREFIX] if (site / "rclpy").is_dir() else [WORKSPACE]
    return {
        "AMENT_PREFIX_PATH": _front("AMENT_PREFIX_PATH", prefixes),
        "LD_LIBRARY_PATH": _front(
            "LD_LIBRARY_PATH", [prefix / "lib" for prefix in prefixes] + sorted(site.glob("ros_*.libs"))
        ),
        _DONE: "1",
    }


def ensure() -> None:
    """Give this process that environment, by one re-execution where it lacks it."""
    if str(WORKSPACE / "lib") in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) and _DONE in os.environ:
        return
    os.environ.update(environment())
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the same program, the same arguments


ensure()
