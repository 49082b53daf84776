"""Care rule 11: a hand raised against the robot, or a step back from it, is a refusal like any spoken one."""

from datetime import timedelta

from behaviours.acts import StandStill
from tests.behaviours.minds import hanna


def test_it_stands_leaves_them_in_peace_and_does_not_come_again_by_itself() -> None:
    chat = hanna()
    assert "call bell" in chat.took(chat.mind.uneasy("hanna", chat.now))
    assert any(isinstance(each, StandStill) for each in chat.acts)
    later = chat.now + timedelta(minutes=5)
    assert chat.mind.come_to("hanna", later, called=False) == []
    assert chat.mind.come_to("hanna", later, called=True) != []


def test_stop_means_the_wheels_too() -> None:
    for words in ("Stop!", "Go away.", "Not today, thank you."):
        chat = hanna()
        chat.say(words)
        assert any(isinstance(each, StandStill) for each in chat.acts), words
