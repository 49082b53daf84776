"""The virtual environment and the Python packages of the lock file, ROS 2 Jazzy from wheels among them."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

from kith.setup.step import SetupError, Stamp, Step, fingerprint, run


def sourced_distribution() -> Path | None:
    """The ROS 2 Jazzy installation that this shell has sourced, if any."""
    for prefix in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep):
        if (
            prefix
            and (Path(prefix) / "share" / "rclpy" / "package.xml").is_file()
            and ".venv" not in Path(prefix).parts
        ):
            return Path(prefix)
    return None


def lock_file(root: Path) -> Path:
    """The wheels' lock, or the one that leaves ROS, numpy and OpenCV to the distribution."""
    return root / "lock" / ("ros-distribution.txt" if sourced_distribution() else "wheels.txt")


def environment_step(root: Path) -> Step:
    """`.venv`, made anew when the interpreter or the source of ROS changes."""
    venv = root / ".venv"
    stamp = Stamp(venv / ".kith" / "environment")
    distribution = sourced_distribution()
    wanted = f"{sys.version_info.major}.{sys.version_info.minor} {sys.base_prefix} {distribution or 'wheels'}"

    def make() -> None:
        command = [sys.executable, "-m", "venv", "--clear", str(venv)]
        if distribution:
            # numpy, OpenCV and rclpy come from the distribution: its binaries must all agree.
            command.insert(3, "--system-site-packages")
        if subprocess.run(command, check=False).returncode:
            raise SetupError("the virtual environment could not be made: see the lines above")
        stamp.write(wanted)

    return Step("Virtual environment", lambda: stamp.matches(wanted), make)


def _repair_ros_cmake(venv: Path) -> None:
    """Point the wheels' CMake files, which hold their build host's paths, at this interpreter."""
    python = venv / "bin" / "python"
    numpy_include = subprocess.run(
        [python, "-c", "import numpy; print(numpy.get_include())"], check=True, capture_output=True, text=True
    ).stdout.strip()
    python_include = sysconfig.get_paths()["include"]
    for path in venv.glob("share/*/cmake/*.cmake"):
        text = path.read_text()
        if "/opt/python/" not in text:
            continue
        text = re.sub(r"/opt/python/[\w-]+/lib/python[\d.]+/site-packages/numpy/_core/include", numpy_include, text)
        text = re.sub(r"/opt/python/[\w-]+/include/python3\.\d+", python_include, text)
        path.write_text(text)


def _link_workspace(root: Path, site: Path) -> None:
    """Let every Python of the environment find the built message types (see `kith.ros_environment`)."""
    built = root / "robot_ws" / "install" / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    (site / "kith_workspace.pth").write_text(f"{built / 'site-packages'}\nimport kith.ros_environment\n")


def packages_step(root: Path) -> Step:
    """Exactly the locked packages, each checked by hash, and Kith itself in place."""
    venv = root / ".venv"
    stamp = Stamp(venv / ".kith" / "packages")
    lock = lock_file(root)
    # Of the project file only what is installed: a changed linter rule must not reinstall a gigabyte.
    project = tomllib.loads((root / "pyproject.toml").read_text())
    wanted = fingerprint([lock], str(root), repr(project["project"]), repr(project["tool"]["setuptools"]))

    def install() -> None:
        if not lock.is_file():
            raise SetupError(f"{lock.relative_to(root)} is missing: restore it with git checkout")
        python: Path = venv / "bin" / "python"
        pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
        log = venv / ".kith" / "pip.log"
        offline = "packages could not be installed: is the package registry reachable? The same command goes on"
        run([*pip, "--no-deps", "--require-hashes", "--progress-bar", "off", "-r", lock], log, hint=offline)
        if not sourced_distribution():
            _repair_ros_cmake(venv)
        # Built from a clean state: an old build folder would bring back files that were deleted since.
        shutil.rmtree(root / "kith_companion.egg-info", ignore_errors=True)
        run([*pip, "--no-deps", "--no-build-isolation", "--editable", root], log, hint="kith itself did not install")
        site = next(venv.glob("lib/python3.*/site-packages"))
        _link_workspace(root, site)
        stamp.write(wanted)

    return Step("Python packages and ROS 2 (about 1.2 GB)", lambda: stamp.matches(wanted), install)
