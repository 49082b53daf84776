"""Talk over days: nothing twice, what was left open, what was declined, how it ends."""

from datetime import timedelta

import pytest

from tests.behaviours.minds import Chat, hanna

TELLS = ("I had roses by the door.", "They smelled wonderful.", "We watered them in the evening.", "Yes, every day.")


def restarted(chat: Chat) -> Chat:
    again = hanna()
    again.mind.restore(chat.mind.state())
    again.now = chat.now + timedelta(days=1)
    return again


def test_no_sentence_of_a_topic_comes_back_the_next_day_and_after_a_restart() -> None:
    first = hanna()
    said = {part for words in TELLS * 4 for part in first.say(words).replace(", pani Hanno", "").split(". ")}
    second = restarted(first)
    again = {part for words in TELLS * 4 for part in second.say(words).replace(", pani Hanno", "").split(". ")}
    questions = {part for part in said & again if part.endswith("?") and len(part.split()) > 3}
    assert questions == set()


def test_the_state_of_talk_holds_no_words() -> None:
    chat = hanna()
    for words in TELLS:
        chat.say(words)
    state = str(chat.mind.state()["talk"])
    assert "rose" not in state.replace("'flowers'", "")
    assert "water" not in state


def test_what_was_left_open_is_offered_another_day() -> None:
    chat = hanna()
    for words in TELLS:
        chat.say(words)
    chat.say("Goodbye")
    another = restarted(chat)
    whys: list[str] = []
    for words in ("Good morning", "Well.", "Well now.", "Well well."):
        another.say(words)
        whys += [each.why for each in another.spoken()]
    assert "open thread flowers" in whys


@pytest.mark.parametrize("words", ["I would rather not.", "Something else, please.", "No, thank you."])
def test_a_declined_topic_is_left_for_the_day(words: str) -> None:
    chat = hanna()
    chat.say("I had roses by the door.")
    answer = chat.say(words)
    assert "?" not in answer
    for _ in range(12):
        chat.say("It was a long time ago.")
        assert all("topic flowers" not in each.why for each in chat.spoken())


@pytest.mark.parametrize(
    "words",
    [
        "Goodbye",
        "That will do for today.",
        "I would like to rest now.",
        "Enough chat. Music now.",
        "もうええ",
        "Chega por hoje",
    ],
)
def test_an_ending_takes_one_turn(words: str) -> None:
    chat = hanna()
    chat.say("I had roses by the door.")
    answer = chat.say(words)
    assert "?" not in answer
    assert len(chat.spoken()) == 1
    assert chat.wait(60) == ""


def test_the_same_sentence_fifty_times_is_answered_kindly_each_time() -> None:
    chat = hanna()
    for _ in range(50):
        answer = chat.say("The tomatoes in this country taste of water.")
        assert "{" not in answer
