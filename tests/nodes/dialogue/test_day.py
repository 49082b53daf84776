"""What is on today, from `day.yaml` of the home's folder: told in the running stack, and as it is written now."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from behaviours.home_day import FILE
from tests.nodes.dialogue.conftest import Room, morning_zone
from tests.peer import Peer

Run = Callable[..., Any]


def _write(home: Path, rest: str) -> None:
    today = datetime.now(ZoneInfo(morning_zone())).date()
    (home / FILE).write_text(f"date: {today.isoformat()}\n{rest}", encoding="utf-8")


def test_menu_activities_shift_weather_and_news_are_told_and_a_change_is_followed(
    home: Path, run_node: Run, dialogue: Run, room: Room, peer: Peer
) -> None:
    _write(
        home,
        "menu: {lunch: leek and potato soup}\n"
        'activities: [{at: "14:30", what: singing in the lounge}]\n'
        "on_shift: [Maria, Tom]\n"
        "weather: dry with some sun\n"
        "news: [The bench by the pond has been painted.]\n",
    )
    run_node("nodes.profiles.node", home_dir=home)
    dialogue(understanding=False)
    room.enter("hanna")
    room.hear("Hanno", "a greeting")
    for asked, told in (
        ("What's for lunch?", "leek and potato soup"),
        ("What's on today?", "singing in the lounge"),
        ("Who is on duty?", "Maria"),
        ("What's the weather like?", "some sun"),
        ("Read me the news, please.", "pond"),
    ):
        room.say(asked)
        room.hear(told, f"an answer to {asked!r}")
    _write(home, "menu: {lunch: fish pie}\n")
    peer.spin_for(3.0)
    room.say("What's for lunch?")
    room.hear("fish pie")


def test_a_file_that_cannot_be_read_is_told_to_staff_and_nothing_of_it_is_said(
    home: Path, run_node: Run, dialogue: Run, room: Room, peer: Peer
) -> None:
    _write(home, "menu: [leek soup]\n")
    run_node("nodes.profiles.node", home_dir=home)
    node = dialogue(understanding=False)
    room.enter("hanna")
    room.hear("Hanno", "a greeting")
    assert "leek" not in " ".join(room.ask("What's for lunch?"))
    assert node.process.poll() is None
