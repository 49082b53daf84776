"""Louder, slower, again, in another language: the robot's manner follows at once (care rules 17, 18)."""

from collections.abc import Callable

from behaviours.acts import Act
from behaviours.person import Pending
from behaviours.scene import Heard, Scene


def change(what: str, value: str, key: str) -> Callable[[Scene, Heard], list[Act]]:
    """A behaviour that changes one side of the manner until the profile says otherwise."""

    def changed(scene: Scene, heard: Heard) -> list[Act]:
        setattr(heard.person.wish, what, value)
        return scene.say(heard.person, key, "manner", must=True)

    return changed


def louder(scene: Scene, heard: Heard) -> list[Act]:
    """Lower first, then louder, then somebody to look at the hearing aids."""
    person = heard.person
    pitch = person.wish.pitch or (person.profile.value("speech.pitch") if person.profile else "")
    if pitch != "low":  # older ears lose the high tones first
        person.wish.pitch = "low"
        return scene.say(person, "louder.pitch", "manner", must=True)
    if person.wish.volume != "loud":
        person.wish.volume = "loud"
        return scene.say(person, "louder.volume", "manner", must=True)
    person.pending = Pending("carer")
    return scene.say(person, "louder.most", "manner", must=True)


def again(scene: Scene, heard: Heard) -> list[Act]:
    """The last sentence once more."""
    person = heard.person
    if not person.last_text:
        return scene.say(person, "again.nothing", "inform", must=True)
    return [scene.speaker.speak(person, person.last_text, person.last_locale, "again", scene.now, plain=True)]


def language(scene: Scene, heard: Heard) -> list[Act]:
    """The language asked for, from now on."""
    heard.person.locale = scene.speaker.book.locale_for(heard.reading.wants_language)
    heard.person.locale_wish = heard.person.locale
    return scene.say(heard.person, "language.changed", "manner", must=True)
