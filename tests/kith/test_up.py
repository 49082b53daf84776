"""`kith up` as whoever types it sees it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nodes.body.sound_card import load_library, what_is_missing


def test_a_laptop_without_sound_is_told_before_anything_starts(home_dir: Path, ros_domain: int) -> None:
    if not what_is_missing(load_library()):
        pytest.skip("this machine has a microphone and a loudspeaker")
    kith = [sys.executable, "-m", "kith.main", "--home", str(home_dir)]
    command = [*kith, "up", "--body", "laptop", "tablet_port:=18484"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("kith: no microphone")
    assert "plug one in" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not any((home_dir / "logs").iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--body", "pepper"], "kith: Pepper's driver is not installed: "),
        (["--body", "gazebo"], "kith: Gazebo Sim (Harmonic or later) is not installed: follow https://gazebosim.org/"),
        (["--body", "generic", "microphone:=none-such"], "kith: no microphone called 'none-such' "),
        (["--body", "turtlebot4", "microphone:=none-such"], "kith: no microphone called 'none-such' "),
    ],
    ids=lambda given: given[1] if isinstance(given, list) else "",
)
def test_what_a_body_lacks_is_told_in_one_line_before_anything_starts(
    home_dir: Path, ros_domain: int, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    # Neither Gazebo nor Pepper's driver, whatever this machine has.
    monkeypatch.setenv("PATH", "/usr/bin:/bin" if shutil.which("gz", path="/usr/bin:/bin") is None else "")
    kith = [sys.executable, "-m", "kith.main", "--home", str(home_dir)]
    done = subprocess.run([*kith, "up", *arguments], capture_output=True, text=True, timeout=30, check=False)
    if "Portaudio" in done.stderr or "PortAudio" in done.stderr:
        pytest.skip("PortAudio is not installed")
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1
    assert not (home_dir / "logs").exists() or not any((home_dir / "logs").iterdir())
