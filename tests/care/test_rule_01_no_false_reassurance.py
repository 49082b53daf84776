"""Care rule 1: what is said about a call is true at that moment."""

import re

from behaviours.acts import AlertLevel, RaiseAlert
from behaviours.calls import AlertState
from tests.behaviours.minds import hanna

REASSURES = re.compile(
    r"\b(?:coming|on (?:the|their|her|his) way|will be (?:here|there|fine)|don't worry|staff have)\b", re.I
)


def test_it_says_calling_when_it_calls_and_nothing_more() -> None:
    for seed in range(6):
        chat = hanna(seed=seed)
        for text in ("Help!", "Help me please", "I have fallen", "my chest hurts", "help"):
            said = chat.say(text)
            assert "call" in said.lower()
            assert not REASSURES.search(said)
            assert [each.level for each in chat.alerts()] == [AlertLevel.EMERGENCY]


def test_the_staff_have_it_only_after_delivery_and_a_name_only_after_acceptance() -> None:
    chat = hanna()
    chat.say("Help!")
    (alert,) = chat.alerts()
    assert chat.took(chat.mind.alert_state(alert.id, AlertState.RAISED, chat.now)) == ""
    assert "staff have" in chat.took(chat.mind.alert_state(alert.id, AlertState.DELIVERED, chat.now)) or chat.spoken()
    said = chat.took(chat.mind.alert_state(alert.id, AlertState.ACCEPTED, chat.now, accepted_by="Maria"))
    assert "Maria" in said
    assert "coming" in said


def test_after_sixty_seconds_it_says_so_points_to_the_bell_and_calls_again() -> None:
    chat = hanna()
    chat.say("Help!")
    (alert,) = chat.alerts()
    assert chat.wait(59) == ""
    said = chat.wait(1)
    assert "bell" in said
    assert [each.id for each in chat.acts if isinstance(each, RaiseAlert)] == [alert.id]


def test_acceptance_ends_the_waiting_and_nothing_else_does() -> None:
    chat = hanna()
    chat.say("Help!")
    (alert,) = chat.alerts()
    chat.say("It is all right again")
    chat.say("I'm fine")
    assert "bell" in chat.wait(50)
    chat.took(chat.mind.alert_state(alert.id, AlertState.ACCEPTED, chat.now, accepted_by="Maria"))
    assert chat.wait(600) == ""


def test_calls_that_nobody_carries_are_said_to_be_so() -> None:
    chat = hanna()
    chat.say("Help!")
    (alert,) = chat.alerts()
    said = chat.took(chat.mind.alert_state(alert.id, AlertState.RAISED, chat.now, covered=False))
    assert "bell" in said
