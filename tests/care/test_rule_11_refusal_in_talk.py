"""Care rule 11: today's refusal always wins; before listening stops it says that it then cannot hear calls for help."""

from datetime import timedelta

import pytest

from behaviours.acts import Hush, Outcome
from behaviours.reminding import Reminder
from tests.behaviours.minds import hanna


@pytest.mark.parametrize("text", ["Go away", "leave me alone", "I don't want to talk", "Not today", "let me sleep"])
def test_it_ends_in_one_turn_and_no_word_follows(text: str) -> None:
    chat = hanna()
    chat.say("Good morning")
    said = chat.say(text)
    assert "?" not in said
    assert any(isinstance(each, Hush) for each in chat.acts)
    for later in ("It is raining.", "Yes.", "No.", "The roses are out."):
        assert chat.say(later) == ""
    chat.mind.presence(chat.who, chat.now)
    assert chat.wait(1800) == ""


def test_not_today_lasts_until_tomorrow_and_go_away_for_now() -> None:
    chat = hanna()
    chat.say("Not today")
    chat.now += timedelta(hours=9)
    assert chat.say("The sun is out.") == ""
    chat.now += timedelta(hours=15)
    assert chat.say("The sun is out.") != ""
    other = hanna()
    other.say("Go away")
    other.now += timedelta(hours=3)
    assert other.say("The sun is out.") != ""


def test_the_person_may_take_it_back_and_may_ask() -> None:
    chat = hanna()
    chat.say("Go away")
    assert chat.say("Hello robot") != ""
    chat.say("Not today")
    assert chat.say("What time is it?") != ""
    assert chat.say("The sun is out.") == ""


def test_reminders_are_not_spoken_against_a_refusal() -> None:
    chat = hanna()
    chat.say("Not today")
    assert chat.took(chat.mind.remind(Reminder("o1", "hanna", "activity", "singing"), chat.who, chat.now)) == ""
    assert chat.outcomes()[0].outcome is Outcome.DECLINED


def test_before_listening_stops_it_says_what_that_means() -> None:
    chat = hanna()
    said = chat.say("Stop listening to me")
    assert "can't hear" in said
    assert "bell" in said


def test_stop_is_silence_and_no_question() -> None:
    chat = hanna()
    said = chat.say("Stop")
    assert any(isinstance(each, Hush) for each in chat.acts)
    assert len(said.split()) <= 4


def test_memory_refused_today_keeps_nothing() -> None:
    chat = hanna()
    chat.say("Don't remember anything")
    chat.say("I don't eat eggs any more")
    assert chat.facts() == []
