"""Fetching a person: alarms, disclosures, and what is true to say about a call (care rules 1, 3, 5, 9)."""

from collections.abc import Callable

from behaviours.acts import Act, AlertLevel, Hush, Outcome, RememberState, Speak
from behaviours.branches import reminding
from behaviours.calls import Telling
from behaviours.floor import Activity, Priority
from behaviours.person import Pending, Person
from behaviours.scene import EMERGENCY, Heard, Scene

_MORE_URGENT = ("emergency", "self_harm", "abuse", "pain", "medical")


def reminder_gives_way(scene: Scene, heard: Heard) -> list[Act] | None:
    """A reminder that is being given ends when something urgent is said."""
    safety = heard.reading.safety
    urgent = safety.name in _MORE_URGENT and (safety.name != "medical" or safety.level == "attend")
    if scene.giving is None or not urgent:
        return None
    return reminding.end(scene, Outcome.INTERRUPTED, "something more urgent")


def emergency(scene: Scene, heard: Heard) -> list[Act] | None:
    """A call for help: somebody is called at once, and told so."""
    if heard.reading.safety.name != "emergency":
        return None
    return alarm(scene, heard.person, "emergency", AlertLevel.EMERGENCY, "emergency.calling", heard.reading.safety.why)


def self_harm(scene: Scene, heard: Heard) -> list[Act] | None:
    """Not wanting to live: listen, and fetch somebody at once."""
    if heard.reading.safety.name != "self_harm":
        return None
    return alarm(scene, heard.person, "self_harm", AlertLevel.EMERGENCY, "self_harm", heard.reading.safety.why)


def pain(scene: Scene, heard: Heard) -> list[Act] | None:
    """Pain is for the staff, now."""
    if heard.reading.safety.name != "pain":
        return None
    return alarm(scene, heard.person, "pain", AlertLevel.ATTEND, "pain", heard.reading.safety.why)


def unwell(scene: Scene, heard: Heard) -> list[Act] | None:
    """A sudden change is for the staff, now."""
    safety = heard.reading.safety
    if safety.name != "medical" or safety.level != "attend":
        return None
    return alarm(scene, heard.person, "unwell", AlertLevel.ATTEND, "unwell", safety.why)


def disclosure(scene: Scene, heard: Heard) -> list[Act] | None:
    """A disclosure of abuse or fear: thank, promise no secrecy, ask only whether they are safe now."""
    if heard.reading.safety.name != "abuse":
        return None
    person = heard.person
    alert, new = scene.calls.raise_("senior_visit", AlertLevel.ATTEND, person.id, "", scene.now)
    person.disclosed = True
    person.stored.clear()
    if new:
        person.pending = Pending("safe")
    said = scene.say(person, "abuse" if new else "abuse.again", "safeguard", must=True)
    return [alert, *said, RememberState()]


def asked_for(kind: str, level: AlertLevel, key: str) -> Callable[[Scene, Heard], list[Act]]:
    """A behaviour that calls a person because one was asked for."""

    def call(scene: Scene, heard: Heard) -> list[Act]:
        alert, _ = scene.calls.raise_(kind, level, heard.person.id, f"asked for: {kind}", scene.now)
        return [alert, *scene.say(heard.person, key, "call", must=True), RememberState()]

    return call


def alarm(scene: Scene, person: Person, kind: str, level: AlertLevel, key: str, why: str) -> list[Act]:
    """Raise an alert and say no more about it than is true now."""
    alert, new = scene.calls.raise_(kind, level, person.id, why, scene.now)
    person.pending = None
    acts: list[Act] = []
    priority = Priority.CONVERSATION
    if level is AlertLevel.EMERGENCY:
        priority = Priority.EMERGENCY
        scene.floor.take(Activity(EMERGENCY, Priority.EMERGENCY, person.id))
        acts.append(Hush())
        if not new and kind == "emergency":
            key = "emergency.still_calling"
    act = "call" if kind != "self_harm" else "comfort_and_call"
    return [*acts, alert, *scene.say(person, key, act, must=True, priority=priority), RememberState()]


def waits(scene: Scene) -> bool:
    """Whether an emergency waits for a person: until then no reminder and no initiative."""
    return scene.calls.emergency()


def unaccepted(scene: Scene) -> list[Act] | None:
    """Calls that nobody has accepted in time are raised again, and the person is told so."""
    acts: list[Act] = []
    for alert, telling in scene.calls.due(scene.now):
        acts.append(alert)
        if telling is not None:
            acts.append(tell(scene, telling))
    return acts or None


def tell(scene: Scene, telling: Telling) -> Speak:
    """Say what is true of a call now."""
    person = scene.person(telling.call.resident_id)
    person.locale = person.locale or scene.preferred_locale(person)
    phrase = scene.speaker.phrase(person, telling.key, must=True, values={"name": telling.name})
    assert phrase is not None
    return scene.speaker.speak(
        person, phrase.text, phrase.locale, "tell_alert", scene.now, priority=Priority.EMERGENCY, why=telling.key
    )
