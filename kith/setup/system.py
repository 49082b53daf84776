"""The system packages that no Python registry has, on Debian 12 and Ubuntu 24.04."""

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kith.setup.packages import sourced_distribution
from kith.setup.step import SetupError, Step

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")


@dataclass(frozen=True)
class Need:
    """A system package, what it is for, and how to see that it (or something as good) is there."""

    package: str
    purpose: str
    present: Callable[[], bool]


def _has(program: str) -> Callable[[], bool]:
    return lambda: shutil.which(program) is not None


def _has_library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _has_alsa_plugin(name: str) -> Callable[[], bool]:
    return lambda: any(Path("/usr/lib").glob(f"*/alsa-lib/libasound_module_pcm_{name}.so"))


def _is_debian() -> bool:
    release = Path("/etc/os-release")
    return release.is_file() and "\nID=debian" in "\n" + release.read_text()


def needs(purpose: str) -> list[Need]:
    """What `make demo` or `make test` needs of the system."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    headers = Path(sysconfig.get_paths()["include"]) / "Python.h"
    found = [
        Need("g++", "compiling the ROS 2 message types", _has("g++")),
        Need(f"{version}-dev", "compiling the ROS 2 message types", headers.is_file),
        Need(f"{version}-venv", "the virtual environment", lambda: importlib.util.find_spec("ensurepip") is not None),
        Need("espeak-ng", "the robot's voice", lambda: _has("espeak-ng")() and _has_library("espeak-ng")()),
        Need("libportaudio2", "the laptop's microphone and loudspeaker", _has_library("portaudio")),
        Need("libosmesa6", "the simulated robot's camera", _has_library("OSMesa")),
    ]
    if sourced_distribution():  # its numpy and OpenCV must be the ones that its ROS was built with
        found.append(Need("python3-opencv", "the robot's sight", lambda: importlib.util.find_spec("cv2") is not None))
        found.append(Need("opencv-data", "the robot's sight", Path("/usr/share/opencv4/haarcascades").is_dir))
    # Ubuntu has Chromium only as a snap, which does not run everywhere: there the browser tests say that they skip.
    if purpose == "test" and _is_debian():
        found.append(Need("chromium", "the browser tests", lambda: any(map(shutil.which, BROWSERS))))
    if purpose == "test":  # 25 MB altogether
        sound = "the test of the laptop's sound"
        found.append(Need("pulseaudio", sound, _has("pulseaudio")))
        found.append(Need("pulseaudio-utils", sound, _has("pactl")))
        found.append(Need("libasound2-plugins", sound, _has_alsa_plugin("pulse")))
    return found


def _sudo_asks_nothing() -> bool:
    return subprocess.run(["sudo", "-n", "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0


def _install(missing: list[Need]) -> None:
    for need in missing:
        print(f"      {need.package}: for {need.purpose}", flush=True)
    names = [need.package for need in missing]
    by_hand = f"sudo apt-get install -y {' '.join(names)}"
    if shutil.which("apt-get") is None:
        raise SetupError(f"this system has no apt-get: install what Debian calls {' '.join(names)}, then run it again")
    if os.geteuid() == 0:
        front: list[str] = []
    elif shutil.which("sudo") and (
        sys.stdin.isatty() or subprocess.run(["sudo", "-n", "true"], check=False).returncode == 0
    ):
        front = ["sudo"]
    else:
        raise SetupError(f"system packages are missing. Run this, then the same command again: {by_hand}")
    apt = [*front, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    # An old package list is the usual cause of a failed install; a failed update may still leave a good enough one.
    subprocess.run([*apt, "update", "-qq"], check=False, stdin=subprocess.DEVNULL)
    command = [*apt, "install", "-y", "-qq", "--no-install-recommends", *names]
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode:
        raise SetupError(f"system packages could not be installed. See why with: {by_hand}")


def step(purpose: str) -> Step:
    """Install what is missing, as root or through sudo; otherwise say the one command to run."""

    def missing() -> list[Need]:
        return [need for need in needs(purpose) if not need.present()]

    return Step("System packages", lambda: not missing(), lambda: _install(missing()))
