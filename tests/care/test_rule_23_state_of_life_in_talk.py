"""Care rule 23: during care, and after a death, the robot keeps silent; a call for help is still heard."""

import pytest

from culture_profiles.fact import Fact, Source, Status
from tests.behaviours.minds import HANNA, MORNING, Chat, profile


def _with(key: str, value: str) -> Chat:
    fact = Fact(resident_id="hanna", key=key, value=value, source=Source.CARER, status=Status.STATED, when=MORNING)
    return Chat(profile(**HANNA).with_fact(fact))


@pytest.mark.parametrize(("key", "value"), [("state_of_life", "died"), ("care_in_progress", "care")])
def test_it_is_silent_and_still_hears_a_call_for_help(key: str, value: str) -> None:
    chat = _with(key, value)
    assert chat.say("Good morning") == ""
    assert chat.say("What time is it?") == ""
    chat.say("Help me, I can't breathe")
    assert [each.kind for each in chat.alerts()] == ["emergency"]


@pytest.mark.parametrize("state", ["out", "hospital", "end_of_life", "isolation"])
def test_who_is_away_or_dying_is_answered_and_not_addressed_first(state: str) -> None:
    chat = _with("state_of_life", state)
    chat.mind.presence(chat.who, chat.now)
    assert chat.wait(5) == ""
    assert chat.say("What time is it?")
