"""Getting to know a person: asked, not assumed, and each in their own way."""

from datetime import timedelta

import pytest

from behaviours.acts import Act, Gesture, Speak
from behaviours.identity import Level
from behaviours.mind import Mind
from culture_profiles.culture.preferences import preferences
from tests.behaviours.minds import Chat, profile

REMEMBERED = {"consent__memory": "yes", "consent__memory__basis": "own", "language__preferred": "en_GB"}
JAPAN = {"culture__region__japan": "a_lot", "culture__generation__born_1930s_japan": "a_lot"}
QUESTIONS = {each.question for each in preferences().values()}


def chat_with(resident: str, level: Level = Level.PRIVATE, **facts: str) -> Chat:
    return Chat(profile(resident, **(REMEMBERED | facts)), level)


def questions(acts: list[Act]) -> list[Speak]:
    return [each for each in acts if isinstance(each, Speak) and each.text in QUESTIONS]


def greeting_gesture(**facts: str) -> list[str]:
    chat = chat_with("kenji", **facts)
    chat.say("Good morning")
    return [each.name for each in chat.acts if isinstance(each, Gesture)]


def test_a_good_question_is_asked_and_the_answer_is_kept_as_the_persons_own_word() -> None:
    chat = chat_with("kenji", **JAPAN)
    chat.say("Good morning")
    assert not questions(chat.acts)  # first things first: how they are
    chat.say("I'm well, thank you")
    (asked,) = questions(chat.acts)
    chat.say("Yes, very much")
    (fact,) = chat.facts()
    assert preferences()[fact.key].question == asked.text
    assert (fact.value, fact.source, fact.status) == ("yes", "resident", "stated")
    chat.say("What do you know about me?")
    assert chat.spoken()


def test_no_question_is_asked_twice_and_at_most_two_a_day() -> None:
    chat = chat_with("kenji", **JAPAN)
    asked: list[str] = []
    for _ in range(6):
        for words in ("Good morning", "I'm well, thank you"):
            chat.say(words)
            asked += [each.text for each in questions(chat.acts)]
        chat.say("Let me think about that")
        chat.now += timedelta(hours=1)
    assert len(asked) == len(set(asked)) == 2
    restarted = Chat(profile("kenji", **(REMEMBERED | JAPAN)))
    restarted.mind.restore(chat.mind.state())
    restarted.now = chat.now + timedelta(days=1)
    restarted.say("Good morning")
    assert not {each.text for each in questions(restarted.acts)} & set(asked)


@pytest.mark.parametrize(
    ("level", "facts"),
    [(Level.PUBLIC, {}), (Level.PRIVATE, {"consent__memory": "no"}), (Level.PRIVATE, {"consent__memory": ""})],
)
def test_nothing_is_asked_where_the_answer_could_not_be_kept(level: Level, facts: dict[str, str]) -> None:
    given = {key: value for key, value in (REMEMBERED | JAPAN | facts).items() if value}
    chat = Chat(profile("kenji", **given), level)
    for words in ("Good morning", "I'm well, thank you", "That was in the old days"):
        chat.say(words)
        assert not questions(chat.acts)


def test_two_people_from_japan_are_greeted_each_as_they_said() -> None:
    assert greeting_gesture(**JAPAN, gestures__liked="bow") == ["bow"]
    assert greeting_gesture(**JAPAN, gestures__avoided="bow") == ["nod"]
    assert greeting_gesture(**JAPAN) == greeting_gesture() == ["nod"]


def test_what_is_painful_to_people_like_them_is_not_brought_up() -> None:
    chat = chat_with("kenji", **JAPAN)
    mind: Mind = chat.mind
    chat.say("Good morning")
    avoided = mind._scene.person("kenji").avoid  # what the mind holds against its own sentences
    assert avoided
    for _ in range(40):
        said = chat.say("Yes, I remember.")
        assert not any(f" {word} " in f" {said.casefold()} " for word in avoided)
