"""Care rule 20, as far as talk goes: at night no word unless called or for an emergency."""

import pytest

from tests.behaviours.minds import MORNING, hanna


@pytest.mark.parametrize("hour", [22, 23, 0, 3, 6])
def test_nobody_is_spoken_to_at_night(hour: int) -> None:
    chat = hanna()
    chat.now = MORNING.replace(hour=hour)
    chat.mind.presence(chat.who, chat.now)
    assert chat.wait(10) == ""
    assert chat.say("Hello?") != ""
    assert chat.say("Help!") != ""
