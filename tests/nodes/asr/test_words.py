"""What words tell: whether more is to come, whether help is called, whether it is the robot's own voice."""

import numpy as np
import pytest

from nodes.asr.gate import Gate
from nodes.asr.intake import Arrival, Intake
from nodes.asr.recogniser import Heard, Word
from nodes.asr.unfinished import sounds_unfinished
from nodes.asr.urgent import phrases, spot
from nodes.asr.whisper import Whisper, believable, without_invented_tail


@pytest.mark.parametrize(
    "text",
    ["I would like", "I would like to", "I would like.", "Could you call my", "Yes, and", "Well, I", "later,", "I'm...",
     "My daughter is", "Um", "I want to go to the", "I’d like",
     "If it does not", "When I was young", "Could you turn", "What was the name of", "I think I would", "Please put"],
)  # fmt: skip
def test_more_is_to_come(text: str) -> None:
    assert sounds_unfinished(text, "en")


@pytest.mark.parametrize(
    "text",
    ["Yes, I'm coming.", "Later, please.", "No.", "Good morning.", "Yes, I would.", "No, it is.", "Of course I can.",
     "What do you want to?", "I think I will", "Please come in.", "I like that.", "", "Not today, thank you.",
     "Please put the radio on.", "Please put that there.", "I think so.",
     "Not now, please.", "If it does not rain, I will go outside."],
)  # fmt: skip
def test_nothing_more_is_to_come(text: str) -> None:
    assert not sounds_unfinished(text, "en")


def test_of_languages_it_does_not_know_nothing_is_claimed() -> None:
    assert not sounds_unfinished("Chciałabym zadzwonić do", "pl")


def heard(text: str, confidence: float = 0.9) -> Heard:
    words = tuple(Word(word, 0.0, 0.1, confidence) for word in text.split())
    return Heard(text, words, confidence)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Help!", {"help"}),
        ("Please help me, I've fallen.", {"help"}),
        ("I’ve fallen", {"help"}),
        ("Stop. Stop it!", {"stop"}),
        ("Wait, nurse!", {"stop", "help"}),
        ("That was helpful of the waiter.", set()),
        ("I can breathe the sea air.", set()),
        ("", set()),
    ],
)
def test_urgent_words_are_spotted(text: str, kinds: set[str]) -> None:
    assert {urgent.kind for urgent in spot(heard(text), "en")} == kinds


def test_the_robots_own_words_and_guesses_do_not_count() -> None:
    own = frozenset({"shall", "i", "stop"})
    assert spot(heard("stop"), "en", own) == []
    assert [urgent.kind for urgent in spot(heard("stop, help"), "en", own)] == ["help"]
    assert spot(heard("stop", 0.1), "en") == []


def test_the_list_has_stop_and_help_and_unknown_languages_have_none() -> None:
    assert {urgent.kind for urgent in phrases("en")} == {"stop", "help"}
    assert phrases("xx") == ()


def test_the_gate_is_shut_while_the_robot_sounds_and_for_the_tail() -> None:
    gate = Gate(0.35)
    assert not gate.sounds(0.0)
    gate.caption("u", "Good morning, Mr Sato.")
    gate.started("u", 10.0)
    assert [gate.sounds(at) for at in (9.9, 10.0, 12.0)] == [False, True, True]
    gate.ended("u", 12.0)
    assert [gate.sounds(at) for at in (11.9, 12.3, 12.36)] == [True, True, False]
    assert not gate.sounds(12.1, tail=False)
    assert gate.own_words() >= {"good", "morning", "sato"}


def test_a_robot_whose_end_nobody_reports_does_not_stay_deaf() -> None:
    gate = Gate(0.35)
    gate.caption("u", "Good morning.")
    gate.started("u", 0.0)
    assert gate.sounds(5.0)
    assert not gate.sounds(9.0)
    gate.started("unknown", 100.0)
    assert gate.sounds(110.0)
    assert not gate.sounds(131.0)


def test_a_late_echo_is_known_by_its_words() -> None:
    gate = Gate(0.35)
    gate.caption("u", "Your daughter will call at ten.")
    gate.started("u", 0.0)
    gate.ended("u", 2.0)
    assert gate.is_echo("daughter will call at ten", 2.3)
    assert not gate.is_echo("at ten", 2.3)
    assert not gate.is_echo("my daughter will call", 2.3)
    assert not gate.is_echo("daughter will call at ten", 4.0)


def test_lost_late_and_restarted_chunks() -> None:
    intake = Intake()
    arrivals = [intake.take(number) for number in (100, 101, 104, 103, 105, 0, 1)]
    nxt, gap, late, restart = Arrival.NEXT, Arrival.GAP, Arrival.LATE, Arrival.RESTART
    assert arrivals == [nxt, nxt, gap, late, nxt, restart, nxt]
    assert (intake.received, intake.lost, intake.late, intake.restarts) == (7, 2, 1, 1)


def test_what_whisper_invents_is_dropped() -> None:
    assert believable("Later, please.", -0.4, 0.1, 0.8)
    assert not believable("Thanks for watching!", -0.3, 0.1, 0.8)
    assert not believable("(music)", -0.3, 0.1, 0.8)
    assert not believable(" . . .", -0.3, 0.1, 0.8)
    assert not believable("you", -1.2, 0.9, 0.8)
    assert not believable("no no no no no no", -0.3, 0.1, 3.0)
    said = [
        Word("Later,", 0, 0.4, 0.5),
        Word("please.", 0.4, 1, 0.8),
        Word("Thank", 1, 1.3, 0.005),
        Word("you.", 1.3, 1.3, 0.98),
    ]
    assert [word.word for word in without_invented_tail(said)] == ["Later,", "please."]
    assert without_invented_tail(said[:2]) == said[:2]


class Model(Whisper):
    """Whisper's way of asking its model, without the model: what it was asked is written down."""

    def __init__(self, confidences: list[float], names: str = "") -> None:
        self.asked: list[tuple[int, str]] = []
        self._confidences, self._names = confidences, names

    def _decode(self, samples: object, frames: int, names: str = "") -> Heard:
        self.asked.append((frames, names))
        words = tuple(Word("word", index, index + 1, each) for index, each in enumerate(self._confidences))
        return Heard("word " * len(words), words, 0.5)


@pytest.mark.parametrize(
    ("confidences", "names", "asked"),
    [
        ([0.9, 0.9], "", [(1500, "")]),
        ([0.9, 0.9], "Hiroshi", [(1500, "")]),
        ([0.5, 0.9], "", [(1500, "")]),  # doubtful, but nothing is known that it could be
        ([0.5, 0.9], "Hiroshi", [(1500, ""), (1500, "Hiroshi")]),
        ([0.9, 0.5], "Hiroshi", [(1500, ""), (1500, "Hiroshi")]),
        ([], "", [(1500, ""), (3000, "")]),
    ],
)
def test_only_what_is_doubtful_is_decoded_twice(
    confidences: list[float], names: str, asked: list[tuple[int, str]]
) -> None:
    model = Model(confidences, names)
    model.decode(np.zeros(32_000, np.float32))
    assert model.asked == asked
    model.asked.clear()
    model.decode(np.zeros(32_000, np.float32), careful=False)
    assert len(model.asked) == 1
