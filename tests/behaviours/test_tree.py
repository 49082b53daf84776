"""What comes before what: the tree is asked as the floor's priorities say."""

from datetime import timedelta

from behaviours.reminding import Reminder
from tests.behaviours.minds import hanna


def test_what_is_urgent_is_answered_by_the_safety_branch_whatever_goes_on() -> None:
    chat = hanna()
    chat.say("Good morning")
    chat.took(chat.mind.remind(Reminder("o1", "hanna", "activity", "the singing"), chat.who, chat.now))
    chat.say("I have fallen and I can't get up")
    assert chat.mind.doing == ("safety", "emergency")
    assert [each.outcome for each in chat.outcomes()] == ["interrupted"]


def test_while_a_call_waits_for_a_person_words_are_still_answered_and_nothing_new_begins() -> None:
    chat = hanna()
    chat.say("Help me, I can't breathe")
    chat.wait(1)
    assert chat.mind.doing == ("emergency", "waiting for a person")
    assert chat.say("What time is it?")
    assert chat.mind.doing == ("conversation", "time")
    chat.mind.presence(chat.who, chat.now)
    chat.now += timedelta(hours=2)
    assert "Good" not in chat.wait(1)


def test_a_reminder_that_waits_for_its_answer_holds_the_floor() -> None:
    chat = hanna()
    chat.say("Good morning")
    chat.took(chat.mind.remind(Reminder("o1", "hanna", "activity", "the singing"), chat.who, chat.now))
    chat.wait(1)
    assert chat.mind.doing == ("reminder", "waiting for the answer")
    chat.say("Yes, I'm coming")
    assert chat.mind.doing == ("reminder", "answer to a reminder")


def test_with_nothing_to_do_it_rests() -> None:
    chat = hanna()
    chat.wait(1)
    assert chat.mind.doing == ("idle", "rest")
