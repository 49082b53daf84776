"""A store from before the encryption is encrypted where it lies, and no crash on the way loses anything."""

import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlite_utils import Database

from culture_profiles.errors import KithError
from culture_profiles.fact import make_fact
from culture_profiles.store import ProfileStore, schema, sealing
from culture_profiles.store.rows import row_of

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SECRET = b"Marigold Lane"
FACTS = 30


def plain_store(path: Path) -> None:
    """As version 1 left it: readable by anybody, the newest facts still in the log."""
    path.parent.mkdir(parents=True)
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    schema._first(Database(db))
    db.execute("PRAGMA user_version = 1")
    db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    for number in range(FACTS):
        fact = make_fact(
            resident_id="r1",
            key="lifestory.place",
            value=f"{SECRET.decode()} {number}",
            source="resident",
            status="stated",
            when=NOW,
        )
        db.execute(f"INSERT INTO facts ({', '.join(schema.FACT_FIELDS)}) VALUES (?,?,?,?,?,?,?,?,?)", row_of(fact))
    db.commit()
    kept = path.parent / "log"
    shutil.copy(f"{path}-wal", kept)  # closing would bring it into the file and remove it
    content = path.read_bytes()
    db.close()
    path.write_bytes(content)
    kept.rename(f"{path}-wal")


def opens_whole(path: Path) -> None:
    with ProfileStore(path) as store:
        assert len(store.history("r1")) == FACTS == store.verify()
        tea = make_fact(resident_id="r1", key="food.liked", value="tea", source="carer", status="stated", when=NOW)
        assert store.set_fact(tea).sequence == FACTS + 1
    for file in path.parent.iterdir():
        assert SECRET not in file.read_bytes(), file.name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not {file.name for file in path.parent.iterdir()} & {"profiles.db.plain", "profiles.db.sealed"}


def _ends_at_line(path: Path, wanted: int) -> bool:
    """Open in a process that ends, without any clean-up, before the n-th line of the sealing runs."""
    if (child := os.fork()) == 0:
        seen = 0

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal seen
            if frame.f_code.co_filename != sealing.__file__:
                return None
            if event == "line":
                seen += 1
                if seen == wanted:
                    os._exit(9)
            return trace

        sys.settrace(trace)
        try:
            ProfileStore(path).close()
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def test_a_crash_at_any_line_loses_nothing(tmp_path: Path) -> None:
    line = 1
    while True:
        path = tmp_path / str(line) / "profiles.db"
        plain_store(path)
        crashed = _ends_at_line(path, line)
        opens_whole(path)
        shutil.rmtree(path.parent)
        if not crashed:
            break
        line += 1
    assert line > 60


@pytest.mark.parametrize("content", ["", "short", "g" * 64, "00" * 33])
def test_what_is_no_key_is_refused_in_one_line_without_showing_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "home" / "profiles.db"
    ProfileStore(path).close()
    path.with_suffix(".key").write_text(content)
    with pytest.raises(KithError, match="64 hexadecimal digits") as refusal:
        ProfileStore(path)
    assert not content or content not in str(refusal.value)


def test_another_key_is_refused_and_the_right_one_opens_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "home" / "profiles.db"
    ProfileStore(path).close()
    content = path.read_bytes()
    monkeypatch.setenv("KITH_STORE_KEY", "ab" * 32)
    with pytest.raises(KithError, match="its key is another one"):
        ProfileStore(path)
    assert path.read_bytes() == content
    monkeypatch.setenv("KITH_STORE_KEY", path.with_suffix(".key").read_text())
    path.with_suffix(".key").unlink()
    ProfileStore(path).close()


def test_a_key_kept_elsewhere_is_used_and_made_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "stick" / "home.key"
    key.parent.mkdir()
    monkeypatch.setenv("KITH_STORE_KEY_FILE", str(key))
    path = tmp_path / "home" / "profiles.db"
    ProfileStore(path).close()
    assert not path.with_suffix(".key").exists()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with closing(sealing.reader(path)) as db:
        assert db.execute("SELECT count(*) FROM facts").fetchone() == (0,)
