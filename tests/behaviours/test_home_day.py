from pathlib import Path

import pytest

from behaviours.home_day import read_day
from culture_profiles.errors import KithError
from tests.behaviours.minds import hanna

DAY = """date: 2026-11-23
menu: {lunch: leek and potato soup}
activities: [{at: "14:30", what: singing in the lounge}]
on_shift: [Maria]
weather: dry and bright
"""


def test_menu_activities_shift_and_weather_are_told_on_their_day_only(tmp_path: Path) -> None:
    path = tmp_path / "day.yaml"
    path.write_text(DAY)
    chat = hanna()
    assert "soup" not in chat.say("What's for lunch today?")
    chat.mind.day_is(read_day(path))
    assert "leek and potato soup" in chat.say("What's for lunch today?")
    assert "singing in the lounge at 14:30" in chat.say("What's on today?")
    assert "Maria" in chat.say("Who is on shift today?")
    assert "dry and bright" in chat.say("What is the weather today?")
    chat.wait(24 * 3600)
    assert "soup" not in chat.say("What's for lunch today?")


def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "day.yaml"
    path.write_text('date: 2026-11-23\nactivities: [{at: "half two", what: bingo}]\n')
    with pytest.raises(KithError, match=r"day.yaml, line 2: activities.0.at: "):
        read_day(path)


def test_two_wishes_in_one_breath_are_both_followed() -> None:
    chat = hanna()
    chat.say("Turn it up and call my daughter")
    assert [alert.kind for alert in chat.alerts()] == ["family"]
    assert chat.mind.turn.reading.has("louder")
    assert "manner" in [each.act for each in chat.spoken()]
