"""The same recorded morning in both simulators: what the robot says and what comes of it must not hang on its body."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from culture_profiles.errors import KithError
from kith.launching.evaluation import Process
from kith.launching.session import launch_directory
from sim.gazebo import transport
from tests.launch.test_launch_files import resolve, stubs

__all__ = ["stubs"]

LONGEST_S = 900
_SIMULATED = ("embedded", "gazebo")
_SIMULATORS = {"/body", "/gazebo", "/gazebo_bridge", "/gazebo_people"}


def _above_the_body(name: str, folder: Path, body: str) -> dict[str, tuple[Any, ...]]:
    def plain(process: Process) -> tuple[Any, ...]:
        words = [Path(word).read_text() if word.startswith(str(folder)) else word for word in process.command]
        return (
            [word.replace(f"body_{body}.yaml", "body.yaml") for word in words],
            dict(process.parameters),
            process.respawn,
            process.respawn_delay_s,
        )

    nodes = resolve(name, folder, **{"simulator" if name == "demo" else "body": body})
    return {node: plain(process) for node, process in nodes.items() if node and node not in _SIMULATORS}


@pytest.mark.usefixtures("stubs")
@pytest.mark.parametrize("name", ["demo", "up"])
def test_above_the_body_nothing_differs(tmp_path: Path, name: str) -> None:
    embedded = _above_the_body(name, tmp_path / "embedded", "embedded")
    gazebo = _above_the_body(name, tmp_path / "gazebo", "gazebo")
    assert {"/dialogue", "/motion", "/safety", "/asr", "/tts"} <= embedded.keys()
    assert gazebo == embedded
    known = [yaml.safe_load((launch_directory() / f"params/body_{body}.yaml").read_text()) for body in _SIMULATED]
    assert known[0] == known[1]


def _morning(folder: Path, body: str) -> tuple[list[tuple[str, ...]], int]:
    """What the robot said and how each step ended, and the exit code."""
    command = [sys.executable, "-m", "kith.main", "demo", "--json", "--no-view", "--seed", "7", "--body", body]
    found = subprocess.run(
        [*command, "--output", str(folder)], capture_output=True, text=True, timeout=LONGEST_S / 2 - 10, check=False
    )
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert lines, found.stderr
    told = [
        ("said", each["locale"], each["text"]) if each["event"] == "said" else ("done", each["text"], each["problem"])
        for each in lines
        if each["event"] == "done" or (each["event"] == "said" and each["who"] == "robot")
    ]
    return told, found.returncode


@pytest.mark.timeout(LONGEST_S)
def test_the_same_morning_gives_the_same_sentences_and_outcomes(tmp_path: Path) -> None:
    if transport.program() is None:
        pytest.skip(transport.HOW_TO_GET)
    try:
        transport.load()
    except KithError as problem:
        pytest.skip(str(problem))
    embedded, gazebo = (_morning(tmp_path / body, body) for body in _SIMULATED)
    assert gazebo == embedded
    assert embedded[1] == 0
