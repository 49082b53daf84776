"""What was erased is nowhere any more: not in free pages, not in the log, not after opening anew."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, make_fact
from culture_profiles.store import RECORDS, ProfileStore, erasure
from tests.sealed import decrypted

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SECRET = "Marigold Lane"


def fact(value: str, key: str = "lifestory.place", resident: str = "r1", source: str = "resident") -> Fact:
    return make_fact(resident_id=resident, key=key, value=value, source=source, status="stated", when=NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profiles" / "profiles.db"


def test_nothing_of_an_erased_resident_is_left_in_the_file(path: Path) -> None:
    with ProfileStore(path) as store:
        for number in range(200):
            store.set_fact(fact(f"{SECRET} {number}"))
            store.set_fact(fact(f"Harbour {number}", resident="r2"))
    assert SECRET.encode() in decrypted(path)
    with ProfileStore(path) as store:
        receipt = store.erase("r1", "ann", NOW)
        assert (receipt.facts, receipt.state, receipt.pending) == (200, "pending", ("backups",))
        assert store.residents() == ["r2"]
        assert store.history("r1") == [] and store.snapshot("r1").facts == ()
        assert store.report_copies("backups", {}) == []
        assert [receipt.state for receipt in store.receipts()] == ["done"]
        assert SECRET not in repr(store.receipts()) and SECRET not in repr(store.records())
    after = decrypted(path)
    assert SECRET.encode() not in after and b"Harbour 7" in after


def test_one_key_is_erased_and_the_rest_stays(path: Path) -> None:
    with ProfileStore(path) as store:
        store.set_fact(fact("Hanna", "name.full", source="carer"))
        store.set_fact(fact(SECRET))
        store.set_fact(fact("tea", "food.liked"))
        store.erase("r1", "ann", NOW, "lifestory.place")
        assert [kept.key for kept in store.history("r1")] == ["name.full", "food.liked"]
        assert store.snapshot("r1").sequence == 4, "who holds an older state learns that something went"
        assert store.set_fact(fact("Leeds")).sequence == 5
        with pytest.raises(KithError, match="nothing is kept under faith"):
            store.erase("r1", "ann", NOW, "faith.stated")
    with ProfileStore(path) as store:
        assert store.snapshot("r1").values("lifestory.place") == ("Leeds",)


def test_history_is_removed_by_an_erasure_and_by_nothing_else(path: Path) -> None:
    with ProfileStore(path) as store:
        store.set_fact(fact("Hanna", "name.full", source="carer"))
        store.erase("r1", "ann", NOW)
        store.set_fact(fact("Hanna", "name.full", source="carer"))
        with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
            store._db.execute("DELETE FROM facts")


def test_a_legal_hold_is_respected_and_said(path: Path) -> None:
    with ProfileStore(path) as store:
        store.set_fact(fact("Hanna", "name.full", source="carer"))
        store.place_hold("r1", "inquest-14", "ann", NOW)
        store.place_hold("r1", "inquest-14", "ann", NOW)
        with pytest.raises(KithError, match=r"inquest-14, since 2026-11-23, by ann"):
            store.erase("r1", "bob", NOW)
        assert len(store.history("r1")) == 1 and len(store.holds()) == 1
        store.release_holds("r1", "ann", NOW)
        assert store.erase("r1", "bob", NOW).facts == 1
        with pytest.raises(KithError, match="no legal hold"):
            store.release_holds("r1", "ann", NOW)


def test_a_robot_that_cannot_be_reached_keeps_the_receipt_pending(path: Path) -> None:
    with ProfileStore(path) as store:
        store.set_fact(fact("Hanna", "name.full", source="carer"))
        store.set_fact(fact("Kenji", "name.full", resident="r2", source="carer"))
        assert store.report_copies("anna", {"r1": 1, "r2": 2}) == []
        store.erase("r1", "ann", NOW)
        store.report_copies("backups", {})
        assert store.receipts()[0].pending == ("anna",)
    with ProfileStore(path) as store:
        assert store.report_copies("anna", {"r1": 1, "r2": 2}) == ["r1"]
        assert store.receipts()[0].state == "pending", "it has been told, and has not done it yet"
        assert store.report_copies("anna", {"r2": 2}) == []
        assert store.receipts()[0].state == "done"


def test_an_erasure_cut_short_is_finished_at_the_next_opening(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ProfileStore(path) as store:
        for number in range(50):
            store.set_fact(fact(f"{SECRET} {number}"))
        monkeypatch.setattr(erasure, "scrub", lambda _: os._exit(9))
        if (child := os.fork()) == 0:
            store.erase("r1", "ann", NOW)  # ends the process before the free pages and the log are clean
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        monkeypatch.undo()
    with ProfileStore(path) as store:
        assert store.receipts()[0].pending == ("backups",)
    assert SECRET.encode() not in decrypted(path)


def test_records_of_others_are_owed_with_everything_and_not_with_one_key(path: Path) -> None:
    with ProfileStore(path) as store:
        for resident in ("r1", "r2"):
            store.set_fact(fact("Hanna", "name.full", resident=resident, source="carer"))
            store.set_fact(fact(SECRET, resident=resident))
        assert store.report_copies("anna's notes", {"r1": RECORDS, "r2": RECORDS, "unknown": RECORDS}) == []
        of_key = store.erase("r2", "ann", NOW, "lifestory.place", keep_records=("alerts",))
        assert of_key.pending == ("backups",), "records hold no facts"
        whole = store.erase("r1", "ann", NOW, keep_records=("alerts", "reminders"))
        assert whole.pending == ("alerts", "anna's notes", "backups", "reminders")
        for holder in ("alerts", "anna's notes", "late's notes"):
            held = {"r1": RECORDS, "r2": RECORDS, "unknown": RECORDS}
            assert store.report_copies(holder, held) == ["r1"], "and nobody whom a damaged store does not know"
        assert len(store.receipts()[1].pending) == 4, "told, and not done yet"
        store.report_copies("backups", {})
        for holder in ("alerts", "anna's notes", "reminders"):
            assert store.report_copies(holder, {"r2": RECORDS}) == []
        assert [receipt.state for receipt in store.receipts()] == ["done", "done"]
