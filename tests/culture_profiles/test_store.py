"""The store: durable, append-only, private, one writer; a bad file is told and left alone."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as sqlcipher

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, make_fact
from culture_profiles.profile import Profile
from culture_profiles.store import ProfileStore, StaffMustDecide, StoreInUseError, questions_in, sealing

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def fact(
    key: str = "food.liked", value: str = "tea", source: str = "resident", status: str = "stated", resident: str = "r1"
) -> Fact:
    return make_fact(resident_id=resident, key=key, value=value, source=source, status=status, when=NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profiles" / "profiles.db"


def opened(path: Path) -> Any:
    return sealing.connect(path, sealing.need_key(path))


def damage(path: Path, where: int, content: bytes) -> bytes:
    with path.open("r+b") as file:
        file.seek(where)
        file.write(content)
    return path.read_bytes()


def test_everything_is_there_again_after_opening_anew(path: Path) -> None:
    with ProfileStore(path) as store:
        first = store.set_fact(fact(value="tea"))
        store.set_fact(fact(value="cake"))
        store.set_fact(fact(value="", status="retracted"))
        store.set_fact(fact("name.full", "Ωμέγα", resident="r2"))
        before = store.snapshot("r1")
    with ProfileStore(path) as store:
        assert store.residents() == ["r1", "r2"]
        assert store.snapshot("r1") == before
        assert before.values("food.liked") == ()
        assert [entry.value for entry in store.history("r1")] == ["tea", "cake", ""]
        assert store.history("r1", "food.liked")[0] == first
        assert store.set_fact(fact(value="jam")).sequence == 5
        assert store.verify() == 5


def test_history_cannot_be_rewritten(path: Path) -> None:
    with ProfileStore(path) as store:
        store.set_fact(fact())
    for change in ("UPDATE facts SET value = 'coffee'", "DELETE FROM facts"):
        with closing(opened(path)) as db, pytest.raises(sqlcipher.IntegrityError, match="append-only"):
            db.execute(change)


def test_files_are_for_their_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        with ProfileStore(path) as store:
            store.set_fact(fact())
            store.backup(path.parent.parent / "copies" / "copy.db")
            files = [*path.parent.iterdir(), path.parent.parent / "copies" / "copy.db"]
            assert len(files) >= 4
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    finally:
        os.umask(before)


def test_files_left_open_to_others_are_closed_to_them(path: Path) -> None:
    ProfileStore(path).close()
    path.chmod(0o644)
    path.parent.chmod(0o755)
    ProfileStore(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_second_writer_is_refused_until_the_first_is_done(path: Path) -> None:
    with ProfileStore(path), pytest.raises(StoreInUseError, match="another process"):
        ProfileStore(path)
    ProfileStore(path).close()


def test_writes_are_synced_through_a_write_ahead_log(path: Path) -> None:
    with ProfileStore(path) as store:
        assert store._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert store._db.execute("PRAGMA synchronous").fetchone()[0] == 2


@pytest.mark.parametrize("what", ["newer", "text", "empty", "foreign", "pages", "header"])
def test_a_file_that_cannot_be_trusted_is_told_and_left_alone(path: Path, what: str) -> None:
    with ProfileStore(path) as store:
        for number in range(400):
            store.set_fact(fact(value=f"item {number}"))
    match what:
        case "newer":
            with closing(opened(path)) as db:
                db.execute("PRAGMA user_version = 99")
        case "text":
            path.write_text("name.full: Hanna\n" * 500)
        case "empty":
            path.write_bytes(b"")
        case "foreign":
            path.unlink()
            with sqlite3.connect(path) as db:
                db.execute("CREATE TABLE songs (name TEXT)")
            db.close()
        case "pages":
            damage(path, 8192, b"\xff" * 8192)
        case "header":
            damage(path, 0, b"\x00" * 100)
    content = path.read_bytes()
    for _ in range(2):
        with pytest.raises(KithError) as refusal:
            ProfileStore(path)
        line = str(refusal.value)
        assert str(path) in line and "\n" not in line
        assert ("newer version" in line) == (what == "newer")
    assert path.read_bytes() == content


def test_a_log_without_its_database_is_not_taken_for_a_new_home(path: Path) -> None:
    path.parent.mkdir()
    path.with_name("profiles.db-wal").write_bytes(b"what was written last")
    with pytest.raises(KithError, match="missing"):
        ProfileStore(path)
    assert path.with_name("profiles.db-wal").read_bytes() == b"what was written last"


def test_verify_finds_a_fact_that_is_none(path: Path) -> None:
    with ProfileStore(path) as store:
        store.set_fact(fact())
        store._db.execute(
            "INSERT INTO facts (sequence, resident_id, key, value, source, status, confidence, who, said_at, note) "
            "VALUES (2, 'r1', 'food.liked', 'x', 'rumour', 'stated', 1.0, '', '2026-11-23T08:00:00+00:00', '')"
        )
        store._db.conn.commit()
        with pytest.raises(KithError, match="fact 2 is damaged"):
            store.verify()


def test_a_full_disk_changes_nothing_and_writing_goes_on_afterwards(path: Path) -> None:
    with ProfileStore(path) as store:
        store.set_fact(fact(value="tea"))
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        kept = 1
        with pytest.raises(KithError, match="disk is full"):
            while kept < 500:
                store.set_fact(fact(value="x" * 900 + str(kept)))
                kept += 1
        assert len(store.history("r1")) == kept
        assert len(store.snapshot("r1").values("food.liked")) == kept
        store._db.execute("PRAGMA max_page_count = 1000000")
        assert store.set_fact(fact(value="cake")).sequence > kept
        assert store.verify() == kept + 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KithError, match="cannot be opened"):
        ProfileStore(tmp_path / "file" / "profiles.db")


def test_a_backup_taken_in_use_is_whole_and_opens_as_a_store(path: Path, tmp_path: Path) -> None:
    with ProfileStore(path) as store:
        for number in range(50):
            store.set_fact(fact(value=f"item {number}"))
        store.backup(tmp_path / "copy.db")
        store.set_fact(fact(value="later"))
        with pytest.raises(KithError, match="is there already"):
            store.backup(tmp_path / "copy.db")
    (tmp_path / "restored").mkdir()
    (tmp_path / "copy.db").rename(tmp_path / "restored" / "profiles.db")
    with pytest.raises(KithError, match="key"):
        ProfileStore(tmp_path / "restored" / "profiles.db")
    shutil.copy(path.with_suffix(".key"), tmp_path / "restored" / "profiles.key")
    with ProfileStore(tmp_path / "restored" / "profiles.db") as copy:
        assert copy.verify() == 50
        assert "later" not in copy.snapshot("r1").values("food.liked")


def test_the_clock_may_jump_back_and_the_later_word_still_holds(path: Path) -> None:
    with ProfileStore(path) as store:
        store.set_fact(fact("address.form", "Mrs K"))
        store.set_fact(fact("address.form", "Hanna").model_copy(update={"when": NOW - timedelta(days=400)}))
        assert store.snapshot("r1").value("address.form") == "Hanna"


def test_a_sealed_profile_takes_only_staffs_word(path: Path) -> None:
    with ProfileStore(path) as store:
        store.set_fact(fact("state_of_life", "died", "carer"))
        with pytest.raises(KithError, match="sealed"):
            store.set_fact(fact())
        store.set_fact(fact("state_of_life", "here", "carer"))
        assert store.set_fact(fact()).sequence == 3


def test_questions_can_be_read_while_another_writes(path: Path) -> None:
    with ProfileStore(path) as store:
        for _ in range(3):  # the same word said again the same day is one question
            with pytest.raises(StaffMustDecide):
                store.set_fact(fact("safety.allergy", "no nuts"))
        assert [asked.fact.value for asked in questions_in(path)] == ["no nuts"]
        assert questions_in(path, "r2") == []
        store.question_told(store.questions()[0].id)
        assert [asked.told for asked in questions_in(path)] == [True]


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40).filter(str.strip)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["r1", "r2"]),
            st.sampled_from(["food.liked", "food.disliked", "address.form"]),
            TEXTS,
            st.sampled_from(
                [("resident", "stated"), ("carer", "locked"), ("family", "stated"), ("carer", "retracted")]
            ),
        ),
        max_size=12,
    )
)
def test_whatever_was_acknowledged_is_read_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, written: list[tuple[str, str, str, tuple[str, str]]]
) -> None:
    path = tmp_path_factory.mktemp("store") / "profiles.db"
    acknowledged: dict[str, list[Fact]] = {"r1": [], "r2": []}
    with ProfileStore(path) as store:
        for resident, key, value, (source, status) in written:
            acknowledged[resident].append(store.set_fact(fact(key, value, source, status, resident)))
        held = {resident: store.snapshot(resident) for resident in acknowledged}
    with ProfileStore(path) as store:
        for resident, facts in acknowledged.items():
            assert store.history(resident) == facts
            assert store.snapshot(resident) == held[resident] == Profile(resident, facts=facts)
    sequences = sorted(one.sequence for facts in acknowledged.values() for one in facts)
    assert sequences == list(range(1, len(written) + 1))
