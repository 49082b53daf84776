"""A resident is erased while the home runs: nothing more is said to them, and no file knows them any more."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kith_msgs import msg, srv

from culture_profiles.store import receipts_in, sealing
from nodes.base import graph, times
from nodes.profiles.register import store_path
from tests.nodes.dialogue.conftest import Room, morning_zone
from tests.peer import Peer
from tests.sealed import decrypted

Run = Callable[..., Any]
FILES = ("reminders/reminders.db", "alerts/alerts.db", "robots/robot/outbox.db", "robots/robot/prompts.db")


class Home:
    """The home's nodes but for a robot, and what staff do."""

    def __init__(self, folder: Path, run_node: Run, peer: Peer) -> None:
        self.folder, self.peer = folder, peer
        self.nodes = [
            run_node("nodes.profiles.node", home_dir=folder),
            run_node("nodes.alerts.node", home_dir=folder),
            run_node("nodes.reminders.node", home_dir=folder, time_zone=morning_zone()),
        ]
        self.listed()

    def remind(self, resident_id: str, title: str, in_s: float, rrule: str = "") -> None:
        routine = msg.Routine(
            resident_id=resident_id, kind="call", title=title, window_s=3000, created_by="nurse", rrule=rrule,
            start=times.to_msg(datetime.now(UTC) + timedelta(seconds=in_s)),
        )  # fmt: skip
        answer = self.peer.call(graph.ADD_ROUTINE, srv.AddRoutine.Request(routine=routine))
        assert answer.success, answer.message

    def alert(self, alert_id: str, resident_id: str) -> None:
        text = f"{resident_id}: pain"
        alert = msg.Alert(id=alert_id, resident_id=resident_id, level=msg.Alert.ATTEND, kind="pain", text=text)
        assert self.peer.call(graph.RAISE_ALERT, srv.RaiseAlert.Request(alert=alert)).stored

    def close(self, alert_id: str) -> None:
        request = srv.AcceptAlert.Request(alert_id=alert_id, person="Maria", close=True)
        assert self.peer.call(graph.ACCEPT_ALERT, request).success

    def erase(self, resident_id: str) -> list[str]:
        """As the tablet does; returns who still holds something."""
        answer = self.peer.call(graph.ERASE_PROFILE, srv.EraseProfile.Request(resident_id=resident_id, by="ann"))
        assert answer.success, answer.message
        return list(answer.pending)

    def pending(self) -> tuple[str, ...]:
        return receipts_in(store_path(self.folder))[-1].pending

    def listed(self) -> set[str]:
        answer = self.peer.call(graph.LIST_OCCURRENCES, srv.ListOccurrences.Request())
        return {one.resident_id for one in answer.occurrences}

    def raw(self, name: str) -> bytes:
        return decrypted(self.folder / name)


@pytest.fixture
def running(home: Path, run_node: Run, peer: Peer) -> Home:
    return Home(home, run_node, peer)


def test_in_the_middle_of_a_prompt(running: Home, dialogue: Run, room: Room, peer: Peer) -> None:
    robot = dialogue()
    room.enter("hanna")
    room.hear("pani Hanno", "a greeting")
    room.ask("Not now, please.")
    room.ask("Please talk to me again.")
    running.alert("a1", "hanna")
    running.alert("a2", "kenji")
    running.close("a1")
    for number in range(5):
        running.remind("hanna", f"round {number}", 3600.0, "FREQ=DAILY")
    running.remind("kenji", "your son Hiroshi", 3600.0)
    room.hold = True
    running.remind("hanna", "your daughter Ewa", 0.5)
    running.remind("hanna", "your cousin Zofia", 2.0)  # dues are whole seconds: after the one before in any case
    prompt = room.hear("your daughter Ewa", "the prompt").text
    for name in FILES:
        assert not sealing.is_plain(running.folder / name), name

    pending = running.erase("hanna")
    assert {"alerts", "reminders", "robot's notes"} <= set(pending), pending
    peer.until(lambda: running.pending() == ("backups",), "everything running to have erased her", within_s=30.0)
    peer.until(lambda: prompt in room.silenced, "the prompt to break off")
    room.hold = False
    before = len(room.said)
    peer.spin_for(4.0)
    assert not any(name in text for text in room.texts()[before:] for name in ("Ewa", "Zofia", "Hann"))
    assert running.listed() == {"kenji"}
    running.remind("kenji", "your son Hiroshi", 7200.0)  # the home goes on

    for node in (*running.nodes, robot):
        assert node.stop()[0] == 0
    for name in FILES:
        left = running.raw(name)
        assert not any(word in left for word in (b"hanna", b"Ewa", b"Zofia", b"round 3")), name
    assert b"kenji" in running.raw(FILES[0]) and b"kenji" in running.raw(FILES[1])


def test_a_robot_that_was_off_erases_at_its_next_contact(running: Home, dialogue: Run, room: Room, peer: Peer) -> None:
    robot = dialogue()
    room.enter("hanna")
    room.hear("pani Hanno", "a greeting")
    running.remind("hanna", "your daughter Ewa", 0.3)
    room.hear("your daughter Ewa", "the prompt")
    room.ask("Yes, I'm coming.")
    peer.spin_for(1.0)  # its notes are announced
    robot.kill()
    for name, sql in zip(FILES[2:], ("SELECT content FROM mind", "SELECT resident_id FROM prompts"), strict=True):
        with closing(sealing.reader(running.folder / name)) as db:
            assert any("hanna" in row[0] for row in db.execute(sql)), name
    room.leave("hanna")

    assert "robot's notes" in running.erase("hanna")
    peer.until(lambda: set(running.pending()) == {"backups", "robot", "robot's notes"}, "the home to have erased her")
    robot.start()
    peer.until(lambda: running.pending() == ("backups",), "the robot to have erased her", within_s=30.0)
    assert robot.stop()[0] == 0
    for name in FILES[2:]:
        assert b"hanna" not in running.raw(name)


def test_an_open_alert_goes_by_itself_once_it_is_closed(running: Home, peer: Peer) -> None:
    running.alert("a1", "hanna")
    assert "alerts" in running.erase("hanna")
    peer.until(lambda: set(running.pending()) == {"alerts", "backups"}, "all but the open alert")
    running.close("a1")
    peer.until(lambda: running.pending() == ("backups",), "the alert", within_s=90.0)
