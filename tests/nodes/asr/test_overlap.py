"""Residents and the robot's own voice in one room: barge-in, joining what was only a pause, and two at once."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from kith.bench.speech.material import Voices
from kith.bench.speech.scene import Scene
from nodes.asr.hearing import Said, Speaking
from nodes.asr.recogniser import Recogniser
from nodes.asr.urgent import words_of

ROBOT = "Your daughter will visit you on Sunday afternoon, and she will bring a cake for all of us."


@pytest.fixture(scope="module")
def voices() -> Iterator[Voices]:
    made = Voices()
    yield made
    made.close()


class Room:
    def __init__(self, recogniser: Recogniser, **how: Any) -> None:
        self.events: list[Any] = []
        self.scene = Scene([recogniser], lambda event, _: self.events.append(event), costs_s=0.15, **how)
        self.scene.run(0.5)

    @property
    def finals(self) -> list[Said]:
        return [each for each in self.events if isinstance(each, Said) and each.final]

    def robot_learns(self, voices: Voices) -> None:
        """It has spoken once, so it knows the room."""
        self.scene.say(voices.robot(ROBOT), ROBOT, self.scene.now)
        while self.scene.speaking:
            self.scene.tick()
        self.scene.run(1.0)


def test_its_own_voice_through_a_loud_echo_is_nobody(voices: Voices, whisper: Recogniser) -> None:
    room = Room(whisper, everybody=True)
    room.robot_learns(voices)
    room.robot_learns(voices)
    assert room.events == []
    assert room.scene.hearing.echo_removed_db > 20


def test_whole_sentences_are_heard_over_the_robots_voice_and_it_is_told_to_yield(
    voices: Voices, whisper: Recogniser
) -> None:
    room = Room(whisper, everybody=True)
    room.robot_learns(voices)
    room.scene.say(voices.robot(ROBOT), ROBOT, room.scene.now)
    room.scene.run(0.8)
    room.scene.add(voices.resident("I don't eat eggs any more."), room.scene.now + 0.02)
    room.scene.run(7.0)
    yields = [each for each in room.events if isinstance(each, Speaking) and each.speaking]
    assert [each.over_robot for each in yields] == [True]
    assert [said.text for said in room.finals] == ["I don't eat eggs anymore."]
    assert room.finals[0].over_robot


@pytest.mark.parametrize("pause_s", [0.9, 1.2])
def test_who_goes_on_after_the_robot_took_it_for_the_end_is_heard_as_one(
    pause_s: float, voices: Voices, whisper: Recogniser
) -> None:
    room = Room(whisper)
    first, second = voices.resident("I do not understand you."), voices.resident("Please say that again.")
    begins = room.scene.now + 0.02
    room.scene.add(first, begins)
    room.scene.add(second, begins + len(first) / 16_000 + pause_s)
    room.scene.run(8.0)
    assert len(room.finals) == 2
    early, whole = room.finals
    assert whole.continues == early.utterance
    assert whole.text.startswith("I do not understand you")
    assert "say that again" in whole.text.lower()


def test_who_lets_the_robot_finish_a_short_answer_says_something_new(voices: Voices, whisper: Recogniser) -> None:
    room = Room(whisper)
    room.scene.add(voices.resident("My knee is sore again."), room.scene.now + 0.02)
    while not room.finals:
        room.scene.tick()
    room.scene.say(voices.robot("Oh dear."), "Oh dear.", room.scene.now)
    while room.scene.speaking:
        room.scene.tick()
    room.scene.add(voices.resident("When is lunch?"), room.scene.now + 0.15)
    room.scene.run(4.0)
    # Words alone: the recogniser ends the question now with its mark, now with a full stop.
    assert [(list(words_of(each.text)), each.continues) for each in room.finals] == [
        (["my", "knee", "is", "sore", "again"], 0),
        (["when", "is", "lunch"], 0),
    ]


def test_two_people_at_once_do_not_stop_it(voices: Voices, whisper: Recogniser) -> None:
    room = Room(whisper)
    room.scene.add(voices.resident("Could you call my daughter, please?", 0), room.scene.now + 0.02)
    room.scene.add(voices.resident("Where are my glasses?", 1), room.scene.now + 0.1)
    room.scene.run(4.0)
    room.events.clear()
    room.scene.add(voices.resident("Hello robot, what time is it?"), room.scene.now + 0.02)
    room.scene.run(4.0)
    assert any("time" in said.text for said in room.finals)


def test_music_is_no_speech(whisper: Recogniser) -> None:
    time = np.arange(4 * 16_000) / 16_000
    chords = sum(np.sin(2 * np.pi * hertz * time) for hertz in (220.0, 277.2, 329.6, 440.0))
    beat = 0.4 + 0.6 * (np.sin(2 * np.pi * 2 * time) > 0)
    room = Room(whisper)
    room.scene.add((chords * beat * 3000).astype(np.int16), room.scene.now + 0.02)
    room.scene.run(6.0)
    assert room.finals == []
