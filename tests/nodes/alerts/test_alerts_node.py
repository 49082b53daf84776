"""A call for a person is kept, shown, sent again, and ends only with a named person."""

from pathlib import Path
from typing import Any

import pytest
from kith_msgs import msg, srv

from nodes.base import graph


def _alert(alert_id: str = "a1", **fields: Any) -> srv.RaiseAlert.Request:
    given = {"robot": "robot", "resident_id": "hanna", "level": msg.Alert.ATTEND, "kind": "pain", "text": "My hip."}
    return srv.RaiseAlert.Request(alert=msg.Alert(id=alert_id, **{**given, **fields}))


def _accept(alert_id: str, person: str, *, close: bool = False) -> srv.AcceptAlert.Request:
    return srv.AcceptAlert.Request(alert_id=alert_id, person=person, close=close)


def test_raising_twice_is_raising_once_and_survives_kill(run_node: Any, peer: Any, home_dir: Path) -> None:
    node = run_node("nodes.alerts.node", home_dir=home_dir)
    first = peer.call(graph.RAISE_ALERT, _alert())
    assert (first.stored, first.alert_now.state) == (True, msg.Alert.RAISED)
    node.kill()
    node.start()
    heard = peer.listen(graph.OPEN_ALERTS)
    peer.until(lambda: heard and heard[-1].alerts, "the alert after the crash")
    assert [alert.id for alert in heard[-1].alerts] == ["a1"]
    again = peer.call(graph.RAISE_ALERT, _alert())
    assert again.stored
    assert len(peer.until(lambda: heard[-1].alerts, "the list")) == 1
    assert (home_dir / "alerts" / "alerts.db").stat().st_mode & 0o777 == 0o600


def test_the_list_is_latched_for_those_who_come_late(run_node: Any, peer: Any, home_dir: Path) -> None:
    run_node("nodes.alerts.node", home_dir=home_dir)
    peer.call(graph.RAISE_ALERT, _alert())
    heard = peer.listen(graph.OPEN_ALERTS)
    peer.until(lambda: heard, "the latched list")
    assert [alert.text for alert in heard[-1].alerts] == ["My hip."]
    assert not heard[-1].covered


def test_only_a_named_person_accepts_and_closes(run_node: Any, peer: Any, home_dir: Path) -> None:
    run_node("nodes.alerts.node", home_dir=home_dir)
    peer.call(graph.RAISE_ALERT, _alert())
    refused = peer.call(graph.ACCEPT_ALERT, _accept("a1", "  "))
    assert not refused.success
    assert "name" in refused.message
    assert not peer.call(graph.ACCEPT_ALERT, _accept("nothing", "Anna")).success
    assert peer.call(graph.ACCEPT_ALERT, _accept("a1", "Anna")).success
    assert peer.call(graph.RAISE_ALERT, _alert()).alert_now.accepted_by == "Anna"
    heard = peer.listen(graph.OPEN_ALERTS)
    assert peer.call(graph.ACCEPT_ALERT, _accept("a1", "Anna", close=True)).success
    peer.until(lambda: heard and not heard[-1].alerts, "an empty list")
    # Whoever raised it can learn how it ended, and does not open it again.
    ended = peer.call(graph.RAISE_ALERT, _alert()).alert_now
    assert (ended.state, ended.accepted_by) == (msg.Alert.CLOSED, "Anna")
    assert not heard[-1].alerts


def test_an_unaccepted_alert_goes_out_again_until_somebody_accepts(run_node: Any, peer: Any, home_dir: Path) -> None:
    run_node("nodes.alerts.node", home_dir=home_dir, again_after_s=1)
    heard = peer.listen(graph.OPEN_ALERTS)
    peer.call(graph.RAISE_ALERT, _alert())
    peer.until(lambda: heard and heard[-1].alerts and heard[-1].alerts[0].raise_count >= 2, "sent again twice")
    assert heard[-1].alerts[0].state == msg.Alert.RAISED
    peer.call(graph.ACCEPT_ALERT, _accept("a1", "Anna"))
    peer.until(lambda: heard[-1].alerts[0].state == msg.Alert.ACCEPTED, "accepted")
    count = heard[-1].alerts[0].raise_count
    peer.spin_for(2.0)
    assert heard[-1].alerts[0].raise_count == count


def test_the_shift_is_kept_over_a_crash(run_node: Any, peer: Any, home_dir: Path) -> None:
    node = run_node("nodes.alerts.node", home_dir=home_dir)
    assert peer.call(graph.SET_SHIFT, srv.SetShift.Request(holder="Anna", deputy="Ben")).success
    node.kill()
    node.start()
    heard = peer.listen(graph.OPEN_ALERTS)
    peer.until(lambda: heard and heard[-1].covered, "a covered shift")
    assert (heard[-1].holder, heard[-1].deputy) == ("Anna", "Ben")
    assert peer.call(graph.SET_SHIFT, srv.SetShift.Request()).success
    peer.until(lambda: not heard[-1].covered, "calls not covered")


@pytest.mark.parametrize(("who", "state"), [("Ben", msg.Alert.DELIVERED), ("Mallory", msg.Alert.RAISED)])
def test_delivered_only_on_the_device_of_who_carries_the_alerts(
    run_node: Any, peer: Any, home_dir: Path, who: str, state: int
) -> None:
    run_node("nodes.alerts.node", home_dir=home_dir)
    peer.call(graph.SET_SHIFT, srv.SetShift.Request(holder="Anna", deputy="Ben"))
    peer.call(graph.RAISE_ALERT, _alert())
    shown = _alert("a1", state=msg.Alert.DELIVERED, accepted_by=who)
    assert peer.call(graph.RAISE_ALERT, shown).alert_now.state == state


def test_two_homes_on_one_directory_is_told_and_the_second_waits(run_node: Any, peer: Any, home_dir: Path) -> None:
    run_node("nodes.alerts.node", home_dir=home_dir)
    peer.call(graph.RAISE_ALERT, _alert())
    second = run_node("nodes.alerts.node", home_dir=home_dir)
    assert second.process.stderr is not None
    line = second.process.stderr.readline()
    assert "another process of Kith has it open" in line
    code, rest = second.stop()
    assert (code, "Traceback" in rest) == (0, False)
