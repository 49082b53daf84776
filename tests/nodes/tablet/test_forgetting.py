"""Care rule 25: erasing a resident reaches the tablet's messages, whoever erases, and the receipt waits for it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kith_msgs import srv

from culture_profiles.importing import read_resident
from culture_profiles.store import ProfileStore, receipts_in, sealing
from nodes.base import graph
from nodes.profiles.register import store_path
from nodes.tablet.records import HOLDER, Records, records_path
from nodes.tablet.sent import SentMessages
from tests.nodes.dialogue.conftest import PEOPLE

WORDS = "We come on Sunday with the plum cake."


def _messages(home: Path, resident_id: str = "") -> list[str]:
    path = records_path(home)
    db = sealing.reader(path)
    try:
        rows = db.execute("SELECT text FROM messages WHERE ? IN ('', resident_id)", [resident_id]).fetchall()
    finally:
        db.close()
    return [row[0] for row in rows]


def test_what_another_program_erased_is_forgotten_on_the_tablet_and_the_receipt_says_so(
    run_node: Any, peer: Any, home_dir: Path
) -> None:
    now = datetime.now(UTC)
    with ProfileStore(store_path(home_dir)) as store:
        for name in ("hanna", "george"):
            for fact in read_resident(PEOPLE / "hanna.yaml", now, "test"):
                store.set_fact(fact.model_copy(update={"resident_id": name}))
    records = Records(records_path(home_dir))
    sent = records.call(lambda: SentMessages(records.file))
    for name in ("hanna", "george"):
        records.call(lambda name=name: sent.add(name, "Ewa", f"{WORDS} {name}", "p-1", now))
    records.close()
    assert WORDS.encode() not in records_path(home_dir).read_bytes()
    run_node("nodes.profiles.node", home_dir=home_dir)
    run_node("nodes.tablet.node", home_dir=home_dir, port=0)

    def pending() -> list[tuple[str, ...]]:
        return [tuple(each for each in made.pending if each == HOLDER) for made in receipts_in(store_path(home_dir))]

    def holds() -> bool:
        db = sealing.reader(store_path(home_dir))
        try:
            return db.execute("SELECT 1 FROM copies WHERE holder = ?", [HOLDER]).fetchone() is not None
        finally:
            db.close()

    peer.until(holds, "the tablet to say whose messages it has", within_s=60.0)
    # One key alone is nothing to the messages.
    assert peer.call(graph.ERASE_PROFILE, srv.EraseProfile.Request(resident_id="george", key="food.liked")).success
    assert peer.call(graph.ERASE_PROFILE, srv.EraseProfile.Request(resident_id="hanna", by="p-1")).success
    peer.until(lambda: _messages(home_dir, "hanna") == [], "Hanna's message to be forgotten")
    peer.until(lambda: pending() == [(), ()], "the receipts to be done as far as the tablet goes")
    assert _messages(home_dir) == [f"{WORDS} george"]
