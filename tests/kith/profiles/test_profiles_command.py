"""`kith profiles` as a carer types it, as real processes: with the home at rest and with it running."""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from culture_profiles.store import ProfileStore
from kith import home as homes
from kith import remote
from kith.main import main
from nodes.profiles.register import store_path

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = ROOT / "sim" / "residents" / "people"
STARTED_WITHIN_S = 60


@dataclass(frozen=True)
class Result:
    returncode: int
    stdout: str
    stderr: str


def kith(home: Path, *arguments: str, in_process: bool = False) -> Result:
    """The command's own `main`; a process of its own where it joins a running home's ROS domain."""
    command = ["--home", str(home), "profiles", *arguments]
    if homes.running(home) and not in_process:
        done = subprocess.run(
            [sys.executable, "-m", "kith.main", *command],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=STARTED_WITHIN_S,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)
    with (
        patch.object(sys, "argv", ["kith", *command]),
        redirect_stdout(StringIO()) as said,
        redirect_stderr(StringIO()) as complained,
    ):
        code = main()
    return Result(code, said.getvalue(), complained.getvalue())


def done(home: Path, *arguments: str) -> str:
    result = kith(home, *arguments)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def answer(home: Path, *arguments: str) -> Any:
    return json.loads(done(home, *arguments, "--json"))


def refusal(home: Path, *arguments: str, in_process: bool = False) -> str:
    result = kith(home, *arguments, in_process=in_process)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("kith: ") and result.stderr.count("\n") == 1, result.stderr
    assert len(result.stderr) < 300
    return result.stderr


@contextmanager
def running(home: Path) -> Iterator[None]:
    """The part of `kith up` that matters here: the home's lock and its profiles node."""
    with homes.lock(home):
        node = subprocess.Popen(
            [sys.executable, "-m", "nodes.profiles.node", "--ros-args", "-p", f"home_dir:={home}"], cwd=ROOT
        )
        try:
            yield
        finally:
            node.terminate()
            assert node.wait(timeout=STARTED_WITHIN_S) == 0


@pytest.fixture
def home(home_dir: Path) -> Path:
    done(home_dir, "import", str(PEOPLE / "hanna.yaml"), str(PEOPLE / "kenji.yaml"))
    return home_dir


def test_while_the_home_runs_everything_goes_through_its_nodes(
    home: Path, ros_domain: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(home):
        # A command finds its home by the lock, whatever domain the shell has.
        monkeypatch.setenv("ROS_DOMAIN_ID", str((ros_domain + 1) % 100))
        assert {entry["id"] for entry in answer(home, "list")} == {"hanna", "kenji"}
        name = "חנה \u200fKowalska\u0301 हि\u200dन्दी"
        assert answer(home, "set", "anna-2", "name.full", name, "--who", "ann")["in_force"] is True
        assert [(fact["value"], fact["who"]) for fact in answer(home, "history", "anna-2")] == [(name, "ann")]
        assert answer(home, "show", "anna-2")["facts"][0]["value"] == name
        assert "no such resident" in refusal(home, "show", "nobody")
        assert "staff" in refusal(home, "set", "hanna", "safety.allergy", "no nuts", "--source", "resident")
        assert [(asked["key"], asked["value"]) for asked in answer(home, "questions")] == [
            ("safety.allergy", "no nuts")
        ]


def test_a_carer_lists_shows_and_changes(home: Path) -> None:
    assert {entry["id"] for entry in answer(home, "list")} == {"hanna", "kenji"}
    assert "Hanna" in done(home, "list")

    kept = answer(home, "set", "kenji", "address.manner", "formal", "--who", "ann", "--note", "at breakfast")
    assert (kept["value"], kept["source"], kept["who"], kept["in_force"]) == ("formal", "carer", "ann", True)
    facts = {fact["key"]: fact["value"] for fact in answer(home, "show", "kenji")["facts"]}
    assert facts["address.manner"] == "formal"
    assert [fact["value"] for fact in answer(home, "history", "kenji", "address.manner")] == ["formal"]

    not_in_force = answer(home, "set", "hanna", "language.greeting", "en_GB")
    assert not_in_force["in_force"] is False
    assert "own word" in done(home, "set", "hanna", "language.greeting", "en_GB")
    assert answer(home, "set", "hanna", "language.greeting", "en_GB", "--source", "resident")["in_force"] is True

    assert answer(home, "lock", "hanna", "address.form")["status"] == "locked"
    assert answer(home, "set", "hanna", "address.form", "Mrs", "--source", "resident")["in_force"] is False
    assert answer(home, "retract", "hanna", "topics.liked", "sewing", "--source", "resident")["in_force"] is True
    liked = [fact["value"] for fact in answer(home, "show", "hanna")["facts"] if fact["key"] == "topics.liked"]
    assert liked == ["gardening"]

    assert "staff" in refusal(home, "set", "hanna", "safety.allergy", "no nuts", "--source", "resident")
    assert [(asked["key"], asked["value"]) for asked in answer(home, "questions")] == [("safety.allergy", "no nuts")]

    name = "חנה \u200fKowalska\u0301 हि‍न्दी"
    answer(home, "set", "anna-2", "name.full", name)
    assert {"id": "anna-2", "name": name} in answer(home, "list")

    assert "0 facts added" in done(home, "import", str(PEOPLE / "hanna.yaml"))
    assert stat.S_IMODE(store_path(home).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "nobody"), "no such resident"),
        (("history", "nobody"), "no such resident"),
        (("set", "nobody", "food.liked", "tea"), "no such resident"),
        (("set", "hanna", "food.likd", "tea"), "did you mean food.liked"),
        (("set", "hanna", "speech.rate", "rapid"), "slow, normal, fast"),
        (("set", "hanna", "food.liked", "a\x07b"), "control characters"),
        (("set", "hanna", "food.liked", "x" * 100_000), "value"),
        (("set", "hanna", "food.liked", " "), "value"),
        (("set", "Hanna Kowalska", "name.full", "Hanna"), "resident_id"),
        (("lock", "hanna", "topics.liked"), "say which one"),
        (("import", "missing.yaml"), "cannot be read"),
    ],
)
def test_bad_input_is_one_clear_line_and_changes_nothing(home_dir: Path, arguments: tuple[str, ...], told: str) -> None:
    done(home_dir, "import", str(PEOPLE / "hanna.yaml"))
    before = answer(home_dir, "history", "hanna")
    assert told in refusal(home_dir, *arguments)
    assert answer(home_dir, "history", "hanna") == before


def test_one_bad_file_keeps_all_out(home_dir: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: r1\nfacts:\n  name.full: A\n  speech.rate: rapid\n", encoding="utf-8")
    assert "bad.yaml, line 4: speech.rate" in refusal(home_dir, "import", str(PEOPLE / "hanna.yaml"), str(bad))
    assert answer(home_dir, "list") == []


def test_looking_at_a_home_does_not_make_one(tmp_path: Path) -> None:
    assert answer(tmp_path / "none", "list") == []
    assert "no residents yet" in refusal(tmp_path / "none", "show", "hanna")
    assert not (tmp_path / "none").exists()


def test_a_damaged_store_is_one_line(home_dir: Path) -> None:
    store_path(home_dir).parent.mkdir()
    store_path(home_dir).write_text("not a database at all\n" * 100)
    assert "restore" in refusal(home_dir, "list")


def test_a_home_in_use_by_another_command_is_waited_for(home_dir: Path) -> None:
    done(home_dir, "import", str(PEOPLE / "hanna.yaml"))
    writers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "kith.main",
                "--home",
                str(home_dir),
                "profiles",
                "set",
                "hanna",
                "food.liked",
                item,
            ],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        for item in ("tea", "cake", "jam")
    ]
    assert [writer.wait(timeout=STARTED_WITHIN_S) for writer in writers] == [0, 0, 0]
    with ProfileStore(store_path(home_dir)) as store:
        assert {"tea", "cake", "jam"} <= set(store.snapshot("hanna").values("food.liked"))


def test_a_running_home_without_its_profiles_node_is_one_line(
    home: Path, ros_domain: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "_ANSWER_WITHIN_S", 1.0)
    with homes.lock(home):
        assert "cannot be reached" in refusal(home, "list", in_process=True)


def test_a_table_of_another_system_comes_in_once(home_dir: Path, tmp_path: Path) -> None:
    table = tmp_path / "residents.csv"
    table.write_text("name.full,room.name\nEwa Lis,4\nJan Kos,5\n")
    assert done(home_dir, "import", str(table)).count("2 facts added") == 2
    assert "somebody of a name in it is there already" in refusal(home_dir, "import", str(table))
    table.write_text("name.full,shoe_size\nAda Fox,38\n")
    assert "residents.csv, line 1: column 2" in refusal(home_dir, "import", str(table))
