"""Everyday questions: the time, the date, who is who, what the robot can do."""

from collections.abc import Callable

from babel.dates import format_date, format_time

from behaviours.acts import Act
from behaviours.home_day import HomeDay
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


def menu(scene: Scene, heard: Heard) -> list[Act]:
    """What there is to eat today, if staff wrote it down: information, never an offer (care rule 7)."""
    day = _today(scene)
    listed = "; ".join(f"{meal}: {dish}" for meal, dish in day.menu.items()) if day is not None else ""
    return _told(scene, heard, f"On today's menu is {listed}.", "menu_unknown", known=bool(listed))


def activities(scene: Scene, heard: Heard) -> list[Act]:
    """What is on today, or who is on shift, if staff wrote it down."""
    day = _today(scene)
    if "who" in heard.reading.normalised.split():
        names = ", ".join(day.on_shift) if day is not None else ""
        return _told(scene, heard, f"On shift today: {names}.", "activities_unknown", known=bool(names))
    listed = "; ".join(f"{each.what} at {each.at}" for each in day.activities) if day is not None else ""
    return _told(scene, heard, f"Today there is {listed}.", "activities_unknown", known=bool(listed))


def weather(scene: Scene, heard: Heard) -> list[Act]:
    """The weather, if the home has a report of it."""
    day = _today(scene)
    report = day.weather if day is not None else ""
    return _told(scene, heard, f"The report for today says: {report}.", "weather_unknown", known=bool(report))


def _today(scene: Scene) -> HomeDay | None:
    day = scene.home_day
    return day if day is not None and day.date == scene.local().date() else None


def _told(scene: Scene, heard: Heard, text: str, otherwise: str, *, known: bool) -> list[Act]:
    person = heard.person
    if not known or not (person.locale or "en").startswith("en"):
        return scene.say(person, otherwise, "inform", must=True)
    return [
        scene.speaker.speak(person, text, person.locale or "en_GB", "inform", scene.now, why="day.yaml", plain=True)
    ]


def who_am_i(scene: Scene, heard: Heard) -> list[Act]:
    """What the robot calls this person."""
    known = heard.who.person_id and address(heard.person.profile)
    return scene.say(heard.person, "name.known" if known else "name.unknown", "inform", must=True)


def abilities(scene: Scene, heard: Heard) -> list[Act]:
    """What the robot can do, or that it will try."""
    key = "help_with" if " help me " in f" {heard.reading.normalised} " else "what_can_you_do"
    return scene.say(heard.person, key, "inform", must=True)
