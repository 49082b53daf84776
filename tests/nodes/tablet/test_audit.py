"""The audit log: what is in it, what is not, and that nobody changes it unseen."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlcipher3 import dbapi2 as sqlcipher

from culture_profiles.errors import KithError
from culture_profiles.store import sealing
from kith.commands.audit import command
from kith.context import Context
from nodes.tablet.audit import Entry, read_rows, verify
from nodes.tablet.records import records_path
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import TestHome


def _filled(tablet: TestHome) -> Path:
    tablet.know("faith.stated", "Quaker", "resident")
    device = tablet.signed_in(Role.CARER, "Anna Price")
    device.get("/residents/hanna/profile/faith")
    device.post("/residents/hanna/facts", key="food.liked", value="pierogi with plums")
    return records_path(tablet.folder)


def test_reading_what_is_sensitive_and_every_write_is_recorded_by_ids(tablet: TestHome) -> None:
    path = _filled(tablet)
    rows = read_rows(path)
    assert [(row.what, row.resident_id, row.keys) for row in rows] == [
        ("sign in", "", ""),
        ("read profile", "hanna", "faith.stated"),
        ("write", "hanna", "food.liked"),
    ]
    with closing(sealing.reader(path)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        everything = str([db.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables])
    for word in ("Quaker", "pierogi", "Hanna Nowak"):
        assert word not in everything
    assert "Anna Price" in everything  # who signs in: this is all that is written


def _tamper(path: Path, statement: str) -> None:
    db = sealing.connect(path, sealing.need_key(path))
    for trigger in ("audit_no_update", "audit_no_delete"):
        db.execute(f"DROP TRIGGER {trigger}")
    db.execute(statement)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE audit SET who = 'p-1' WHERE sequence = 2", 2),
        ("UPDATE audit SET keys = '' WHERE sequence = 3", 3),
        ("DELETE FROM audit WHERE sequence = 2", 3),
        ("DELETE FROM audit WHERE sequence = 1", 2),
    ],
)
def test_a_changed_or_removed_row_is_found(tablet: TestHome, statement: str, row: int) -> None:
    path = _filled(tablet)
    assert verify(read_rows(path)).whole
    _tamper(path, statement)
    found = verify(read_rows(path))
    assert (found.whole, found.broken_at) == (False, row)


def test_a_log_cut_short_is_found_by_its_noted_head(tablet: TestHome) -> None:
    path = _filled(tablet)
    noted = verify(read_rows(path)).head
    assert verify(read_rows(path), noted).whole
    _tamper(path, "DELETE FROM audit WHERE sequence = 3")
    assert verify(read_rows(path)).whole
    assert not verify(read_rows(path), noted).whole


def test_what_many_devices_record_at_once_is_one_write_and_one_chain(
    tablet: TestHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [
        Entry(tablet.home.at, f"p-{number}", "carer", "read calls", "", ("about:hanna",)) for number in range(50)
    ]
    recorder, file = tablet.site.recorder, tablet.records.file
    changes: list[None] = []
    change = file.change
    monkeypatch.setattr(file, "change", lambda: (changes.append(None), change())[1])
    for entry in entries:
        recorder.put(entry)
    for entry in entries:
        tablet.records.call(lambda entry=entry: recorder.write(entry))
    assert len(changes) == 1
    rows = read_rows(records_path(tablet.folder))
    assert [row.who for row in rows] == [entry.who for entry in entries]
    assert verify(rows).whole


def test_where_one_write_fails_all_who_wait_for_it_learn_of_it(
    tablet: TestHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [Entry(tablet.home.at, who, "carer", "read calls") for who in ("p-1", "p-2", "p-3")]
    recorder, file = tablet.site.recorder, tablet.records.file

    def full() -> None:
        raise KithError("the disk is full, nothing was changed: free some space")

    with monkeypatch.context() as patched:
        patched.setattr(file, "change", full)
        for entry in entries[:2]:
            recorder.put(entry)
        for entry in entries[:2]:
            with pytest.raises(KithError, match="disk is full"):
                tablet.records.call(lambda entry=entry: recorder.write(entry))
    recorder.put(entries[2])
    tablet.records.call(lambda: recorder.write(entries[2]))
    rows = read_rows(records_path(tablet.folder))
    assert ([row.who for row in rows], verify(rows).whole) == (["p-3"], True)


def test_it_is_append_only(tablet: TestHome) -> None:
    path = _filled(tablet)
    db = sealing.connect(path, sealing.need_key(path))
    for statement in ("UPDATE audit SET who = 'x'", "DELETE FROM audit"):
        with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
            db.execute(statement)
    db.close()


def test_the_command_checks_while_the_tablet_runs(tablet: TestHome) -> None:
    _filled(tablet)
    runner, context = CliRunner(), Context(home=tablet.folder)
    whole = runner.invoke(command, ["verify", "--json"], obj=context, standalone_mode=False)
    assert (json.loads(whole.output)["whole"], whole.return_value) == (True, 0)
    listed = runner.invoke(command, ["list", "--resident", "hanna", "--json"], obj=context)
    assert [row["what"] for row in json.loads(listed.output)] == ["read profile", "write"]
    _tamper(records_path(tablet.folder), "UPDATE audit SET what = 'sign in' WHERE sequence = 3")
    broken = runner.invoke(command, ["verify"], obj=context, standalone_mode=False)
    assert (broken.return_value, "row 3 was changed" in broken.output) == (1, True)


def test_what_cannot_be_recorded_is_not_shown(tablet: TestHome, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet.know("faith.stated", "Quaker", "resident")
    device = tablet.signed_in(Role.CARER)
    page_limit = "PRAGMA max_page_count = 1"  # a disk that is full
    tablet.records.call(lambda: tablet.records.file.db.execute(page_limit).fetchall())

    def fill() -> int:
        return int(tablet.records.file.db.execute("PRAGMA page_count").fetchone()[0])

    assert tablet.records.call(fill) > 0
    answers = [device.get("/residents/hanna/profile/faith") for _ in range(200)]
    refused = [each for each in answers if each.status == 409]
    assert refused
    assert all("Quaker" not in each.text and "disk is full" in each.text for each in refused)
