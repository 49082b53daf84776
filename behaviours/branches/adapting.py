"""Louder, slower, again, in another language: the robot's manner follows at once (care rules 17, 18)."""

from collections.abc import Callable

from behaviours.acts import Act
from behaviours.conversation import heard as words
from behaviours.person import Pending, Person
from behaviours.scene import Heard, Scene

AIDS = "aids"
"""The kind of the pending question whether the hearing aids are in; its text is what was not heard."""


def change(what: str, value: str, key: str) -> Callable[[Scene, Heard], list[Act]]:
    """A behaviour that changes one side of the manner until the profile says otherwise."""

    def changed(scene: Scene, heard: Heard) -> list[Act]:
        setattr(heard.person.wish, what, value)
        return scene.say(heard.person, key, "manner", must=True)

    return changed


def louder(scene: Scene, heard: Heard) -> list[Act]:
    """Lower first, then louder, then somebody to look at the hearing aids."""
    person, unheard = heard.person, heard.person.last_text
    pitch = person.wish.pitch or (person.profile.value("speech.pitch") if person.profile else "")
    if pitch != "low":  # older ears lose the high tones first
        person.wish.pitch = "low"
        person.pending = Pending(AIDS, text=person.last_text)
        return scene.say(person, "louder.pitch", "manner", must=True)
    if person.wish.volume != "loud":
        person.wish.volume = "loud"
        return [*scene.say(person, "louder.volume", "manner", must=True), *_once_more(scene, person, unheard)]
    person.pending = Pending("carer")
    return scene.say(person, "louder.most", "manner", must=True)


def aids(scene: Scene, heard: Heard, pending: Pending) -> list[Act] | None:
    """In they are: what was not heard is said again; not in: somebody can help. None: they speak of something else."""
    person, reading = heard.person, heard.reading
    if reading.has("no") and not words.says(reading.normalised, "hears_well"):
        person.pending = Pending("carer")
        return scene.say(person, "aids.out", "ask", must=True)
    if reading.has("yes", "thanks") or words.says(reading.normalised, "hears_well"):
        return [*scene.say(person, "aids.in", "acknowledge", must=True), *_once_more(scene, person, pending.text)]
    if reading.has("louder", "again"):
        person.pending = pending  # still not heard: the question stands
    return None


def _once_more(scene: Scene, person: Person, text: str) -> list[Act]:
    if not text:
        return []
    return [scene.speaker.speak(person, text, person.locale or scene.locale, "again", scene.now, plain=True)]


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
