"""`kith behaviours`: the tree as a stranger reads it."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from kith.behaviours.drawing import rows
from tests.behaviours.minds import hanna

KITH = [sys.executable, "-m", "kith.main"]


def kith(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*KITH, *arguments], capture_output=True, text=True, check=False, timeout=60)


def test_the_branches_stand_in_the_order_of_the_floor() -> None:
    shown = kith("behaviours", "--json")
    tree = json.loads(shown.stdout)["tree"]
    assert [row["name"] for row in tree if row["depth"] == 1] == [
        "safety", "emergency", "reminder", "conversation", "idle"
    ]  # fmt: skip


def test_the_picture_is_whole_and_holds_every_behaviour(tmp_path: Path) -> None:
    path = tmp_path / "tree.svg"
    assert kith("behaviours", "--svg", str(path)).returncode == 0
    written = {each.text for each in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")}
    assert {row.name for row in rows(hanna().mind.tree)} <= written


def test_a_picture_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    shown = kith("behaviours", "--svg", str(tmp_path / "nowhere" / "tree.svg"))
    assert shown.returncode == 2
    assert shown.stderr.count("\n") == 1
    assert "cannot be written" in shown.stderr


def test_watching_without_a_home_says_how_to_start_one(home_dir: Path) -> None:
    shown = kith("--home", str(home_dir), "behaviours", "--watch")
    assert shown.returncode == 2
    assert "kith up" in shown.stderr
