"""Everyday questions: the time, the date, who is who, what the robot can do."""

from collections.abc import Callable

from babel.dates import format_date, format_time

from behaviours.acts import Act
from behaviours.manner import address
from behaviours.scene import Heard, Scene

_CLOCK = {"en_GB": "h:mm B", "pl_PL": "H:mm", "ja_JP": "H時m分"}


def say(key: str, act: str = "inform") -> Callable[[Scene, Heard], list[Act]]:
    """A behaviour that says one kind of sentence."""
    return lambda scene, heard: scene.say(heard.person, key, act, must=True)


def clock(scene: Scene, heard: Heard) -> list[Act]:
    """The time in the person's words."""
    locale = heard.person.locale
    words = format_time(scene.local().time(), _CLOCK.get(locale, "short"), locale=locale)
    return scene.say(heard.person, "time", "inform", must=True, values={"time": words})


def calendar(scene: Scene, heard: Heard) -> list[Act]:
    """Today's date in the person's words."""
    words = format_date(scene.local().date(), "full", locale=heard.person.locale)
    return scene.say(heard.person, "date", "inform", must=True, values={"date": words})


def who_am_i(scene: Scene, heard: Heard) -> list[Act]:
    """What the robot calls this person."""
    known = heard.who.person_id and address(heard.person.profile)
    return scene.say(heard.person, "name.known" if known else "name.unknown", "inform", must=True)


def abilities(scene: Scene, heard: Heard) -> list[Act]:
    """What the robot can do, or that it will try."""
    key = "help_with" if " help me " in f" {heard.reading.normalised} " else "what_can_you_do"
    return scene.say(heard.person, key, "inform", must=True)
