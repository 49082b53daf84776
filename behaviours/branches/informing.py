"""Everyday questions: the time, the date, the day in the home, who is who, what the robot can do."""

from collections.abc import Callable, Iterable

from babel.dates import format_date, format_time

from behaviours.acts import Act
from behaviours.home_day import HomeDay
from behaviours.manner import address
from behaviours.person import Person
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
    person, day = heard.person, _today(scene)
    meals = [(_meal(scene, person, meal), dish) for meal, dish in (day.menu if day is not None else {}).items()]
    asked = [(meal, dish) for meal, dish in meals if meal.casefold() in heard.reading.normalised.split()]
    if len(asked) == 1 or len(meals) == 1:
        meal, dish = (asked or meals)[0]
        return _told(scene, person, "day.meal", meal=meal, dish=dish)
    dishes = (_item(scene, person, "day.dish", meal=meal, dish=dish) for meal, dish in meals)
    listed = _listed(dishes, _separator(person))
    return _told(scene, person, "day.menu", "menu_unknown", menu=listed)


def activities(scene: Scene, heard: Heard) -> list[Act]:
    """What is on today, if staff wrote it down."""
    if heard.reading.has("who_is_on_shift"):
        return shift(scene, heard)
    person, day = heard.person, _today(scene)
    planned = day.activities if day is not None else ()
    things = (_item(scene, person, "day.activity", what=each.what, at=each.at) for each in planned)
    listed = _listed(things, _separator(person))
    return _told(scene, person, "day.activities", "activities_unknown", activities=listed)


def shift(scene: Scene, heard: Heard) -> list[Act]:
    """Who is on shift today, if staff wrote it down."""
    day = _today(scene)
    names = ", ".join(day.on_shift if day is not None else ())
    return _told(scene, heard.person, "day.shift", "day.shift_unknown", names=names)


def weather(scene: Scene, heard: Heard) -> list[Act]:
    """The weather, if the home has a report of it."""
    day = _today(scene)
    report = day.weather.rstrip(".") if day is not None else ""
    return _told(scene, heard.person, "day.weather", "weather_unknown", weather=report)


def who_am_i(scene: Scene, heard: Heard) -> list[Act]:
    """What the robot calls this person."""
    known = heard.who.person_id and address(heard.person.profile)
    return scene.say(heard.person, "name.known" if known else "name.unknown", "inform", must=True)


def abilities(scene: Scene, heard: Heard) -> list[Act]:
    """What the robot can do, or that it will try."""
    key = "help_with" if " help me " in f" {heard.reading.normalised} " else "what_can_you_do"
    return scene.say(heard.person, key, "inform", must=True)


def _today(scene: Scene) -> HomeDay | None:
    day = scene.home_day
    return day if day is not None and day.date == scene.local().date() else None


def _told(scene: Scene, person: Person, key: str, unknown: str = "", **values: str) -> list[Act]:
    if unknown and not all(values.values()):
        return scene.say(person, unknown, "inform", must=True)
    scene.turn.why.append("day.yaml")
    return scene.say(person, key, "inform", must=True, plain=True, values=values)


def _meal(scene: Scene, person: Person, meal: str) -> str:
    """A meal's name in the person's language; as staff wrote it where it is none of the usual ones."""
    book, key = scene.speaker.book, f"meal.{meal.strip().casefold()}"
    return book.all(key, person.locale or scene.locale, {})[0].text.lower() if book.has(key) else meal


def _item(scene: Scene, person: Person, key: str, **values: str) -> str:
    """One of several things in a list: small letters at its beginning stay small."""
    text = scene.speaker.book.all(key, person.locale or scene.locale, values)[0].text
    small = any(text.casefold().startswith(each) and each[:1].islower() for each in values.values())
    return text[:1].lower() + text[1:] if small else text


def _separator(person: Person) -> str:
    return "、" if person.locale.startswith(("ja", "zh")) else "; "


def _listed(items: Iterable[str], separator: str) -> str:
    return separator.join(each.strip().rstrip(".") for each in items)
