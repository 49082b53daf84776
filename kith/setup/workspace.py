"""The interface packages and the ROS package of Kith, built by colcon in `robot_ws/`."""

import os
import shutil
from pathlib import Path

from kith.setup.packages import lock_file, sourced_distribution
from kith.setup.step import Stamp, Step, fingerprint, run

_FIELD_COMPATIBLE = (
    "communication_skills",
    "hri_msgs",
    "irobot_create_msgs",
    "naoqi_bridge_msgs",
    "nav2_msgs",
    "ros_gz_interfaces",
    "std_skills",
    "tf2_msgs",
)


def _in_distribution() -> list[str]:
    """Those of our stand-in packages that the sourced distribution has itself."""
    known = [Path(prefix) for prefix in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if prefix]
    others = [prefix for prefix in known if "robot_ws" not in prefix.parts]
    return [
        name
        for name in _FIELD_COMPATIBLE
        if any((prefix / "share" / name / "package.xml").is_file() for prefix in others)
    ]


def step(root: Path) -> Step:
    """`colcon build`, again only when an interface, the package or the set of launch files has changed."""
    workspace, venv = root / "robot_ws", root / ".venv"
    stamp = Stamp(venv / ".kith" / "workspace")
    sources = [path for path in (workspace / "src").rglob("*") if path.is_file()]
    launch_files = " ".join(sorted(str(path.relative_to(root)) for path in (root / "launch").rglob("*")))
    # The message types are compiled against the locked ROS packages.
    wanted = fingerprint([*sources, lock_file(root)], launch_files, str(root))

    def is_done() -> bool:
        return stamp.matches(wanted) and (workspace / "install" / "lib" / "kith").is_dir()

    def build() -> None:
        environment = dict(os.environ)
        environment["PATH"] = f"{venv / 'bin'}{os.pathsep}{environment['PATH']}"
        colcon = venv / "bin" / "colcon"
        if sourced_distribution() is None:
            for variable in ("AMENT_PREFIX_PATH", "CMAKE_PREFIX_PATH"):
                environment[variable] = str(venv)
        else:
            colcon = Path(shutil.which("colcon", path=environment["PATH"]) or "colcon")
        ignored = _in_distribution()
        python_only = sourced_distribution() is None
        run(
            [
                colcon, "--log-base", workspace / "log", "build",
                "--base-paths", workspace / "src",
                "--build-base", workspace / "build",
                "--install-base", workspace / "install",
                "--merge-install", "--symlink-install",
                *(["--packages-ignore", *ignored] if ignored else []),
                "--cmake-args", f"-DPython3_EXECUTABLE={venv / 'bin' / 'python'}", "-DBUILD_TESTING=OFF",
                *(["-DPYTHON_INTERFACES_ONLY=ON"] if python_only else []),
                *(["-GNinja"] if shutil.which("ninja", path=environment["PATH"]) else []),
            ],
            venv / ".kith" / "colcon.log",
            hint="the ROS 2 interface packages did not build; remove robot_ws/build and try again",
            env=environment,
        )  # fmt: skip
        stamp.write(wanted)

    return Step("ROS 2 interfaces (about a minute, once)", is_done, build)
