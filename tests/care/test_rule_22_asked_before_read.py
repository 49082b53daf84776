"""Care rule 22: a message names its sender, and is read only after a yes."""

from datetime import timedelta

import pytest

from behaviours.acts import Outcome
from behaviours.identity import Level, Who
from behaviours.reminding import Reminder
from tests.behaviours.minds import HANNA, Chat, hanna, profile

WORDS = "We come on Sunday and bring the poppy seed cake."

POLISH = "Mamo, to nie jest tak, jak myślisz. Przyjedziemy do ciebie w niedzielę."


def bring(chat: Chat) -> str:
    message = Reminder("m1", "hanna", "message", "your daughter Ewa", chat.now + timedelta(hours=1), text=WORDS)
    return chat.took(chat.mind.remind(message, chat.who, chat.now))


def test_the_sender_is_named_first_and_the_words_follow_a_yes() -> None:
    chat = hanna()
    asked = bring(chat)
    assert "your daughter Ewa" in asked and "Sunday" not in asked
    read = chat.say("Yes, please.")
    assert "daughter Ewa" in read and WORDS in read
    assert [each.outcome for each in chat.outcomes()] == [Outcome.ACCEPTED]


@pytest.mark.parametrize("answer", ["No, thank you.", "Later, please.", "Leave me alone."])
def test_without_a_yes_nothing_of_it_is_read(answer: str) -> None:
    chat = hanna()
    bring(chat)
    assert "Sunday" not in chat.say(answer)
    assert [each.outcome for each in chat.outcomes()] != [Outcome.ACCEPTED]


def test_nothing_is_read_or_told_of_it_before_others() -> None:
    chat = hanna(Level.PUBLIC)
    assert "Ewa" not in bring(chat)
    assert "Sunday" not in chat.say("Yes, please.")
    chat = hanna()
    bring(chat)
    chat.who = Who("hanna", Level.PUBLIC, "somebody came in")
    assert "Sunday" not in chat.say("Yes, please.")


def test_it_is_read_in_the_language_in_which_it_was_written() -> None:
    chat = Chat(profile(**HANNA, language__preferred="en_GB"))
    message = Reminder("m1", "hanna", "message", "Ewa", text=POLISH)
    chat.took(chat.mind.remind(message, chat.who, chat.now))
    chat.say("Yes, please.")
    assert [each.locale for each in chat.spoken()] == ["en_GB", "pl_PL"]
