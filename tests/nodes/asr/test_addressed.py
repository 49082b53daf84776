"""Who is meant: the robot, or somebody else in the room."""

import numpy as np

from nodes.asr.addressed import Addressee, Stretch
from nodes.asr.traits import Traits, traits
from nodes.base.audio import resample, to_float
from nodes.tts.piper import PiperVoice

LOW, HIGH = Traits(-25.0, 95.0, 30.0), Traits(-25.0, 190.0, 30.0)
FAR = Traits(-38.0, 120.0, 9.0)


def at(began: float, text: str, voice: Traits = LOW, seconds: float = 1.5, over_s: float = 0.0) -> Stretch:
    return Stretch(began, began + seconds, voice, text, over_s)


def test_one_voice_in_a_quiet_room_is_answered_and_so_is_what_follows() -> None:
    addressee = Addressee()
    assert addressee.probability(at(0, "My knee is sore again.")) > 0.5
    addressee.robot_said("Shall I call somebody?", 4.0)
    assert addressee.probability(at(5, "No.")) > 0.9
    assert addressee.probability(at(20, "It was worse yesterday.")) > 0.5


def test_two_people_in_turn_are_left_alone_until_the_robot_is_named() -> None:
    addressee = Addressee()
    addressee.probability(at(0, "Did you see the new people?", LOW))
    later = [
        addressee.probability(at(1.9 * turn, "They seem very friendly to me.", HIGH if turn % 2 else LOW))
        for turn in range(1, 12)
    ]
    assert max(later[1:]) < 0.5, "the first answer may pass for a second speaker to the robot"
    assert addressee.others_talk(22.0)
    assert addressee.probability(at(23, "Kith, what do you think?")) > 0.5


def test_a_television_is_left_alone_from_its_first_sentence() -> None:
    addressee = Addressee()
    said = [addressee.probability(at(3.0 * turn, "Prices have risen again.", FAR, 2.5)) for turn in range(20)]
    assert max(said) < 0.5


def test_a_television_whose_pauses_are_silent_is_left_alone_and_a_long_story_near_by_is_not() -> None:
    news, story = Traits(-35.0, 100.0, 30.0, 11.0), Traits(-35.0, 100.0, 30.0, 18.0)
    assert Addressee().probability(at(0, "Prices have risen. The match was stopped.", news, 8.0)) < 0.5
    assert Addressee().probability(at(0, "My father kept bees. We had honey all year.", story, 8.0)) > 0.5


def test_who_talks_on_while_the_robot_speaks_does_not_mean_it() -> None:
    addressee = Addressee()
    said = []
    for turn in range(6):
        said.append(addressee.probability(at(6.0 * turn, "And then she came home.", LOW, 2.0, over_s=0.4 * (turn > 0))))
        addressee.robot_said("Would you like to tell me more?", 6.0 * turn + 5.0)
    assert said[0] > 0.5
    assert max(said[3:]) < 0.5


def test_a_phone_call_is_left_alone_to_its_end() -> None:
    addressee = Addressee()
    texts = ["Hello? Yes, speaking.", "How lovely to hear from you.", "No, I have had my lunch.", "And the children?"]
    assert max(addressee.probability(at(5.0 * turn, text)) for turn, text in enumerate(texts)) < 0.5


def test_a_voice_is_known_by_its_pitch_and_an_echoing_room_by_its_shallow_gaps(speaker: PiperVoice) -> None:
    sound = speaker.render("Could you call my daughter, please?")
    near = resample(to_float(sound.samples), sound.rate, 16_000)
    found = traits(near)
    assert 70 < found.pitch_hz < 140
    path = np.random.default_rng(1).standard_normal(9600) * np.exp(-np.arange(9600) / 2000)
    far = np.convolve(near, path / np.sqrt(np.sum(path**2))).astype(np.float32)
    assert traits(far).depth_db < found.depth_db
    silence = np.zeros(8000, np.float32)
    paused = traits(np.concatenate((far, silence, far, silence)))
    assert paused.depth_db > 100, "silence hides the room"
    assert paused.gaps_db < traits(np.concatenate((near, silence, near, silence))).gaps_db
    assert traits(near[:1000]) == Traits()
    higher = traits(resample(near, 16_000, 11_000))
    assert not found.same_voice(higher)
    assert found.same_voice(Traits())


def test_the_answer_to_the_robots_question_is_heard_beside_a_television() -> None:
    addressee = Addressee()
    for turn in range(8):
        addressee.probability(at(3.0 * turn, "Prices have risen again.", FAR, 2.5))
    addressee.robot_said("Would you like to take the call?", 25.0)
    assert addressee.probability(at(25.5, "And now the weather for the weekend.", FAR, 2.5)) < 0.5
    assert addressee.probability(at(28.5, "Yes, please.", HIGH, 0.8)) > 0.5
