"""Care rule 3: a call for help is heard in every installed language, whatever the conversation's language."""

import pytest

from behaviours.acts import AlertLevel
from tests.behaviours.minds import hanna

CALLS = {
    "en_GB": ["Help!", "Somebody help me", "I've fallen", "I can't breathe", "There's a fire", "Get me an ambulance"],
    "pl_PL": ["Pomocy!", "Ratunku", "Przewróciłam się", "Nie mogę oddychać", "Pali się!", "Wezwij pogotowie"],
    "ja_JP": ["助けて", "たすけて！", "倒れました", "息ができない", "火事です", "救急車を呼んで"],
}


@pytest.mark.parametrize("conversation", list(CALLS))
@pytest.mark.parametrize("language", list(CALLS))
def test_heard_at_once_in_any_language(conversation: str, language: str) -> None:
    for text in CALLS[language]:
        chat = hanna()
        chat.say("Good morning")
        chat.say(text, locale=conversation)
        assert [each.level for each in chat.alerts()] == [AlertLevel.EMERGENCY], text


@pytest.mark.parametrize(
    "before", ["Go away", "Not today", "Stop listening", "Are you a robot?", "What do you know about me?"]
)
def test_heard_whatever_came_before(before: str) -> None:
    chat = hanna()
    chat.say(before)
    chat.say("Help me")
    assert [each.kind for each in chat.alerts()] == ["emergency"]


def test_the_answer_is_in_the_language_of_the_call() -> None:
    chat = hanna()
    chat.say("Pomocy!", locale="")
    assert chat.spoken()[-1].locale == "pl_PL"
