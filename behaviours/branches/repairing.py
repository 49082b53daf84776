"""Not having heard right: asked at most twice, then a person is offered."""

from dataclasses import replace

from behaviours.acts import Act
from behaviours.person import Pending, Person
from behaviours.scene import Heard, Scene, Turn
from behaviours.understanding.garble import is_garble

_MOST_REPAIRS = 2


def nothing(scene: Scene, heard: Heard) -> list[Act] | None:
    """Nothing to make sense of was heard."""
    words, safety = heard.reading.normalised, heard.reading.safety
    silent = not words or (len(words) == 1 and words.isascii())
    garbled = safety.name == "none" and is_garble(heard.reading.text, words)
    return _repair(scene, heard.person, "") if silent or garbled else None


def confirmed(scene: Scene, heard: Heard) -> None:
    """A yes to "did you say …?": what was said then is answered now."""
    person = heard.person
    if person.pending is None or person.pending.kind != "heard" or not heard.reading.has("yes"):
        return
    said, person.pending, person.repairs = person.pending.text, None, 0
    reading = scene.understander.read(said, heard.reading.language)
    scene.turn = Turn(reading, why=["confirmed", *reading.why])
    scene.heard = replace(heard, reading=reading, confidence=1.0)


def doubtful(scene: Scene, heard: Heard) -> list[Act] | None:
    """Words that the recogniser doubts are read back, unless they may be a call for something."""
    if heard.confidence < scene.settings.least_confidence and heard.reading.safety.name == "none":
        return _repair(scene, heard.person, heard.reading.text)
    heard.person.repairs = 0
    return None


def _repair(scene: Scene, person: Person, heard: str) -> list[Act]:
    person.repairs += 1
    if person.repairs > _MOST_REPAIRS:
        person.repairs = 0
        person.pending = Pending("carer")
        return scene.say(person, "repair.give_up", "repair", must=True)
    if heard and len(heard.split()) <= 8 and len(heard) <= 60:
        person.pending = Pending("heard", text=heard)
        return scene.say(person, "repair.echo", "repair", must=True, values={"heard": heard.strip().rstrip(".!?")})
    return scene.say(person, "repair.again", "repair", must=True)
