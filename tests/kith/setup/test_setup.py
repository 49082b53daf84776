"""Set-up of a machine, as the person who typed `make` sees it."""

import os
from pathlib import Path

import pytest

from kith.setup import system
from kith.setup.__main__ import steps
from kith.setup.step import SetupError, Stamp, Step, fingerprint, run


def test_a_step_interrupted_half_way_is_done_again_and_then_never_more(tmp_path: Path) -> None:
    stamp = Stamp(tmp_path / "stamps" / "packages")
    tries: list[int] = []

    def do() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise KeyboardInterrupt
        stamp.write("inputs")

    step = Step("Packages", lambda: stamp.matches("inputs"), do)
    with pytest.raises(KeyboardInterrupt):
        step.run("[1/1]")
    assert step.run("[1/1]")
    assert not step.run("[1/1]")
    assert len(tries) == 2


def test_a_changed_file_makes_the_step_needed_again(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("one")
    before = fingerprint([lock])
    lock.write_text("two")
    assert fingerprint([lock]) != before
    lock.unlink()
    assert fingerprint([lock]) not in (before, "")


def test_a_failing_command_shows_its_end_and_says_what_to_do(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupError, match="is the registry reachable"):
        run(["sh", "-c", "echo the reason; exit 3"], tmp_path / "log", hint="is the registry reachable?")
    assert "the reason" in capfd.readouterr().err
    assert "the reason" in (tmp_path / "log").read_text()


def test_a_command_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="install colcon"):
        run([tmp_path / "colcon"], tmp_path / "log", hint="install colcon")


def test_without_root_or_sudo_one_command_is_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    missing = [system.Need("espeak-ng", "the robot's voice", lambda: False)]
    monkeypatch.setattr(system, "needs", lambda purpose: missing)
    with pytest.raises(SetupError, match=r"sudo apt-get install -y espeak-ng$"):
        system.step("demo").run("[1/1]")


def test_a_machine_that_is_set_up_has_nothing_left_to_do() -> None:
    assert [step.name for step in steps("test") if not step.is_done()] == []
