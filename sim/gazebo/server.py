"""Starts Gazebo Sim on a world, with everything that it needs to find: its models, and whether it may open a window."""

import argparse
import os
import sys
from pathlib import Path

from culture_profiles.errors import KithError
from sim.gazebo.transport import HOW_TO_GET, program
from sim.worlds import sdf


def command(world: str, *, gui: bool) -> list[str]:
    """The command line. Errors: KithError without Gazebo, or for a world that cannot be read."""
    gz = program()
    if gz is None:
        raise KithError(HOW_TO_GET)
    path = Path(world) if world else sdf.CARE_HOME
    sdf.read(path)  # one line for a bad file, before Gazebo says many
    shown = [] if gui else ["-s", "--headless-rendering"]
    return [gz, "sim", "-r", *shown, "-v", "1", str(path.resolve())]


def environment() -> dict[str, str]:
    """Where Gazebo finds `model://`: Kith's own models before any others."""
    paths = [str(each) for each in sdf.model_paths() if each.is_dir()]
    before = os.environ.get("GZ_SIM_RESOURCE_PATH", "")
    return {**os.environ, "GZ_SIM_RESOURCE_PATH": os.pathsep.join([*paths, *([before] if before else [])])}


def main() -> int:
    """Become Gazebo. Returns 1, with one line, only where that cannot be."""
    parser = argparse.ArgumentParser(description="Start Gazebo Sim on Kith's world.")
    parser.add_argument("--world", default="", help="SDF file; empty: the care home that comes with Kith")
    parser.add_argument("--gui", default="false", choices=("true", "false"), help="with Gazebo's window")
    given = parser.parse_args()
    try:
        line = command(given.world, gui=given.gui == "true")
    except KithError as problem:
        print(f"gazebo: {problem}", file=sys.stderr)  # noqa: T201 - the program's own output
        return 1
    else:
        os.execve(line[0], line, environment())  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    sys.exit(main())
