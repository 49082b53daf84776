"""`kith simulate` refuses what makes no sense in one line."""

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "kith.main", "simulate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--days", "0"),
        ("--residents", "0"),
        ("--residents", "1000"),
        ("--robots", "0"),
        ("--kill-every", "often"),
        ("--cut-every", "1m"),
    ],
)
def test_bad_values_are_refused_in_one_line(arguments: tuple[str, str]) -> None:
    found = _run(*arguments)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    assert arguments[0] in found.stderr.strip().splitlines()[-1]


def test_a_directory_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    found = _run("--keep", str(tmp_path))
    assert found.returncode == 2
    assert "not empty" in found.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_whatever_ends_it_no_node_is_left(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-m", "kith.main", "simulate", "--residents", "1", "--robots", "1", "--keep", str(home)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60.0
    while len(_nodes_of(home)) < 4:
        assert time.monotonic() < deadline, "the nodes did not start"
        time.sleep(0.05)
    process.kill()
    process.wait()
    while _nodes_of(home):
        assert time.monotonic() < deadline, "nodes are left"
        time.sleep(0.05)


def _nodes_of(home: Path) -> list[Path]:
    """Processes that write their log into this home."""
    found = []
    for path in Path("/proc").glob("[0-9]*/fd/1"):
        with suppress(OSError):
            if str(path.readlink()).startswith(f"{home}/logs/"):
                found.append(path)
    return found
