"""Somebody on the floor, as the camera sees it: a call, a question, and what "I'm fine" changes (care rule 4)."""

from collections.abc import Sequence

from behaviours.acts import Act, AlertLevel, RememberState
from behaviours.branches import calling
from behaviours.conversation import heard as words
from behaviours.on_the_floor import Sighting, Step
from behaviours.person import Pending, Person
from behaviours.scene import Heard, Scene
from culture_profiles.agreed import expected_on_floor

ON_FLOOR = "on_floor"
_FINE = ("no", "yes", "thanks")


def seen(scene: Scene, sightings: Sequence[Sighting]) -> list[Act]:
    """One look at the floor. After the second one the call goes out, and the robot asks meanwhile."""
    here = [each for each in scene.people.values() if each.met_at is not None and each.id]
    day, clock = scene.day(), scene.local().time()
    expected = [each for each in here if each.profile is not None and expected_on_floor(each.profile, day, clock)]
    if scene.floor_rule.see(sightings, scene.now, expected=expected) is not Step.CALL:
        return []
    # Who lies there cannot be told from who is known to be near: a name only where nobody else is.
    person = here[0] if len(here) == 1 else scene.person("")
    acts = calling.alarm(scene, person, ON_FLOOR, AlertLevel.EMERGENCY, "floor.ask", "seen on the floor, twice")
    person.pending = Pending(ON_FLOOR)
    return acts


def answered(scene: Scene, heard: Heard) -> list[Act] | None:
    """ "I'm fine" lowers the call, and never cancels it: somebody looks in all the same. None: another answer."""
    call = scene.calls.of_kind(ON_FLOOR)
    pending = heard.person.pending
    if call is None or pending is None or pending.kind != ON_FLOOR or not _is_fine(heard):
        return None
    heard.person.pending = None
    alert = scene.calls.lower(call, "says that they are fine")
    return [alert, *scene.say(heard.person, "floor.lowered", "call", must=True), RememberState()]


def asked(scene: Scene, person: Person) -> None:
    """Whoever answers first is the one who was asked, although the robot did not know whom it saw."""
    unknown = scene.person("")
    if person.id and unknown.pending is not None and unknown.pending.kind == ON_FLOOR:
        person.pending, unknown.pending = unknown.pending, None


def _is_fine(heard: Heard) -> bool:
    reading = heard.reading
    if "bad" in reading.answers:
        return False
    return "good" in reading.answers or words.says(reading.normalised, "well") or reading.has(*_FINE)
