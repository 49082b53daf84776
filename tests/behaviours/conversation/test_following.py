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
    taken_up = []
    for seed in range(4):
        chat = hanna(seed=seed)
        for words in ("We had roses by the door.", "I won the first prize for roses in Leeds.", "Yes please"):
            chat.say(words)
        (story,) = chat.facts()
        for _ in range(14):
            chat.now = (chat.now + timedelta(days=1)).replace(hour=10)
            for words in ("Good morning", "Quite well, thank you.", "Hm.", "Well, well.", "Goodbye for now"):
                if "you won the first prize for roses in Leeds" in (said := chat.say(words)):
                    assert chat.now.date() > story.when.date()
                    taken_up.append((seed, chat.now.date(), said))
    assert len({seed for seed, _, _ in taken_up}) >= 2
    assert len({(seed, day) for seed, day, _ in taken_up}) == len(taken_up), "twice in a day"
    assert len({(seed, said) for seed, _, said in taken_up}) == len(taken_up), "twice in the same words"


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


@pytest.mark.parametrize(
    "words", ["The evenings are the worst.", "It's so quiet now.", "I don't know what to do with myself."]
)
def test_what_is_heavy_is_not_called_a_treasure(words: str) -> None:
    for seed in range(6):
        chat = Chat(profile(**HANNA), seed=seed)
        chat.say("My husband died last March.")
        said = chat.say(words)
        assert chat.spoken()[0].act == "comfort"
        assert not any(part in said for part in ("worth remembering", "good to hold on to", "stays with a person"))


def test_after_a_loss_a_good_man_is_no_good_day() -> None:
    chat = Chat(profile(**HANNA))
    chat.say("Mój mąż umarł pięć lat temu.", locale="pl_PL")
    chat.say("Dobry był człowiek.", locale="pl_PL")
    assert [each.act for each in chat.spoken()] == ["comfort"]


@pytest.mark.parametrize(
    "words", ["I can't see very well these days.", "Nobody comes to see me.", "My legs are not what they were."]
)
def test_a_burden_told_is_heard_before_any_subject(words: str) -> None:
    chat = hanna()
    for each in ("Good morning", "We had roses by the door.", words):
        chat.say(each)
    assert [each.act for each in chat.spoken()] == ["comfort"]


def test_asked_what_it_was_about_it_knows() -> None:
    chat = hanna()
    for words in ("Good morning", "We had roses by the door."):
        chat.say(words)
    assert "flowers" in chat.say("What was I saying?")


def test_asked_whether_it_was_told_it_wants_to_hear() -> None:
    chat = hanna()
    said = chat.say("Did I tell you about my daughter?")
    assert "don't know" not in said
    assert any(part in said.lower() for part in ("tell me", "all ears"))


@pytest.mark.parametrize("words", ["You're not listening to me.", "You never stop asking questions.", "Oh never mind."])
def test_a_complaint_about_it_is_taken_without_a_new_subject(words: str) -> None:
    chat = hanna()
    for each in ("Good morning", "We had roses by the door.", words):
        chat.say(each)
    assert [each.act for each in chat.spoken()] == ["acknowledge"]


def test_words_about_something_else_are_no_end_of_a_proverb() -> None:
    chat = Chat(profile(**HANNA))
    chat.say("Dzień dobry", locale="pl_PL")
    chat.say("Zagrajmy w przysłowia", locale="pl_PL")
    assert chat.spoken()[0].act == "game"
    chat.say("Marek dzwonił wczoraj wieczorem z Londynu", locale="pl_PL")
    assert chat.spoken()[0].act != "game"


def test_tablets_that_are_not_wanted_go_to_staff_and_are_no_subject() -> None:
    chat = hanna()
    for words in ("Good morning", "We had roses by the door.", "I don't want my tablets."):
        chat.say(words)
    assert chat.mind.turn.reading.safety.name == "medical"
    assert "no more of" not in " ".join(each.text for each in chat.spoken())


def test_news_of_something_else_is_not_answered_out_of_the_topic() -> None:
    chat = hanna()
    for words in ("Good morning", "I had porridge for breakfast.", "My sister never believed a word of it."):
        said = chat.say(words)
    assert "staff" not in said
