"""Erasing, holding, exporting, restoring as a manager types them: nothing erased comes back out of any copy."""

import json
import sqlite3
import sys
import zipfile
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from culture_profiles.store import ProfileStore, schema, sealing
from kith.keeping import backup as backups
from kith.main import main
from nodes.profiles.register import store_path

PEOPLE = Path(__file__).resolve().parents[3] / "sim" / "residents" / "people"


def kith(home: Path, *arguments: str) -> tuple[int, str, str]:
    with (
        patch.object(sys, "argv", ["kith", "--home", str(home), "profiles", *arguments]),
        redirect_stdout(StringIO()) as said,
        redirect_stderr(StringIO()) as complained,
    ):
        code = main()
    return code, said.getvalue(), complained.getvalue()


def answer(home: Path, *arguments: str) -> Any:
    code, said, complained = kith(home, *arguments, "--json")
    assert (code, complained) == (0, "")
    return json.loads(said)


def refusal(home: Path, *arguments: str) -> str:
    code, said, complained = kith(home, *arguments)
    assert (code, said, complained.count("\n")) == (2, "", 1), complained
    return complained


@pytest.fixture
def home(home_dir: Path) -> Path:
    answer(home_dir, "import", str(PEOPLE / "hanna.yaml"), str(PEOPLE / "kenji.yaml"))
    return home_dir


def residents_in(backup: backups.Backup, home: Path) -> set[str]:
    path = backup.folder / "profiles/profiles.db"
    with closing(sealing.reader(path, store_path(home))) as db:
        return {row[0] for row in db.execute("SELECT DISTINCT resident_id FROM facts")}


def test_an_erased_resident_is_in_no_backup_and_does_not_come_back_with_one(home: Path) -> None:
    first = answer(home, "backup")["backup"]
    answer(home, "set", "kenji", "food.liked", "persimmons")
    answer(home, "backup")
    receipt = answer(home, "erase", "hanna", "--by", "ann", "--yes")
    assert (receipt["state"], receipt["pending"], receipt["by"]) == ("done", [], "ann")
    assert receipt["facts"] > 5
    assert "Kowalska" not in json.dumps(answer(home, "receipts"))
    taken = backups.backups(home)
    assert len(taken) == 2
    for one in taken:
        backups.verify(one)
        assert residents_in(one, home) == {"kenji"}
        assert sorted(path.name for path in (one.folder / "profiles").iterdir()) == ["profiles.db"]
    answer(home, "restore", first)
    assert [entry["id"] for entry in answer(home, "list")] == ["kenji"]
    assert answer(home, "receipts")[0]["receipt"] == receipt["receipt"]
    assert answer(home, "verify")["backups"] == 3


def test_one_key_is_erased_after_forget_that(home: Path) -> None:
    answer(home, "set", "hanna", "topics.liked", "the sea", "--source", "resident")
    answer(home, "retract", "hanna", "topics.liked", "the sea", "--source", "resident")
    assert any(fact["value"] == "the sea" for fact in answer(home, "history", "hanna"))
    answer(home, "erase", "hanna", "--key", "topics.liked", "--yes")
    left = answer(home, "history", "hanna")
    assert left and not any(fact["key"] == "topics.liked" for fact in left)
    assert "did you mean" in refusal(home, "erase", "hanna", "--key", "topics.likd", "--yes")


def test_a_legal_hold_keeps_everything_and_is_told(home: Path) -> None:
    assert "--reason-code" in refusal(home, "hold", "hanna")
    assert answer(home, "hold", "hanna", "--reason-code", "inquest-14", "--by", "ann")[0]["reason_code"] == "inquest-14"
    assert "inquest-14" in refusal(home, "erase", "hanna", "--yes")
    taken = answer(home, "backup")["backup"]
    assert answer(home, "release", "hanna") == []
    answer(home, "hold", "kenji", "--reason-code", "claim-3")
    answer(home, "restore", taken)
    assert [hold["id"] for hold in answer(home, "hold")] == ["kenji"], "holds are of today, not of the backup"


def test_an_export_is_one_archive(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "hanna.zip"
    assert answer(home, "export", "hanna", str(to))["facts"] > 5
    with zipfile.ZipFile(to) as archive:
        assert "Kowalska" in archive.read("profile.html").decode()
    assert "is there already" in refusal(home, "export", "hanna", str(to))
    assert "no such resident" in refusal(home, "export", "nobody", str(tmp_path / "n.zip"))


def test_a_backup_needs_its_key(home: Path, tmp_path: Path) -> None:
    name = answer(home, "backup")["backup"]
    content = (home / "backups" / name / "profiles/profiles.db").read_bytes()
    assert b"Kowalska" not in content and not content.startswith(b"SQLite")
    assert not list((home / "backups").rglob("*.key"))
    key = store_path(home).with_suffix(".key")
    key.rename(tmp_path / "key")
    assert "key" in refusal(home, "restore", name)
    assert "key" in refusal(home, "list")
    (tmp_path / "key").rename(key)
    assert len(answer(home, "list")) == 2


def test_a_home_from_before_the_encryption_is_encrypted_where_it_lies(home: Path, tmp_path: Path) -> None:
    path = store_path(home)
    with ProfileStore(path) as store:
        facts = store.history("hanna")
    path.unlink()
    path.with_suffix(".key").unlink()
    with closing(sqlite3.connect(path)) as plain:  # as version 1 made it
        schema._first(schema.Database(plain))
        plain.executemany(
            f"INSERT INTO facts ({', '.join(schema.FACT_FIELDS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [schema_row(fact) for fact in facts],
        )
        plain.execute("PRAGMA user_version = 1")
        plain.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        plain.commit()
    assert b"Kowalska" in path.read_bytes()
    assert [entry["id"] for entry in answer(home, "list")] == ["hanna"]
    assert len(answer(home, "history", "hanna")) == len(facts)
    assert all(b"Kowalska" not in file.read_bytes() for file in path.parent.iterdir())


def schema_row(fact: Any) -> list[Any]:
    from culture_profiles.store.rows import row_of

    return row_of(fact)
