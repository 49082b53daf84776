"""The mind on the real graph: real processes, real profiles and alerts, a recording voice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kith_msgs import srv
from kith_msgs.action import Remind
from kith_msgs.msg import Alert, Fact, FloorState

from nodes.base import graph
from tests.nodes.dialogue.conftest import Room
from tests.peer import Peer

Run = Callable[..., Any]


def test_a_resident_is_greeted_as_stated_and_what_she_says_is_kept(
    home: Path, run_node: Run, dialogue: Run, room: Room, peer: Peer
) -> None:
    run_node("nodes.profiles.node", home_dir=home)
    node = dialogue()
    floor = peer.listen(graph.FLOOR)
    room.enter("hanna")
    greeting = room.hear("pani Hanno", "a greeting")
    assert greeting.text.startswith("Dzień dobry, pani Hanno.")
    assert greeting.locale == "pl_PL"

    room.ask("I don't eat eggs any more.", "you don't eat eggs")
    history = peer.call(graph.GET_HISTORY, srv.GetHistory.Request(resident_id="hanna", key="food.disliked"))
    assert [(each.value, each.source, each.status) for each in history.facts] == [("eggs", Fact.RESIDENT, Fact.STATED)]

    room.ask("What do you know about me?", "you don't eat eggs")
    assert floor[-1].person_id == "hanna"
    assert floor[-1].priority == FloorState.CONVERSATION
    code, said = node.stop()
    assert code == 0
    assert "egg" not in said
    assert "Hanno" not in said


def test_a_profile_change_alters_the_very_next_sentence(
    home: Path, run_node: Run, dialogue: Run, room: Room, peer: Peer
) -> None:
    run_node("nodes.profiles.node", home_dir=home)
    dialogue()
    room.enter("kenji")
    before = room.hear("Mr Sato", "a greeting")
    for key, value in (("address.form", "Kenji"), ("speech.rate", "slow")):
        fact = Fact(resident_id="kenji", key=key, value=value, source=Fact.RESIDENT, status=Fact.STATED, confidence=1.0)
        answer = peer.call(graph.SET_FACT, srv.SetFact.Request(fact=fact))
        assert answer.success, answer.message
    peer.spin_for(0.5)
    (answer, *_) = room.ask("What time is it?", "Kenji")
    assert "Sato" not in answer
    assert room.said[-1].rate < before.rate


def test_reminders_end_in_what_the_resident_answered(
    home: Path, run_node: Run, dialogue: Run, room: Room, peer: Peer
) -> None:
    run_node("nodes.profiles.node", home_dir=home)
    dialogue(answer_window_s=3.0)
    absent = room.remind("kenji", "call", "your son Hiroshi")
    room.enter("hanna")
    room.hear("pani Hanno", "a greeting")

    coming = room.remind("hanna", "call", "your daughter Ewa")
    assert "your daughter Ewa" in room.hear("Ewa", "the prompt").text
    room.ask("Yes, I'm coming.")
    assert room.outcome(coming).outcome == Remind.Result.ACCEPTED

    later = room.remind("hanna", "activity", "singing")
    room.hear("singing", "the prompt")
    room.ask("Later, please. In ten minutes.")
    ended = room.outcome(later)
    assert (ended.outcome, ended.later_s) == (Remind.Result.LATER, 600)

    silent = room.remind("hanna", "activity", "the quiz")
    room.hear("the quiz", "the prompt")
    assert room.outcome(silent).outcome == Remind.Result.NO_ANSWER
    assert room.outcome(absent).outcome == Remind.Result.ABSENT


def test_a_call_for_help_cuts_in_and_is_not_lost_while_the_home_is_away(
    home: Path, run_node: Run, dialogue: Run, room: Room, peer: Peer
) -> None:
    node = dialogue()
    room.enter("hanna", well_known=False)
    room.ask("Hello")
    room.hold = True
    room.say("What can you do?")
    peer.until(lambda: room.said[-1].text.startswith(("I can", "Talking")), "a long sentence")
    sounding = room.said[-1].text
    (calling, *_) = room.ask("Help! I've fallen", "call")
    assert room.silenced == [sounding]
    assert "coming" not in calling
    room.hold = False
    node.kill()  # before the home has the alert
    node.start()

    run_node("nodes.alerts.node", home_dir=home)
    lists = peer.listen(graph.OPEN_ALERTS)
    peer.until(lambda: lists and lists[-1].alerts, "the alert in the home")
    alert = lists[-1].alerts[0]
    assert (alert.level, alert.kind, alert.resident_id) == (Alert.EMERGENCY, "emergency", "hanna")
    peer.call(graph.ACCEPT_ALERT, srv.AcceptAlert.Request(alert_id=alert.id, person="Maria"))
    assert "coming" in room.hear("Maria", "who comes").text


def test_killed_in_mid_conversation_it_goes_on_without_a_second_greeting(
    home: Path, run_node: Run, dialogue: Run, room: Room, peer: Peer
) -> None:
    run_node("nodes.profiles.node", home_dir=home)
    node = dialogue()
    room.enter("hanna")
    room.hear("pani Hanno", "a greeting")
    node.kill()
    node.start()
    peer.spin_for(0.5)
    before = len(room.said)
    reminded = room.remind("hanna", "activity", "singing")
    room.hear("singing", "the prompt after the restart")
    room.ask("No, thank you.")
    assert room.outcome(reminded).outcome == Remind.Result.DECLINED
    assert not any("dobry" in text for text in room.texts()[before:])
    assert oct((home / "robots" / "robot" / "outbox.db").stat().st_mode & 0o777) == "0o600"


def test_two_people_in_the_room_hear_nothing_private(
    home: Path, run_node: Run, dialogue: Run, room: Room, peer: Peer
) -> None:
    run_node("nodes.profiles.node", home_dir=home)
    dialogue()
    room.enter("hanna")
    room.hear("pani Hanno", "a greeting")
    room.enter("kenji")
    peer.spin_for(1.0)
    answers = " ".join(room.ask("What do you know about me?"))
    for private in ("Ewa", "seamstress", "Łódź", "Hiroshi", "Kobe"):
        assert private not in answers
