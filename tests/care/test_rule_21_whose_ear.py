"""Care rule 21: private only to an identified person who is alone; facts only from such a one."""

import pytest

from behaviours.identity import Level
from tests.behaviours.minds import Chat, hanna, profile

PRIVATE = ("Ewa", "seamstress", "eggs")


@pytest.mark.parametrize(
    "text", ["What do you know about me?", "Tell me what you know", "What do you remember about me"]
)
def test_public_or_unknown_talk_tells_nothing_and_says_kindly_why(text: str) -> None:
    for chat in (hanna(Level.PUBLIC), Chat(None)):
        said = chat.say(text)
        assert said
        assert not any(word in said for word in PRIVATE)


def test_facts_are_never_kept_from_public_or_unknown_talk() -> None:
    for chat in (hanna(Level.PUBLIC), Chat(None)):
        for text in ("I don't eat eggs any more", "My daughter is called Zofia", "Forget that", "I like jazz"):
            said = chat.say(text)
            assert chat.facts() == []
            assert "remember:" not in said


def test_a_long_public_conversation_never_lets_out_what_is_private() -> None:
    chat = hanna(Level.PUBLIC)
    said = ""
    for number in range(40):
        texts = ("Good morning", "I worked a lot", "my family is large", "I like to sew", "Mm", "What is my name?")
        said += chat.say(texts[number % 6])
    assert not any(word in said for word in PRIVATE)


def test_whoever_joins_ends_the_telling() -> None:
    chat = Chat(
        profile(
            family__daughter="Ewa",
            food__disliked="eggs",
            lifestory__work="seamstress",
            topics__liked="tea",
            lifestory__place="Lodz",
        )
    )
    chat.say("What do you know about me?")
    chat.who = hanna(Level.PUBLIC).who
    assert not any(word in chat.say("Yes, go on") for word in (*PRIVATE, "tea", "Lodz"))
