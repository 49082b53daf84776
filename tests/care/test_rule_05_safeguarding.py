"""Care rule 5, as far as talk goes: thank, no promise of secrecy, one question, silence when others come near."""

import pytest

from behaviours.acts import AlertLevel, Hush
from behaviours.identity import Level, Who
from tests.behaviours.minds import hanna

DISCLOSURES = [
    "The night nurse hit me",
    "He touches me at night",
    "My nephew took my money",
    "I am afraid of that carer",
]


@pytest.mark.parametrize("text", DISCLOSURES)
def test_it_thanks_asks_only_whether_she_is_safe_and_shows_nothing_on_shared_screens(text: str) -> None:
    chat = hanna()
    said = chat.say(text)
    assert "thank you" in said.lower()
    assert said.count("?") == 1
    assert "safe" in said
    (alert,) = chat.alerts()
    assert alert.kind == "senior_visit"
    shown = f"{alert.id} {alert.kind} {alert.text} {alert.why}".lower()
    for word in ("abuse", "safeguard", "hit", "touch", "money", "nurse hit", "afraid", "carer"):
        assert word not in shown
    assert chat.facts() == []


def test_secrecy_is_never_promised() -> None:
    chat = hanna()
    said = chat.say("Don't tell anyone, but he hits me")
    assert "secret" not in said or "can't keep it secret" in said
    assert chat.alerts()


def test_not_safe_now_is_an_emergency() -> None:
    chat = hanna()
    chat.say("The night nurse hit me")
    chat.say("No")
    assert [each.level for each in chat.alerts()] == [AlertLevel.EMERGENCY]


def test_it_falls_silent_when_somebody_comes_near() -> None:
    chat = hanna()
    chat.say("The night nurse hit me")
    near = Who("hanna", Level.PUBLIC, "2 people are in sight")
    chat.took(chat.mind.presence(near, chat.now))
    assert any(isinstance(each, Hush) for each in chat.acts)


def test_forget_that_cannot_take_it_back() -> None:
    chat = hanna()
    chat.say("The night nurse hit me")
    chat.say("Yes")
    chat.say("Forget that")
    assert "can't take that back" in " ".join(each.text for each in chat.spoken())
    assert chat.facts() == []
