"""`kith demo` as its user runs it: the real stack, with real voices, on short scenarios."""

import json
import os
import signal
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import psutil
import pytest

pytestmark = pytest.mark.timeout(240)

GREETED = """
title: A short visit
residents: [hanna]
steps:
  - {step: Hanna comes in, resident: hanna, enters: true, within_s: 60, reply: {language: pl, contains: [pani Hanno]}}
"""
WRONGLY = (
    GREETED
    + """
  - {step: Hanna is taken for Kenji, resident: hanna, says: Good morning., within_s: 5, reply: {contains: [Mr Sato]}}
"""
)


@pytest.fixture(autouse=True)
def as_a_user_has_it(ros_domain: int, home_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A domain of its own, but the middleware's settings from the launch files, and no home given."""
    monkeypatch.delenv("ROS_AUTOMATIC_DISCOVERY_RANGE")
    monkeypatch.delenv("KITH_HOME")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-X", "faulthandler", "-m", "kith.main", *arguments]


def scenario(tmp_path: Path, content: str) -> str:
    path = tmp_path / "short.yaml"
    path.write_text(content)
    return str(path)


def demo(tmp_path: Path, content: str) -> tuple[int, list[dict[str, Any]], str]:
    output = str(tmp_path / "out")
    done = subprocess.run(
        command("demo", "--json", "--scenario", scenario(tmp_path, content), "--output", output),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_a_visit_is_told_written_and_summed_up(home_dir: Path, tmp_path: Path) -> None:
    code, lines, errors = demo(tmp_path, GREETED)
    assert code == 0, errors
    summary = lines[-1]
    assert (summary["event"], summary["ok"], summary["done"], summary["steps"]) == ("summary", True, 1, 1)
    (pages,) = (line for line in lines if line["event"] == "pages")
    assert pages["view"].startswith("http://127.0.0.1:") and pages["tablet"].startswith("https://localhost:")
    said = [line for line in lines if line["event"] == "said"]
    assert said[0]["who"] == "robot" and said[0]["locale"] == "pl_PL" and "pani Hanno" in said[0]["text"]
    assert (tmp_path / "out" / "transcript.jsonl").read_text().splitlines() == [
        json.dumps(line, ensure_ascii=False) for line in lines
    ]
    with wave.open(summary["audio"]) as room:
        assert room.getnchannels() == 2
        assert room.getnframes() / room.getframerate() > 1.0
    assert not any(home_dir.iterdir())  # it lived in a home of its own


def test_a_step_that_does_not_happen_is_named_and_the_exit_code_says_so(tmp_path: Path) -> None:
    code, lines, errors = demo(tmp_path, WRONGLY)
    assert code == 1, errors
    assert (lines[-1]["ok"], lines[-1]["done"]) == (False, 1)
    assert lines[-1]["problem"].startswith("Hanna is taken for Kenji: ")
    assert "Traceback" not in errors


def _end(process: "subprocess.Popen[str]") -> None:
    """Nothing of a demo is left, whatever became of it."""
    try:
        left = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return
    for each in left:
        each.kill()
    process.kill()
    process.communicate()


def test_ctrl_c_leaves_nothing_behind_but_what_was_heard(tmp_path: Path) -> None:
    output = tmp_path / "out"
    waiting = GREETED.replace("pani Hanno", "words that are never said")
    process = subprocess.Popen(
        command("demo", "--json", "--scenario", scenario(tmp_path, waiting), "--output", str(output)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        start_new_session=True,
        # Whoever runs the tests in the background has it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert process.stdout
        for line in process.stdout:
            if json.loads(line)["event"] == "said":
                break
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        os.killpg(process.pid, signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)  # it says where each of its threads is
            _, errors = process.communicate(timeout=10)
            pytest.fail(f"it did not end within 30 s:\n{errors}")
    finally:
        _end(process)  # what is left would answer the tests that come after
    assert process.returncode == 130
    assert "Traceback" not in errors
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    assert (output / "room.wav").is_file()
    assert not list(tmp_path.glob("kith-demo-*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["demo", "--scenario", "evening"], "no scenario evening"),
        (["demo", "--output", "/proc/nowhere"], "give another with --output"),
    ],
)
def test_bad_input_is_one_clear_line(arguments: list[str], said: str) -> None:
    done = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.startswith("kith: ") and done.stderr.count("\n") == 1
