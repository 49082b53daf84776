"""Talk that follows the person: said back, gently after a loss, names known, stories kept only after a yes."""

from datetime import timedelta

import pytest

from behaviours.acts import Approach
from behaviours.conversation.reflecting import reflected
from tests.behaviours.minds import HANNA, Chat, hanna, profile


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("I started at fifteen.", "You started at fifteen."),
        ("My father taught me.", "Your father taught you."),
        ("Leek soup! I grew the best leeks in Blaenau.", "You grew the best leeks in Blaenau."),
        ("I was the best of them all.", "You were the best of them all."),
        ("I hated it.", ""),
        ("I had to go home.", ""),
        ("You never listened.", ""),
        ("My wife died.", ""),
        ("Did I work hard?", ""),
    ],
)
def test_only_what_cannot_go_wrong_is_said_back(said: str, back: str) -> None:
    assert reflected(said) == back


def test_after_words_of_loss_no_other_subject_is_brought_in() -> None:
    chat = Chat(profile(**HANNA, lifestory__losses="Her husband Marek died"))
    chat.say("Good morning")
    chat.say("I miss Marek, you know.")
    assert chat.spoken()[0].act == "comfort"
    for words in ("He made the best soup.", "He sang in the kitchen.", "Every Sunday."):
        chat.say(words)
        assert [each.act for each in chat.spoken()] == ["comfort"]


def test_a_name_is_no_topic_and_calls_for_the_family() -> None:
    chat = Chat(profile(**(HANNA | {"family__daughter": "Rose"})))
    chat.say("Rose is a clever one, she is.")
    assert chat.mind.turn.topic != "flowers"
    chat.say("Will you ring Rose for me?")
    assert [alert.kind for alert in chat.alerts()] == ["family"]


def test_a_question_about_the_robot_is_answered_as_a_machine() -> None:
    chat = hanna()
    said = chat.say("Did you ever go dancing?").lower()
    assert any(word in said for word in ("robot", "machine", "wires", "voice"))


def test_a_story_is_kept_after_a_yes_and_told_in_the_second_person() -> None:
    chat = hanna()
    chat.say("We had roses by the door.")
    assert "you won the first prize for roses in Leeds" in chat.say("I won the first prize for roses in Leeds.")
    assert chat.facts() == []
    chat.say("Yes please")
    (fact,) = chat.facts()
    assert fact.key == "lifestory.told"
    assert fact.value.startswith("I ")
    assert "Leeds" in chat.say("What do you know about me?")


def test_a_story_is_not_kept_without_a_yes() -> None:
    chat = hanna()
    for words in ("We had roses by the door.", "I won the first prize for roses in Leeds.", "No", "The sun is out."):
        chat.say(words)
        assert not [fact for fact in chat.facts() if fact.key == "lifestory.told"]


def test_a_story_told_is_taken_up_on_another_day() -> None:
    chat = hanna()
    for words in ("We had roses by the door.", "I won the first prize for roses in Leeds.", "Yes please"):
        chat.say(words)
    (story,) = chat.facts()
    taken_up = []
    for _ in range(12):
        chat.now = (chat.now + timedelta(days=1)).replace(hour=10)
        for words in ("Good morning", "Quite well, thank you.", "Hm.", "Well, well.", "Goodbye for now"):
            said = chat.say(words)
            if "first prize for roses in Leeds" in said:
                taken_up.append((chat.now.date(), said))
    days = {day for day, _ in taken_up}
    assert days, "never"
    assert story.when.date() not in days
    assert len(days) == len(taken_up), "twice in a day"
    assert len({said for _, said in taken_up}) == len(taken_up), "twice in the same words"
    assert all("you won" in said for _, said in taken_up)


def test_called_it_comes() -> None:
    chat = hanna()
    chat.say("Come here, please")
    assert [each.person_id for each in chat.acts if isinstance(each, Approach)] == ["hanna"]


def test_what_was_not_heard_is_said_again_once_the_aids_are_in() -> None:
    chat = hanna()
    question = chat.say("Good morning").split("Hanno. ")[-1]
    chat.say("I can't hear you")
    assert question.split("?")[0] in chat.say("They're in now")


def test_music_and_reading_are_asked_of_staff() -> None:
    chat = hanna()
    for words, kind in (("Play some music, please", "music"), ("Will you read to me?", "reading")):
        chat.say(words)
        assert [alert.kind for alert in chat.alerts()] == [kind]


def test_another_joke_and_a_game_after_the_clock() -> None:
    chat = hanna()
    first = chat.say("Tell me a joke")
    chat.say("Another one, please")
    assert [each.act for each in chat.spoken()] == ["entertain"]
    assert chat.spoken()[0].text != first
    chat.say("Let's play proverbs")
    assert [each.act for each in (chat.say("What time is it?"), chat.spoken())[1]] == ["inform", "game"]


def test_a_game_that_was_left_takes_no_yes() -> None:
    chat = hanna()
    chat.say("Let's play twenty questions")
    for words in ("The roses were lovely in Leeds.", "We watered them in the evening.", "They smelled wonderful."):
        chat.say(words)
    chat.say("Yes.")
    assert all(each.act != "game" for each in chat.spoken())
    chat.say("Let's play twenty questions")
    assert chat.spoken()[0].act == "game"


def test_typed_words_keep_to_the_language_of_the_talk() -> None:
    chat = hanna()
    chat.say("Dzień dobry", locale="")
    chat.say("Muszę iść do domu, dzieci czekają.", locale="")
    assert chat.spoken()[-1].locale == "pl_PL"
    chat.say("Can you speak English?", locale="")
    chat.say("Mówmy po polsku.", locale="")
    assert chat.spoken()[-1].locale == "pl_PL"
