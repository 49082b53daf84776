"""`kith up` as whoever types it sees it."""

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
