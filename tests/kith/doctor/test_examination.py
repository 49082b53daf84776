"""The doctor tells the truth about this machine, a home in trouble, and languages; quickly, and in plain words."""

import fcntl
import json
import os
import resource
import socket
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from culture_profiles.store import ProfileStore
from kith.doctor import examination, home_data, machine, speech
from kith.doctor.check import Check
from kith.doctor.examination import examine, ready
from kith.keeping import backup
from kith.models.catalogue import catalogue
from nodes.base.models import CARD
from tests.kith.stores import write_store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def kith(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kith.main", "--home", str(home), "doctor", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_every_finding_that_is_not_ready_says_what_to_do(home_dir: Path, tmp_path: Path) -> None:
    os.environ["KITH_MODELS"] = str(tmp_path / "none")
    try:
        checks = examine(home_dir, NOW)
    finally:
        del os.environ["KITH_MODELS"]
    assert {"machine", "port", "device", "ros", "body", "engine", "model", "language", "home"} == {
        check.area for check in checks
    }
    for check in checks:
        assert check.what
        assert check.ready or check.todo, check
        assert "\n" not in check.what + check.todo
    missing = by_name(checks)["whisper-tiny.en"]
    assert not missing.ready
    assert "kith models install whisper-tiny.en" in missing.todo
    assert not ready(checks)


def test_it_takes_under_two_seconds_and_loads_no_engine(home_dir: Path) -> None:
    program = (
        "import sys, pathlib, datetime\n"
        "from kith.doctor.examination import examine\n"
        "examine(pathlib.Path(sys.argv[1]), datetime.datetime.now(datetime.UTC))\n"
        "loaded = {'faster_whisper', 'vosk', 'piper', 'ctranslate2', 'onnxruntime', 'torch'} & set(sys.modules)\n"
        "sys.exit(str(loaded) if loaded else 0)\n"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", program, str(home_dir)], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    # Processor time: it waits for nothing, and other tests may share the machine.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2.0


def test_exit_code_and_json_agree(home_dir: Path, tmp_path: Path) -> None:
    done = kith("--json", home=home_dir, KITH_MODELS=str(tmp_path / "none"))
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["ready"]) == (1, False)
    needed = [check["name"] for check in answer["checks"] if check["needed"] and not check["ready"]]
    assert "whisper-tiny.en" in needed
    plain = kith(home=home_dir, KITH_MODELS=str(tmp_path / "none"))
    assert plain.returncode == 1
    assert plain.stdout.splitlines()[-1].startswith("Not ready: ")
    assert "whisper-tiny.en" in plain.stdout.splitlines()[-1]


def test_a_model_is_judged_by_its_files(tmp_path: Path) -> None:
    model = catalogue()["whisper-tiny.en"]
    folder = tmp_path / model.name
    folder.mkdir()
    (folder / CARD).write_text(json.dumps({"name": model.name, "kind": "whisper", "languages": ["en"], "files": {}}))
    found = by_name(list(speech.models(tmp_path, deep=False)))
    assert not found[model.name].ready
    assert found[model.name].what.startswith("damaged or incomplete")
    assert found["vosk-ko"].what.startswith("not installed")
    assert not found["vosk-ko"].needed


def installed(folder: Path, name: str, kind: str, *languages: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / CARD).write_text(json.dumps({"name": name, "kind": kind, "languages": languages}))


def add_language(home: Path, key: str, value: str) -> None:
    import sqlite3
    from contextlib import closing

    path = home / "profiles/profiles.db"
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as store:
        store.execute("CREATE TABLE IF NOT EXISTS facts (resident_id TEXT, key TEXT, value TEXT)")
        store.execute("INSERT INTO facts VALUES ('hanna', ?, ?)", (key, value))
        store.commit()


def test_languages_in_which_help_cannot_be_heard_are_said_plainly(home_dir: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    installed(models, "english", "whisper", "en")
    installed(models, "voice", "piper", "pl_PL")
    add_language(home_dir, "language.greeting", "pl_PL")
    add_language(home_dir, "name.full", "Nobody Real")
    found = by_name(list(speech.languages(home_dir, "en_GB", models)))
    assert set(found) == {"en", "pl", "all others", "hanna"}
    assert not found["hanna"].ready
    assert "calls for help in Polish can NOT be heard" in found["hanna"].what
    assert "call bell" in found["hanna"].todo
    assert found["en"].ready
    assert found["en"].needed
    # A Piper voice speaks Polish; it hears nothing.
    assert not found["pl"].ready
    assert "can NOT hear Polish" in found["pl"].what
    assert "calls for help in it can NOT be heard" in found["pl"].what
    assert "call bell" in found["pl"].todo
    assert "Nobody" not in str(found)


def test_a_home_whose_own_language_nobody_hears_is_not_ready(home_dir: Path, tmp_path: Path) -> None:
    installed(tmp_path, "english", "whisper", "en")
    checks = list(speech.languages(home_dir, "de_DE", tmp_path))
    assert not ready(checks)


def test_a_taken_port_is_told_and_our_own_home_is_not_blamed(home_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(machine, "TABLET_PORT", taken.getsockname()[1])
        found = by_name(list(machine.checks(home_dir)))[str(machine.TABLET_PORT)]
        assert not found.ready
        assert "in use" in found.what
        with (home_dir / "home.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            assert by_name(list(machine.checks(home_dir)))[str(machine.TABLET_PORT)].ready


def test_a_home_open_to_others_is_told_with_the_command_that_closes_it(home_dir: Path) -> None:
    write_store(home_dir / "profiles/profiles.db", "private")
    subprocess.run(["chmod", "-R", "go=", str(home_dir)], check=True)
    assert by_name(list(home_data.checks(home_dir, NOW)))["file modes"].ready
    home_dir.chmod(0o755)
    (home_dir / "profiles/profiles.db").chmod(0o644)
    found = by_name(list(home_data.checks(home_dir, NOW)))["file modes"]
    assert not found.ready
    assert "profiles.db" in found.what
    subprocess.run(found.todo.removeprefix("run `").removesuffix("`"), shell=True, check=True)
    assert stat.S_IMODE((home_dir / "profiles/profiles.db").stat().st_mode) == 0o600
    assert by_name(list(home_data.checks(home_dir, NOW)))["file modes"].ready


def test_backups_grow_old(home_dir: Path) -> None:
    def found() -> Check:
        return by_name(list(home_data.checks(home_dir, NOW)))["backup"]

    assert found().ready  # nothing to back up yet
    write_store(home_dir / "profiles/profiles.db", "one")
    assert not found().ready
    backup.make(home_dir, NOW - timedelta(hours=72), "nightly")
    assert not found().ready
    assert "72 hours" in found().what
    backup.make(home_dir, NOW - timedelta(hours=5), "nightly")
    assert found().ready


def test_the_encryption_and_its_key_are_told_as_they_are(home_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> Check:
        return by_name(list(home_data.checks(home_dir, NOW)))["encryption at rest"]

    assert found().ready  # nothing there yet
    store = home_dir / "profiles/profiles.db"
    ProfileStore(store).close()
    assert found().ready
    assert "SQLCipher" in found().what and str(store.with_suffix(".key")) in found().what
    assert "reminders, alerts and the tablet likewise" in found().what
    digits = store.with_suffix(".key").read_text().strip()
    assert digits not in str(found())
    store.with_suffix(".key").unlink()
    assert not found().ready and "missing" in found().what
    monkeypatch.setenv("KITH_STORE_KEY", digits)
    assert found().ready and "environment" in found().what
    store.unlink()
    write_store(store, "plain")
    assert not found().ready and "not encrypted yet" in found().what


@pytest.mark.parametrize("content", ["time_zone: Mars/Olympus", "{", "locale: 7"])
def test_a_corrupt_home_yaml_is_a_finding_and_not_a_crash(home_dir: Path, content: str) -> None:
    (home_dir / "home.yaml").write_text(content)
    checks = examination.examine(home_dir, NOW)
    assert not by_name(checks)["home.yaml"].ready
    assert not ready(checks)


def test_an_unwritable_home_is_a_finding(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    done = kith("--json", home=in_the_way / "home")
    assert done.returncode == 1
    found = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert found["directory"]["ready"] is False
