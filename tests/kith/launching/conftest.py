"""A launch file written by a test, and an ament prefix with tiny programs in it."""

import os
from pathlib import Path

import pytest

from kith.launching import actions
from kith.launching.evaluation import Evaluation
from tests.kith.launching.programs import Evaluate, WriteLaunchFile, program


@pytest.fixture
def write(tmp_path: Path) -> WriteLaunchFile:
    """Writes the entries of a launch file; gives its path."""

    def make(entries: str, name: str = "test.launch.yaml") -> Path:
        path = tmp_path / name
        path.write_text("launch:\n" + entries, encoding="utf-8")
        return path

    return make


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ament prefix with the package `things`, before all others; put programs into its lib/things."""
    prefix = tmp_path / "prefix"
    (prefix / "share/ament_index/resource_index/packages").mkdir(parents=True)
    (prefix / "share/ament_index/resource_index/packages/things").touch()
    programs = prefix / "lib/things"
    programs.mkdir(parents=True)
    monkeypatch.setenv("AMENT_PREFIX_PATH", f"{prefix}:{os.environ.get('AMENT_PREFIX_PATH', '')}")
    program(programs / "talker", "import time\nprint('hello', flush=True)\ntime.sleep(600)")
    return programs


@pytest.fixture
def evaluate(tmp_path: Path) -> Evaluate:
    """Executes a launch file without starting anything."""

    def make(path: Path, **arguments: str) -> Evaluation:
        directory = tmp_path / "parameters"
        directory.mkdir(exist_ok=True)
        evaluation = Evaluation(os.environ, directory)
        evaluation.configurations.update(arguments)
        evaluation.around.file = path
        evaluation.run(actions.read(path))
        return evaluation

    return make
