"""The robot does not talk over people: it falls silent when somebody speaks, and joins what it answered too early."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from std_msgs.msg import Bool

from nodes.base import graph
from tests.nodes.dialogue.conftest import Room
from tests.peer import Peer

Run = Callable[..., Any]


@pytest.fixture
def talking(home: Path, run_node: Run, dialogue: Run, room: Room) -> Room:
    """A robot in the middle of a sentence to Hanna."""
    run_node("nodes.profiles.node", home_dir=home)
    dialogue()
    room.enter("hanna")
    room.hear("pani Hanno", "a greeting")
    room.hold = True
    room.ask("What time is it?")
    return room


def test_it_falls_silent_when_somebody_speaks_and_answers_what_they_say(talking: Room, peer: Peer) -> None:
    talking.sound(True)
    peer.until(lambda: talking.silenced, "silence")
    talking.hold = False
    talking.sound(False)
    told = len(talking.said)
    talking.ask("What day is it?")
    peer.spin_for(4.0)
    assert not set(talking.silenced) & set(talking.texts()[told:])


def test_when_nothing_intelligible_follows_the_sentence_is_said_after_all(talking: Room, peer: Peer) -> None:
    talking.sound(True)
    peer.until(lambda: talking.silenced, "silence")
    talking.hold = False
    talking.sound(False)
    peer.until(lambda: talking.texts().count(talking.silenced[0]) == 2, "the sentence again")


def test_an_answer_to_half_a_sentence_is_withdrawn_for_the_whole_one(talking: Room, peer: Peer) -> None:
    told = len(talking.said)
    talking.say_on("What time is it, and what day is it?")
    peer.until(lambda: talking.silenced, "silence")
    talking.hold = False
    peer.until(lambda: len(talking.said) > told, "an answer to the whole sentence")


def test_a_call_for_help_is_not_interrupted_by_anybodys_voice(talking: Room, peer: Peer) -> None:
    talking.say("Help me, I can't breathe")
    calling = talking.hear("call", "that somebody is called").text
    talking.sound(True)
    peer.spin_for(1.0)
    assert calling not in talking.silenced
    talking.hold = False


def test_a_hand_on_the_robots_head_is_stop(talking: Room, peer: Peer) -> None:
    head = peer.publisher(graph.TOUCH)
    peer.until(head.get_subscription_count, "dialogue feels the head")
    head.publish(Bool(data=True))
    peer.until(lambda: talking.silenced, "silence")
    talking.hold = False
    told = len(talking.said)
    head.publish(Bool(data=True))  # told again each second while the hand stays: that is one stop
    peer.until(lambda: len(talking.said) >= told, "the answer to it")
    silenced = list(talking.silenced)
    peer.spin_for(1.0)
    assert talking.silenced == silenced
