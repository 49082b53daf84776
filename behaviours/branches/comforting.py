"""Hard moments: grief, confusion, distress, the end of life (care rules 14, 15). Listening, and somebody who comes."""

from behaviours.acts import Act, AlertLevel, RememberState
from behaviours.conversation import heard as words
from behaviours.person import Pending, Person
from behaviours.scene import Heard, Scene
from culture_profiles.agreed import agreed_wording

_TENDER = 6
"""Turns after words of loss in which no other subject is brought in."""


def end_of_life(scene: Scene, heard: Heard) -> list[Act] | None:
    """ "I'm ready to go": listen and offer a nurse or chaplain."""
    if heard.reading.safety.name != "end_of_life":
        return None
    heard.person.pending = Pending("visit")
    return scene.say(heard.person, "end_of_life", "listen", otherwise="acknowledge")


def grief(scene: Scene, heard: Heard) -> list[Act] | None:
    """Acknowledge and listen; no facts about anything, and no other subject for a while."""
    in_passing = heard.reading.safety.name == "none" and words.says(heard.reading.normalised, "lost")
    if heard.reading.safety.name != "grief" and not in_passing:
        return None
    heard.person.talk.tender = _TENDER
    heard.person.pending = None
    lasting = _lasting(scene, heard.person)
    return [*lasting, *scene.say(heard.person, "grief", "comfort", otherwise="acknowledge")]


def distress(scene: Scene, heard: Heard) -> list[Act] | None:
    """Listen; when it lasts, ask somebody to come."""
    if heard.reading.safety.name != "distress":
        return None
    lasting = _lasting(scene, heard.person)
    return lasting or scene.say(heard.person, "distress", "comfort", otherwise="acknowledge")


def confusion(scene: Scene, heard: Heard) -> list[Act] | None:
    """Meet the feeling: nothing untrue about the dead or about home, and no death told."""
    safety = heard.reading.safety
    if safety.name != "confusion":
        return None
    person = heard.person
    lasting = _lasting(scene, person)
    if "asks_about_dead" in safety.why and person.profile is not None and (words := agreed_wording(person.profile)):
        # Word for word: the care team chose it for this person.
        locale = person.locale or scene.locale
        return [scene.speaker.speak(person, words, locale, "comfort", scene.now, why="agreed wording", plain=True)]
    if "asks_about_dead" in safety.why:
        alert, _ = scene.calls.raise_("question", AlertLevel.ATTEND, person.id, safety.why, scene.now)
        return [alert, *scene.say(person, "confusion.direct", "comfort_and_call", must=True), RememberState()]
    if "asked_to_be_the_dead" in safety.why:
        return scene.say(person, "are_you_robot", "comfort", must=True)
    if lasting:
        return lasting
    key = "confusion.person"
    if "wants_home" in safety.why:
        key = "confusion.home"
    elif "lost_in_place" in safety.why or ("pl.lost" in safety.why and "jestem" in heard.reading.normalised):
        key = "confusion.place"
        person.pending = Pending("carer")
    elif "old_duty" in safety.why:
        key = "confusion.duty"
    return scene.say(person, key, "comfort", otherwise="acknowledge")


def _lasting(scene: Scene, person: Person) -> list[Act]:
    """Tell staff when distress lasts; a company call is made once in a while, not at every sigh."""
    person.hard_moments.append(scene.now)
    recent = [each for each in person.hard_moments if scene.now - each <= scene.settings.hard_within]
    if len(recent) < scene.settings.hard_moments:
        return []
    alert, new = scene.calls.raise_("company", AlertLevel.ATTEND, person.id, "distress lasts", scene.now)
    if not new:
        return []
    return [alert, *scene.say(person, "distress.lasting", "comfort_and_call", must=True), RememberState()]
