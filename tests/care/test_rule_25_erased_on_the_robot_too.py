"""Care rule 25: who is erased is erased from a robot's own notes too; rule 11: a refusal of that day still wins."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from behaviours.acts import AlertLevel, RaiseAlert
from culture_profiles.store import sealing
from nodes.dialogue.outbox import Outbox
from nodes.dialogue.prompts import Prompts
from tests.behaviours.minds import hanna
from tests.sealed import decrypted

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_the_mind_knows_nobody_of_the_name_any_more_and_still_leaves_them_in_peace() -> None:
    chat = hanna()
    chat.say("Not today")
    assert "hanna" in json.dumps(chat.mind.state()) and "hanna" in chat.mind.remembered()
    chat.mind.forget("hanna")
    assert "hanna" not in json.dumps(chat.mind.state()) and "hanna" not in chat.mind.remembered()
    chat.now += timedelta(hours=9)
    assert chat.say("The sun is out.") == "", "not today lasts until tomorrow"


def test_a_call_that_is_open_is_not_forgotten() -> None:
    chat = hanna()
    chat.say("Help! I have fallen")
    chat.mind.forget("hanna")
    assert "hanna" in chat.mind.remembered(), "a person closes it, and then it goes"


def test_notes_of_prompts_go_and_those_of_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "prompts.db"
    with closing(Prompts(path)) as notes:
        for number in range(50):
            notes.sounding(f"{number:032x}", "kenji" if number % 2 else "hanna", NOW)
            notes.ended(f"{number:032x}", 2, 0, "later" if number % 2 else "declined: Ewa", NOW)
    assert not sealing.is_plain(path) and b"hanna" in decrypted(path)
    with closing(Prompts(path)) as notes:
        assert notes.residents() == {"hanna", "kenji"}
        notes.erase("hanna")
        notes.ended(f"{0:032x}", 3, 0, "too late", NOW)  # what was under way leaves no new note
        assert notes.residents() == {"kenji"}
    left = decrypted(path)
    assert b"hanna" not in left and b"Ewa" not in left and b"kenji" in left


def test_a_call_that_the_home_has_leaves_nothing_in_the_outbox(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    with closing(Outbox(path)) as outbox:
        outbox.put(RaiseAlert("a1", "pain", AlertLevel.ATTEND, "Says that something hurts.", "hanna", ""), NOW)
        outbox.remember({"greeted": {"hanna": NOW.isoformat()}})
        outbox.done("a1")
        outbox.remember({"greeted": {}})
        outbox.scrub()
    assert b"hanna" not in decrypted(path)
