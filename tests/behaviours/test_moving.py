"""Going to people and standing still, as the mind decides it."""

from datetime import timedelta

import pytest

from behaviours.acts import Approach, Gesture, Speak, StandStill
from behaviours.floor import Priority
from tests.behaviours.minds import HANNA, Chat, hanna, profile


def test_called_it_comes_to_the_distance_and_side_that_they_want() -> None:
    chat = Chat(profile(**HANNA, distance__metres="1.5", approach__side="left"))
    chat.say("Come here, please.")
    (came,) = [each for each in chat.acts if isinstance(each, Approach)]
    assert (came.person_id, came.distance_m, came.side, came.may_enter_private) == ("hanna", 1.5, "left", True)


def test_a_voice_that_nobody_knows_does_not_send_it_anywhere() -> None:
    chat = Chat(None)
    assert chat.say("Come here, please.")
    assert not any(isinstance(each, Approach) for each in chat.acts)


@pytest.mark.parametrize(
    "words",
    [
        "Follow me.", "Come with me, please.", "Robot, come along with me to the lounge.", "Dewch gyda fi.",
        "Proszę iść za mną.", "Venha comigo.", "Venga con me.", "मेरे साथ चलिए", "ਮੇਰੇ ਨਾਲ ਚੱਲੋ", "میرے ساتھ چلیے",
        "Sundan mo ako.", "ついてきてください", "저를 따라오세요", "请跟我来",
    ],
)  # fmt: skip
def test_asked_to_come_along_it_follows_until_it_is_told_to_stay(words: str) -> None:
    chat = hanna()
    assert chat.say(words)
    (goes,) = [each for each in chat.acts if isinstance(each, Approach)]
    assert (goes.person_id, goes.follow) == ("hanna", True)
    assert chat.spoken()[-1].act == "follow"
    chat.acts.clear()
    chat.say("Wait here, please.")
    assert any(isinstance(each, StandStill) for each in chat.acts)


@pytest.mark.parametrize("ends", ["Stop.", "Goodbye.", "Go away.", "That is far enough."])
def test_it_follows_nobody_after_the_end(ends: str) -> None:
    chat = hanna()
    chat.say("Come with me.")
    chat.acts.clear()
    chat.say(ends)
    assert any(isinstance(each, StandStill) for each in chat.acts)


@pytest.mark.parametrize("words", ["She would not come with me.", "Do you follow me?", "Follow me was a film."])
def test_words_about_coming_along_send_it_nowhere(words: str) -> None:
    chat = hanna()
    chat.say(words)
    assert not any(isinstance(each, Approach) for each in chat.acts)


def test_it_does_not_follow_a_voice_that_nobody_knows() -> None:
    chat = Chat(None)
    chat.say("Follow me.")
    assert not any(isinstance(each, Approach) for each in chat.acts)


def test_it_says_that_it_comes_no_nearer() -> None:
    chat = hanna()
    assert "nearer" in chat.took(chat.mind.got_no_nearer(chat.now))
    assert chat.took(chat.mind.got_no_nearer(chat.now.replace(hour=23) + timedelta(days=1))) == ""


@pytest.mark.parametrize("cause", ["stopped", "button", "touched", "bumper", "battery", "cliff", "lidar", "news"])
def test_it_says_once_why_it_stands_still(cause: str) -> None:
    chat = hanna()
    assert chat.took(chat.mind.halted(cause, chat.now))
    assert chat.spoken()[0].act == "moving"
    assert chat.took(chat.mind.halted(cause, chat.now + timedelta(minutes=1))) == ""
    assert chat.took(chat.mind.halted(cause, chat.now + timedelta(minutes=11)))


def test_by_night_it_stands_still_in_silence() -> None:
    chat = hanna()
    night = chat.now.replace(hour=23)
    assert chat.took(chat.mind.halted("bumper", night)) == ""
    assert chat.took(chat.mind.way_is_shut(night)) == ""


def test_a_call_for_help_is_not_talked_over_by_somebody_in_the_way() -> None:
    chat = hanna()
    chat.say("Help! I can't breathe!")
    assert chat.mind.floor.priority >= Priority.EMERGENCY
    assert chat.took(chat.mind.way_is_shut(chat.now)) == ""


def test_somebody_in_the_way_is_asked_for_nothing() -> None:
    said = hanna().mind.way_is_shut(hanna().now)
    text = " ".join(each.text for each in said if isinstance(each, Speak)).lower()
    assert "wait" in text
    assert not any(each in text for each in ("please", "move", "let me", "excuse"))


def test_the_sign_of_a_greeting_follows_its_words() -> None:
    chat = hanna()
    chat.mind.presence(chat.who, chat.now)
    chat.wait(5)
    kinds = [type(each) for each in chat.acts if isinstance(each, Speak | Gesture)]
    assert kinds[:2] == [Speak, Gesture]
